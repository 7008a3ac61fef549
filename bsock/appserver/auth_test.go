package appserver

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

func TestAuth(t *testing.T) {
	w := serve(t, simulatedNode(t), nil).settled()
	b := w.stranger("local")
	assert.Equal(t, "Call not found: dispatch.", b.refused("dispatch", "get tip").Message, "before auth there is nothing else")
	b.fire("subscribe", "block connect", "block connect")
	b.fire("broadcast", "watch chain")

	assert.Equal(t, "Invalid API key.", b.refused("auth", nil).Message)
	assert.Equal(t, "Invalid API key.", b.refused("auth", apiKey+"x").Message)
	assert.Equal(t, "'key' must be a(n) string.", b.refused("auth", 1).Message)
	assert.True(t, b.call("auth", apiKey).IsNull())
	assert.Equal(t, "Already authed.", b.refused("auth", apiKey).Message)

	b.dispatch("get tip")
	u := w.server.shared["local"][nodeKind]
	assert.Empty(t, u.topics, "what was fired before auth did nothing")
	assert.Empty(t, u.held)
}

func TestTooManyWrongKeys(t *testing.T) {
	b := serve(t, simulatedNode(t), nil).stranger("local")
	for range maxWrongKeys {
		assert.Equal(t, "Invalid API key.", b.refused("auth", "guess").Message)
	}
	assert.Equal(t, CodeTooMany, b.refused("auth", apiKey).Code, "who has guessed is not heard any more")
}

func TestWhoDoesNotAuthenticateIsDropped(t *testing.T) {
	w := serve(t, simulatedNode(t), func(c *Config) { c.AuthTimeout = time.Second })
	silent, wrong, right := w.stranger("local"), w.stranger("local"), w.browser("local")
	wrong.refused("auth", "guess")
	for _, b := range []*browser{silent, wrong} {
		var closed *bsock.CloseError
		require.ErrorAs(t, receive(t, b.gone, "the end"), &closed)
		assert.Equal(t, bsock.ClosePolicy, closed.Code)
		assert.Equal(t, "Authentication timed out.", closed.Reason)
	}
	right.settle()
}

func TestWithoutAKey(t *testing.T) {
	w := serve(t, simulatedNode(t), func(c *Config) { c.APIKey = "" }).settled()
	b := w.stranger("local")
	assert.Equal(t, "Call not found: dispatch.", b.refused("dispatch", "get tip").Message, "auth is asked for even so")
	b.call("auth", nil) // as bPanel's page does
	b.dispatch("get tip")
}

func TestIDs(t *testing.T) {
	p, q := simulatedNode(t), simulatedNode(t)
	q.mine(t)
	w := serve(t, p, func(c *Config) {
		c.Clients["other"] = Upstreams{Node: &Upstream{URL: q.nodeURL, APIKey: nodeKey}}
		c.DefaultID = "other"
	}).settled()
	heightAt := func(b *browser) byte {
		raw, ok := b.dispatch("get tip").Bytes()
		require.True(t, ok)
		return raw[32] // behind the hash
	}
	assert.EqualValues(t, 4, heightAt(w.browser("local")), "the path picks the id")
	assert.EqualValues(t, 5, heightAt(w.browser("other")))
	other := w.browser("socket.io")
	assert.EqualValues(t, 5, heightAt(other), "socket.io is the default one")

	no := other.refused("dispatch", "wallet join", "primary")
	assert.Equal(t, `The client "other" has no wallet.`, no.Message)
	assert.Equal(t, CodeUnknownClient, no.Code)
	other.fire("subscribe", "wallet tx", "tx")
	assert.Equal(t, no, other.complained())

	stranger := w.stranger("nowhere")
	assert.Equal(t, "Invalid API key.", stranger.refused("auth", "x").Message, "ids are for those who know the key")
	unknown := stranger.refused("auth", apiKey)
	assert.Equal(t, `There is no client with the id "nowhere".`, unknown.Message)
	assert.Equal(t, CodeUnknownClient, unknown.Code)
	assert.Equal(t, "Call not found: dispatch.", stranger.refused("dispatch", "get tip").Message)
}

func TestTheOnlyIDIsTheDefault(t *testing.T) {
	w := serve(t, simulatedNode(t), nil).settled()
	w.browser("socket.io").dispatch("get tip")
}

func TestNoDefaultAmongSeveral(t *testing.T) {
	p := simulatedNode(t)
	w := serve(t, p, func(c *Config) { c.Clients["other"] = c.Clients["local"] })
	assert.Equal(t, CodeUnknownClient, w.stranger("socket.io").refused("auth", apiKey).Code)
}

func TestWrongUpstreamKey(t *testing.T) {
	p := simulatedNode(t)
	w := serve(t, p, func(c *Config) {
		c.Clients = map[string]Upstreams{"local": {Node: &Upstream{URL: p.nodeURL, APIKey: "another key"}}}
	})
	b := w.browser("local")
	assert.Equal(t, CodeNodeAway, b.refused("dispatch", "get tip").Code)
	w.eventually("the log says why", func() bool {
		return assert.ObjectsAreEqual(true, containsAll(w.log.String(), "Invalid API key.", "server=node"))
	})
	assert.NotContains(t, w.log.String(), "another key")
}

func TestShutdown(t *testing.T) {
	w := serve(t, simulatedNode(t), nil).settled()
	b := w.browser("local")
	b.subscribe("block connect")
	b.dispatch("watch chain")
	b.dispatch("set filter", make([]byte, 10)) // has a connection of its own from here on
	ctx, cancel := context.WithTimeout(t.Context(), longEnough)
	defer cancel()
	require.NoError(t, w.server.Shutdown(ctx))
	var closed *bsock.CloseError
	require.ErrorAs(t, receive(t, b.gone, "the end"), &closed)
	assert.Equal(t, bsock.CloseGoingAway, closed.Code)
	assert.Zero(t, w.server.Sockets())
}
