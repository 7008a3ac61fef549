package appserver

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/bsock-wasm/bsock-wasm/bsock/simnode"
)

// away kills the node and waits until the app server has noticed.
func (w *world) away(p *peer) {
	w.Helper()
	p.kill()
	for _, byKind := range w.server.shared {
		for _, u := range byKind {
			w.eventually("the loss is noticed", func() bool { return !u.isPresent() })
		}
	}
}

func TestNodeGoesAwayAndComesBack(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		w := serve(t, p, nil).settled()
		shared, own := w.browser("local"), w.browser("local")
		for _, b := range []*browser{shared, own} {
			b.subscribe("block connect", "wallet tx")
			b.dispatch("watch chain")
			b.dispatch("wallet join", "alice")
		}
		own.dispatch("set filter", matchAll)
		own.refused("dispatch", "set filter", "00") // and so it is not the one to be said again

		w.away(p)
		began := time.Now()
		refused := shared.refused("dispatch", "get tip")
		assert.Equal(t, "Node not connected.", refused.Message)
		assert.Equal(t, CodeNodeAway, refused.Code)
		assert.Less(t, time.Since(began), 5*time.Second, "it is said at once")
		assert.Equal(t, "Wallet not connected.", shared.refused("dispatch", "wallet info").Message)
		assert.True(t, shared.dispatch("unwatch mempool").IsNull(), "there is nothing to undo at a node that is away")

		p.restart(t)
		w.settled()
		w.eventually("the connection of the browser's own is back", func() bool {
			_, err := own.Call(t.Context(), "dispatch", "get tip")
			return err == nil
		})
		for range 3 { // a new chain has no coins before these
			p.mine(t)
		}
		for range 3 {
			var txs [][]byte
			assert.NoError(t, shared.wants("block connect").Decode(1, &txs))
			assert.Empty(t, txs)
			assert.NoError(t, own.wants("block connect").Decode(1, &txs))
			assert.Len(t, txs, 1, "its filter is set again")
		}
		p.send(t, "alice")
		shared.wants("wallet tx")
		own.wants("wallet tx")
		shared.hearsNothing()
		own.hearsNothing()
	})
}

func TestWhatIsSaidWhileTheNodeIsAwayIsRemembered(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		p.kill()
		w := serve(t, p, nil)
		b, filtered := w.browser("local"), w.browser("local")
		b.subscribe("block connect")
		filtered.subscribe("block connect")
		assert.True(t, b.dispatch("watch chain").IsNull(), "who is told that it failed would ask again")
		filtered.fire("broadcast", "watch chain")
		assert.True(t, filtered.dispatch("set filter", matchAll).IsNull())

		p.restart(t)
		w.settled()
		w.eventually("the connection of the browser's own is there", func() bool {
			_, err := filtered.Call(t.Context(), "dispatch", "get tip")
			return err == nil
		})
		p.mine(t)
		b.wants("block connect")
		var txs [][]byte
		assert.NoError(t, filtered.wants("block connect").Decode(1, &txs))
		assert.Len(t, txs, 1)
		b.hearsNothing()
		filtered.hearsNothing()
	})
}

func TestWhoLeavesMeanwhileIsForgotten(t *testing.T) {
	p := simulatedNode(t)
	w := serve(t, p, nil).settled()
	stays, leaves := w.browser("local"), w.browser("local")
	stays.subscribe("block connect")
	stays.dispatch("watch chain")
	leaves.dispatch("watch mempool")
	leaves.dispatch("wallet join", "alice")
	w.away(p)
	leaves.leave()
	node, wallet := w.server.shared["local"][nodeKind], w.server.shared["local"][walletKind]
	w.eventually("what it held is forgotten", func() bool {
		node.mu.Lock()
		wallet.mu.Lock()
		defer node.mu.Unlock()
		defer wallet.mu.Unlock()
		return len(node.held) == 1 && len(wallet.held) == 0
	})
	p.restart(t)
	w.settled()
	p.mine(t)
	stays.wants("block connect")
}

// Whoever changes a node's key looks into the log for why nothing works, and the
// log must not say no more than that the node was restarted.
func TestNodeComesBackWithAnotherKey(t *testing.T) {
	var config simnode.Config
	p := simulatedNodeOf(t, &config)
	w := serve(t, p, nil).settled()
	b := w.browser("local")
	w.away(p)
	config.NodeKey = "a new key"
	p.restart(t)
	refusal := func(line string) bool {
		return containsAll(line, "level=WARN", "server=node", "Invalid API key.")
	}
	w.eventually("the log says why", func() bool {
		return slices.ContainsFunc(strings.Split(w.log.String(), "\n"), refusal)
	})
	assert.Equal(t, CodeNodeAway, b.refused("dispatch", "get tip").Code)
	w.eventually("it is tried again", func() bool { return strings.Count(w.log.String(), "Invalid API key.") > 3 })
	lines := slices.DeleteFunc(strings.Split(w.log.String(), "\n"), func(line string) bool { return !refusal(line) })
	assert.Len(t, lines, 1, "it is said once")

	p.kill()
	config.NodeKey = nodeKey
	p.restart(t)
	w.settled()
	b.dispatch("get tip")
}
