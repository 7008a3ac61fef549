package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock/simnode"
	"github.com/bsock-wasm/bsock-wasm/build/hsd"
)

// An upstream is the node behind the app server: a simulated one inside this
// process, a real one that this process has started, or one that was there
// before it.
type upstream struct {
	nodeURL, nodeKey     string
	walletURL, walletKey string
	info                 nodeInfo
	// gone is closed when the node has ended by itself. It may be nil.
	gone <-chan struct{}
	stop func() error
}

// A nodeInfo is what the page is told of the node.
type nodeInfo struct {
	// Node is "simulated", "hsd", "bcoin" or "other".
	Node    string `json:"node"`
	Label   string `json:"label"`
	Network string `json:"network"`
}

// String is how a person is told. A node that is not there yet has not said
// which network it is on.
func (i nodeInfo) String() string {
	if i.Network == "" {
		return i.Label + ", which has not said what it is"
	}
	return i.Label + " (" + i.Network + ")"
}

// mineEvery is the pace of the nodes that are there for the page alone.
const mineEvery = 5 * time.Second

// startSimulated runs the embedded node on two free ports of this machine, so
// that it is reached as a real one would be. Its keys are made for this run.
func startSimulated(log *slog.Logger) (*upstream, error) {
	config := simnode.Config{
		NodeKey: rand.Text(), WalletKey: rand.Text(), Interval: mineEvery, History: 100, Log: log,
	}
	sim, err := simnode.Listen(config, "", "")
	if err != nil {
		return nil, fmt.Errorf("start the simulated node: %w", err)
	}
	return &upstream{
		nodeURL: sim.NodeURL, nodeKey: config.NodeKey,
		walletURL: sim.WalletURL, walletKey: config.WalletKey,
		info: nodeInfo{Node: "simulated", Label: simnode.Label, Network: "regtest"},
		stop: sim.Close,
	}, nil
}

// startHsd runs a real node from npm, and has it mine.
func startHsd(ctx context.Context, p *project, s settings) (*upstream, error) {
	node, err := hsd.Start(ctx, hsd.Options{
		Dir: p.path("build/hsd"), NodeKey: s.nodeKey, WalletKey: s.walletKey,
		Blocks: 70, Mine: mineEvery, Stderr: p.stderr,
	})
	if err != nil {
		return nil, err
	}
	return &upstream{
		nodeURL: node.NodeURL, nodeKey: node.NodeKey,
		walletURL: node.WalletURL, walletKey: node.WalletKey,
		info: askNode(ctx, node.NodeURL, node.NodeKey),
		gone: node.Exited(),
		stop: node.Stop,
	}, nil
}

// reachNode describes the node that the environment names. It need not be
// there yet: the app server goes on trying.
func reachNode(ctx context.Context, s settings) *upstream {
	return &upstream{
		nodeURL: s.nodeURL, nodeKey: s.nodeKey,
		walletURL: s.walletURL, walletKey: s.walletKey,
		info: askNode(ctx, s.nodeURL, s.nodeKey),
		stop: func() error { return nil },
	}
}

// askNode asks a node over HTTP what it is, as hsd and bcoin tell alike. A node
// that does not say is one all the same.
func askNode(ctx context.Context, nodeURL, key string) nodeInfo {
	var told struct {
		Version string
		Network string
		Pool    struct{ Agent string }
	}
	unknown := nodeInfo{Node: "other", Label: "node at " + hostOf(nodeURL)}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, httpURL(nodeURL), nil)
	if err != nil {
		return unknown
	}
	r.SetBasicAuth("x", key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return unknown
	}
	defer answer.Body.Close()
	err = json.NewDecoder(io.LimitReader(answer.Body, 1<<20)).Decode(&told)
	if err != nil || answer.StatusCode != http.StatusOK {
		return unknown
	}
	for _, name := range []string{"hsd", "bcoin"} {
		if strings.Contains(told.Pool.Agent, name) {
			return nodeInfo{Node: name, Label: strings.TrimSpace(name + " " + told.Version), Network: told.Network}
		}
	}
	unknown.Network = told.Network
	return unknown
}

// httpURL is a socket's address as one to ask over HTTP.
func httpURL(address string) string {
	if rest, ok := strings.CutPrefix(address, "ws"); ok {
		return "http" + rest
	}
	return address
}

func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Host
	}
	return address
}
