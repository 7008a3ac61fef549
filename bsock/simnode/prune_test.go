package simnode

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// The node may run for months, so all that it keeps is bounded; and what it no
// longer has it does not deny.

// size counts all that could grow with the chain.
func (w *world) size() (n int) {
	n = len(w.chain.blocks) + len(w.chain.heights) + len(w.mempool) + len(w.events)
	for _, wallet := range w.wallets {
		n += len(wallet.paths) + len(wallet.coins) + len(wallet.seen)
	}
	return n
}

func TestWorldStopsGrowing(t *testing.T) {
	w := newWorld(testRand())
	w.chain.keep = 20
	w.live(start, 1000, 5*time.Second)
	before := w.size()
	w.live(start.Add(24*time.Hour), 3000, 5*time.Second)
	assert.InDelta(t, before, w.size(), 50, "four times the chain takes no more room")
	assert.Len(t, w.chain.blocks, 20)
	assert.Len(t, w.chain.heights, 20)
	assert.EqualValues(t, 4000, w.chain.tip().height)
	for id, wallet := range w.wallets {
		assert.Less(t, len(wallet.coins), 2*manyCoins, id)
		assert.LessOrEqual(t, len(wallet.paths), 2*(keepPaths+1), id)
	}
}

// A wallet that was paid again and again without paying has its coins gathered
// up as soon as it pays, as many as one transaction has room for.
func TestPayGathersCoins(t *testing.T) {
	w := newWorld(testRand())
	for range manyCoins + 10 + coinbaseMaturity {
		w.mine(start)
	}
	miner := w.wallets[MinerWallet]
	many := len(miner.coins)
	tx, err := w.pay(start, MinerWallet, PrimaryWallet, coin)
	require.NoError(t, err)
	assert.Len(t, tx.inputs, many-manyCoins)
	w.mine(start)
	assert.Len(t, miner.coins, manyCoins+2, "what is left, the change and the new coinbase")

	for range 2 * mostInputs {
		w.mine(start)
	}
	tx, err = w.pay(start, MinerWallet, PrimaryWallet, coin)
	require.NoError(t, err)
	assert.Len(t, tx.inputs, mostInputs)
}

// An address that a coin was paid to may be forgotten before the coin is spent.
func TestOldCoinsAreSpent(t *testing.T) {
	w := newWorld(testRand())
	for range 2*keepPaths + coinbaseMaturity {
		w.mine(start)
	}
	w.drain()
	tx, err := w.pay(start, MinerWallet, PrimaryWallet, coin)
	require.NoError(t, err)
	require.Equal(t, "m/0'/0/0", w.wallets[MinerWallet].coinAt(tx.inputs[0].prevout).path.json().Derivation)
	_, known := w.wallets[MinerWallet].owns(scriptAddress(tx.inputs[0].witness[0]))
	require.False(t, known, "the address is forgotten")

	told := w.drain()[1].value.(details)
	assert.NotNil(t, told.Inputs[0].Path, "the wallet still knows its own")
	assert.EqualValues(t, told.VirtualSize*feeRate/1000, told.Fee)
	w.mine(start)
	b := w.drain()[0].block
	assert.Equal(t, reward(b.height)+told.Fee, b.txs[0].outputs[0].value, "and the miner its fee")
}

func TestPrunedBlocks(t *testing.T) {
	p := startPruned(t, 20, 30)
	c := p.dialNode(t, nil)
	for _, test := range []struct {
		call string
		args []any
	}{
		{"get entry", []any{0}},
		{"get entry", []any{10}},
		{"get median time", []any{10}},
		{"get median time", []any{20}}, // the ten before it are needed as well
		{"get hashes", nil},
		{"get hashes", []any{10, 12}},
		{"get entries", []any{-1, 5}},
		{"rescan", []any{10}},
		{"rescan interactive", []any{10}},
	} {
		if test.call == "rescan" {
			call(t, c, "set filter", matchAll)
		}
		assert.Equal(t, "Block not found.", refused(t, c, test.call, test.args...).Message, "%s %v", test.call, test.args)
	}
	assert.True(t, call(t, c, "get entry", genesis().id[:]).IsNull(), "a hash that is gone is unknown")
	assert.True(t, call(t, c, "get entry", 31).IsNull(), "and what is to come is not there yet")

	oldest := entryOf(t, call(t, c, "get entry", 11))
	assert.EqualValues(t, 11, oldest.height)
	assert.Equal(t, oldest.id, entryOf(t, call(t, c, "get entry", oldest.id[:])).id)
	var entries [][]byte
	require.NoError(t, call(t, c, "get entries", 11).Decode(&entries))
	assert.Len(t, entries, 20)
	assert.False(t, call(t, c, "get median time", 21).IsNull())
}

// A block may go while a client that is slow to answer is at the one before it.
func TestRescanIsOvertaken(t *testing.T) {
	for _, rescan := range []string{"rescan", "rescan interactive"} {
		p := startPruned(t, 20, 30)
		c := p.dialNode(t, nil)
		call(t, c, "set filter", matchAll)
		asked := 0
		require.NoError(t, c.Hook("block "+rescan, func(context.Context, native.Args) (any, error) {
			asked++
			p.mine(t, 5)
			return map[string]any{"type": scanNext}, nil
		}))
		require.NoError(t, c.Hook("block rescan interactive abort", func(context.Context, native.Args) (any, error) {
			return nil, nil
		}))
		assert.Equal(t, "Block not found.", refused(t, c, rescan, 12).Message, rescan)
		assert.Equal(t, 1, asked, rescan)
	}
}

// startPruned starts a node that has mined blocks and keeps the newest.
func startPruned(t *testing.T, keep, blocks int) *peer {
	p, sim := startSim(t)
	sim.mu.Lock()
	sim.world.chain.keep = keep
	sim.mu.Unlock()
	sim.Mine(blocks - sim.Height())
	return p
}
