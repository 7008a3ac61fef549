package appserver

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// entrySize is the length of a raw chain entry of hsd.
const entrySize = 304

func containsAll(s string, parts ...string) bool {
	for _, part := range parts {
		if !strings.Contains(s, part) {
			return false
		}
	}
	return true
}

func TestBroadcastDispatchSubscribe(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		w := serve(t, p, nil).settled()
		b := w.browser("local")
		b.listen("new block")
		b.fire("subscribe", "block connect", "new block")
		b.fire("broadcast", "watch chain")
		tip, ok := b.dispatch("get tip").Bytes()
		require.True(t, ok, "binary answers come as binary")
		assert.Len(t, tip, entrySize)

		p.mine(t)
		args := b.wants("new block")
		entry, ok := args.Bytes(0)
		require.True(t, ok, "binary arguments come as binary")
		assert.Len(t, entry, entrySize)
		assert.Equal(t, "[]", string(args.Raw(1)))
		assert.Equal(t, 2, args.Len(), "all arguments come")

		var entries [][]byte
		require.NoError(t, b.dispatch("node get entries", 0, -1).Decode(&entries))
		require.Len(t, entries, 6)
		assert.Equal(t, entry, entries[5])

		b.fire("unsubscribe", "block connect", "new block")
		b.settle()
		p.mine(t)
		b.hearsNothing()
		assert.Empty(t, w.server.shared["local"][nodeKind].topics, "the event is let go upstream")
	})
}

func TestErrorsOfTheNodePass(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		b := serve(t, p, nil).settled().browser("local")
		assert.Equal(t, &bsock.RemoteError{Message: "Param #0 must be a uint.", Name: "Error", Type: "ValidationError"},
			b.refused("dispatch", "get entry", -1))
		assert.Equal(t, &bsock.RemoteError{Message: "Call not found: fly.", Name: "Error"}, b.refused("dispatch", "fly"))
		assert.Equal(t, &bsock.RemoteError{Message: "Invalid parameter.", Name: "Error"}, b.refused("dispatch", "wallet join"))
		b.fire("broadcast", "fly", 1)
		assert.Equal(t, "Call not found: fly.", b.complained().Message, "a broadcast that fails is an error of its own")
	})
}

func TestBrowsersShareASubscription(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		w := serve(t, p, nil).settled()
		u := w.server.shared["local"][nodeKind]
		first, second := w.browser("local"), w.browser("local")
		first.subscribe("block connect")
		second.subscribe("block connect")
		second.listen("other name")
		second.fire("subscribe", "block connect", "other name")
		second.fire("subscribe", "block connect", "other name") // once more changes nothing
		first.dispatch("watch chain")
		second.dispatch("watch chain")
		assert.Len(t, u.topics, 1, "the event is bound once upstream")

		p.mine(t)
		first.wants("block connect")
		heard := []string{receive(t, second.events, "a block").event, receive(t, second.events, "a block").event}
		assert.ElementsMatch(t, []string{"block connect", "other name"}, heard, "who subscribes under two names hears two")
		first.hearsNothing()
		second.hearsNothing()

		second.fire("unsubscribe", "block connect", "other name")
		second.dispatch("unwatch chain")
		second.settle()
		p.mine(t)
		first.wants("block connect")
		second.wants("block connect") // it is watched still, and subscribed to

		second.leave()
		w.eventually("what the second one left is gone", func() bool { return w.server.Sockets() == 1 })
		p.mine(t)
		first.wants("block connect")
		first.hearsNothing()

		first.leave()
		w.eventually("the last one takes it all along", func() bool {
			u.mu.Lock()
			defer u.mu.Unlock()
			return len(u.topics) == 0 && len(u.held) == 0
		})
	})
}

func TestWalletsAreHeardByThoseWhoJoined(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		w := serve(t, p, nil).settled()
		alice, both, none := w.browser("local"), w.browser("local"), w.browser("local")
		for _, b := range []*browser{alice, both, none} {
			b.subscribe("wallet tx")
		}
		alice.dispatch("wallet join", "alice")
		both.dispatch("wallet join", "alice")
		both.dispatch("wallet join", "bob")

		p.send(t, "bob")
		id, _ := both.wants("wallet tx").Text(0)
		assert.Equal(t, "bob", id)
		alice.hearsNothing()
		none.hearsNothing()

		p.mine(t)
		p.send(t, "alice")
		alice.wants("wallet tx")
		both.wants("wallet tx")
		none.hearsNothing()

		both.dispatch("wallet leave", "alice")
		p.mine(t)
		p.send(t, "alice")
		alice.wants("wallet tx")
		both.hearsNothing()

		alice.leave()
		u := w.server.shared["local"][walletKind]
		w.eventually("a wallet is left when the last browser is gone", func() bool {
			u.mu.Lock()
			defer u.mu.Unlock()
			return u.held["alice"] == nil && u.held["bob"] != nil
		})
	})
}

