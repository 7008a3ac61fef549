package appserver

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

func argsOf(t *testing.T, text string) native.Args {
	t.Helper()
	args, err := native.NewArgs(json.RawMessage(text))
	require.NoError(t, err)
	return args
}

func TestRoute(t *testing.T) {
	for _, test := range []struct {
		text  string
		kind  kind
		event string
	}{
		{"watch chain", nodeKind, "watch chain"},
		{"node watch chain", nodeKind, "watch chain"},
		{"wallet join", walletKind, "join"},
		{"wallet tx", walletKind, "tx"},
		{"wallet", nodeKind, "wallet"},
		{"node", nodeKind, "node"},
		{"walletjoin x", nodeKind, "walletjoin x"},
		{"Wallet join", nodeKind, "Wallet join"},
		{"wallet node x", walletKind, "node x"},
		{"wallet  join", walletKind, " join"},
	} {
		m := route(test.text)
		assert.Equal(t, test.kind, m.kind, test.text)
		assert.Equal(t, test.event, m.event, test.text)
	}
}

func TestParseMessageRefuses(t *testing.T) {
	long := strings.Repeat("x", maxName+1)
	for text, want := range map[string]string{
		`[]`:                             "'message' must be a(n) string.",
		`[1]`:                            "'message' must be a(n) string.",
		`[null]`:                         "'message' must be a(n) string.",
		`[{"a":"b"}]`:                    "'message' must be a(n) string.",
		`[""]`:                           "'message' must name an event.",
		`["wallet "]`:                    "'message' must name an event.",
		`["` + long + `"]`:               "'message' must be at most 256 bytes long.",
		`["ping"]`:                       `'message' must not be "ping", which the protocol keeps for itself.`,
		`["node connect"]`:               `'message' must not be "connect", which the protocol keeps for itself.`,
		`["auth","key"]`:                 "The app server authenticates by itself.",
		`["wallet auth"]`:                "The app server authenticates by itself.",
		`["wallet join","` + long + `"]`: "The id of a wallet must be at most 256 bytes long.",
	} {
		_, err := parseMessage(argsOf(t, text))
		assert.EqualError(t, err, want, text)
	}
}

func TestParseSubscriptionRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`[1,"x"]`:        "'message' must be a(n) string.",
		`["tx"]`:         "'responseEvent' must be a(n) string.",
		`["tx",{}]`:      "'responseEvent' must be a(n) string.",
		`["tx",""]`:      "'responseEvent' must name an event.",
		`["tx","error"]`: `'responseEvent' must not be "error", which the protocol keeps for itself.`,
	} {
		_, err := parseSubscription(argsOf(t, text))
		assert.EqualError(t, err, want, text)
	}
	sub, err := parseSubscription(argsOf(t, `["wallet tx","got tx"]`))
	require.NoError(t, err)
	assert.Equal(t, subscription{walletKind, "tx", "got tx"}, sub)
}

func TestEffects(t *testing.T) {
	for text, want := range map[string]effect{
		`["watch chain"]`:             {enter: true, state: "watch chain", undo: "unwatch chain"},
		`["unwatch chain"]`:           {leave: true, state: "watch chain"},
		`["watch mempool"]`:           {enter: true, state: "watch mempool", undo: "unwatch mempool"},
		`["set filter","00"]`:         {own: true, filter: true},
		`["rescan",0]`:                {own: true, free: true, slow: true},
		`["get tip"]`:                 {free: true},
		`["estimate fee",1]`:          {free: true},
		`["send","00"]`:               {},
		`["wallet watch chain"]`:      {},
		`["wallet join","a"]`:         {enter: true, state: "a", undo: "leave"},
		`["wallet join","a",null]`:    {enter: true, state: "a", undo: "leave"},
		`["wallet join","a","token"]`: {enter: true, state: "a", undo: "leave", own: true},
		`["wallet join","*"]`:         {enter: true, state: "*", undo: "leave", own: true},
		`["wallet join",1]`:           {},
		`["wallet leave","a"]`:        {leave: true, state: "a"},
		`["join","a"]`:                {},
	} {
		m, err := parseMessage(argsOf(t, text))
		require.NoError(t, err)
		assert.Equal(t, want, m.effect(), text)
	}
}

func TestConfigIsChecked(t *testing.T) {
	node := &Upstream{URL: "http://127.0.0.1:1"}
	for want, config := range map[string]Config{
		"nothing to proxy to":         {},
		"neither a node nor a wallet": {Clients: map[string]Upstreams{"a": {}}},
		"not in Config.Clients":       {Clients: map[string]Upstreams{"a": {Node: node}}, DefaultID: "b"},
		`the node of "a"`:             {Clients: map[string]Upstreams{"a": {Node: &Upstream{URL: "ftp://x"}}}},
	} {
		_, err := New(config)
		assert.ErrorContains(t, err, want)
	}
}
