package main

import (
	"log/slog"

	"github.com/bsock-wasm/bsock-wasm/bsock/appserver"
)

// clientID is the id of the one node there is. The page asks for it by name,
// and a client that names none gets it as well.
const clientID = "node"

// newApp is the app server before a node.
func newApp(s settings, node *upstream, log *slog.Logger) (*appserver.Server, error) {
	upstreams := appserver.Upstreams{Node: &appserver.Upstream{URL: node.nodeURL, APIKey: node.nodeKey}}
	if node.walletURL != "" {
		upstreams.Wallet = &appserver.Upstream{URL: node.walletURL, APIKey: node.walletKey}
	}
	return appserver.New(appserver.Config{
		APIKey:         s.apiKey,
		Clients:        map[string]appserver.Upstreams{clientID: upstreams},
		DefaultID:      clientID,
		OriginPatterns: s.origins,
		Log:            log,
	})
}
