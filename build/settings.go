package main

import (
	"fmt"
	"net/url"
	"os"
	"slices"
)

// settings say where to serve and what. They come from the environment, the
// keys because a command line can be read by others on the machine.
type settings struct {
	addr   string
	apiKey string
	// origins are the hosts whose pages may connect besides our own.
	origins []string
	// node is "hsd" for a real node that is started here.
	node                 string
	nodeURL, nodeKey     string
	walletURL, walletKey string
}

// defaultAddr is reachable from this machine alone.
const defaultAddr = "127.0.0.1:5000"

// readSettings takes the settings and checks them before anything is started.
func readSettings(node string) (settings, error) {
	s := settings{
		addr:      os.Getenv("ADDR"),
		apiKey:    os.Getenv("API_KEY"),
		node:      node,
		nodeURL:   os.Getenv("NODE_URL"),
		nodeKey:   os.Getenv("NODE_API_KEY"),
		walletURL: os.Getenv("WALLET_URL"),
		walletKey: os.Getenv("WALLET_API_KEY"),
	}
	if s.addr == "" {
		s.addr = defaultAddr
	}
	if s.node != "" && s.node != "hsd" {
		return s, fmt.Errorf("-node %s is not known: leave it out for the simulated node, or say -node hsd for a real one", s.node)
	}
	if s.node != "" && s.nodeURL != "" {
		return s, fmt.Errorf("-node %s starts a node of its own, but NODE_URL names another: leave one of them out", s.node)
	}
	if s.node == "" && s.nodeURL == "" {
		for name, value := range map[string]string{"NODE_API_KEY": s.nodeKey, "WALLET_URL": s.walletURL, "WALLET_API_KEY": s.walletKey} {
			if value != "" {
				return s, fmt.Errorf("%s is set, but NODE_URL is not: say where the node is, such as NODE_URL=http://127.0.0.1:14037", name)
			}
		}
	}
	var err error
	if s.origins, err = readOrigins(os.Getenv("ORIGINS")); err != nil {
		return s, err
	}
	if err := checkURL("NODE_URL", s.nodeURL); err != nil {
		return s, err
	}
	return s, checkURL("WALLET_URL", s.walletURL)
}

// checkURL says what is wrong with an address, without the user and password
// that may be in it.
func checkURL(name, value string) error {
	if value == "" {
		return nil
	}
	u, err := url.Parse(value)
	switch {
	case err != nil, u.Host == "", !slices.Contains([]string{"http", "https", "ws", "wss"}, u.Scheme):
		return fmt.Errorf("%s is not an address such as http://127.0.0.1:14037 (http, https, ws and wss are known)", name)
	case u.User != nil:
		return fmt.Errorf("%s has a password in it: put the key into %s instead", name, map[string]string{"NODE_URL": "NODE_API_KEY", "WALLET_URL": "WALLET_API_KEY"}[name])
	}
	return nil
}