// matchAll is a filter of no bits and no hashes, which every test passes.
var matchAll = make([]byte, 1+4+4+1)

func TestFiltersAreTheBrowsersOwn(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		w := serve(t, p, nil).settled()
		shared := w.server.shared["local"][nodeKind]
		plain, filtered := w.browser("local"), w.browser("local")
		for _, b := range []*browser{plain, filtered} {
			b.subscribe("block connect")
			b.dispatch("watch chain")
		}
		assert.True(t, filtered.dispatch("set filter", matchAll).IsNull())
		assert.Len(t, shared.held["watch chain"].by, 1, "who has a connection of its own holds nothing on the shared one")

		count := func(b *browser) int {
			var txs [][]byte
			require.NoError(t, b.wants("block connect").Decode(1, &txs))
			return len(txs)
		}
		p.mine(t)
		assert.Equal(t, 1, count(filtered), "the filter lets the coinbase through")
		assert.Equal(t, 0, count(plain), "to who has set it")
		plain.hearsNothing()
		filtered.hearsNothing()

		filtered.dispatch("reset filter")
		p.mine(t)
		assert.Equal(t, 0, count(filtered))
		count(plain)

		filtered.fire("unsubscribe", "block connect", "block connect")
		filtered.subscribe("chain connect")
		p.mine(t)
		filtered.wants("chain connect")
		filtered.hearsNothing()
		count(plain)
	})
}

func TestRescan(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		w := serve(t, p, nil).settled()
		b, other := w.browser("local"), w.browser("local")
		other.dispatch("set filter", matchAll)
		require.NoError(t, other.Hook("block rescan", func(context.Context, native.Args) (any, error) {
			assert.Fail(t, "the blocks of a rescan are for the browser that asked")
			return nil, nil
		}))
		blocks := 0
		require.NoError(t, b.Hook("block rescan", func(_ context.Context, args native.Args) (any, error) {
			entry, _ := args.Bytes(0)
			assert.Len(t, entry, entrySize)
			blocks++
			return nil, nil
		}))
		b.dispatch("set filter", matchAll)
		assert.True(t, b.dispatch("rescan", 1).IsNull())
		assert.Equal(t, 4, blocks)

		blocks = 0
		require.NoError(t, b.Hook("block rescan interactive", func(context.Context, native.Args) (any, error) {
			if blocks++; blocks == 3 {
				return map[string]int{"type": 1}, nil // stop
			}
			return map[string]int{"type": 2}, nil // go on
		}))
		require.NoError(t, b.Hook("block rescan interactive abort", func(context.Context, native.Args) (any, error) {
			return nil, nil
		}))
		assert.Equal(t, "scan request aborted.", b.refused("dispatch", "rescan interactive", 0).Message,
			"the browser's answers reach the node")
		assert.Equal(t, 3, blocks)

		b.Unhook("block rescan")
		assert.Equal(t, "Call not found: block rescan.", b.refused("dispatch", "rescan", 0).Message,
			"and so do its errors")
	})
}

func TestTokensAndAllWalletsAreTheBrowsersOwn(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		w := serve(t, p, nil).settled()
		shared := w.server.shared["local"][walletKind]
		one, all := w.browser("local"), w.browser("local")
		one.subscribe("wallet tx")
		all.subscribe("wallet tx")
		one.dispatch("wallet join", "alice")
		all.dispatch("wallet join", "alice")
		all.dispatch("wallet join", "bob", strings.Repeat("00", 32))
		assert.Nil(t, shared.held["bob"], "a token is not lent to others")
		assert.Len(t, shared.held["alice"].by, 1)
		p.send(t, "alice")
		one.wants("wallet tx")
		all.wants("wallet tx")
		one.hearsNothing()
		all.hearsNothing()
	})
}
