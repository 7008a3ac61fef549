package simnode

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// start is a time long after the genesis block's.
var start = time.Unix(1_700_000_000, 0)

func testRand() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// mineUntilMature mines so that the newest coinbase can be spent.
func mineUntilMature(w *world) {
	for range coinbaseMaturity {
		w.mine(start)
	}
}

func TestChainIsConsistent(t *testing.T) {
	w := newWorld(testRand())
	w.live(start, 200, 5*time.Second)
	require.Len(t, w.chain.blocks, 201)
	for i, b := range w.chain.blocks[1:] {
		prev := w.chain.blocks[i]
		require.EqualValues(t, i+1, b.height)
		require.Equal(t, prev.id, b.prevBlock, "each block names the one before")
		require.Equal(t, b.header.hash(), b.id)
		require.True(t, b.provesWork())
		median, err := w.chain.medianTime(prev)
		require.NoError(t, err)
		require.Greater(t, b.time, median)
		require.Equal(t, 1, b.chainwork.Cmp(prev.chainwork), "work adds up")
		ids, witnesses := roots(b.txs)
		require.Equal(t, b.merkleRoot, ids)
		require.Equal(t, b.witnessRoot, witnesses)
		require.True(t, b.txs[0].isCoinbase())
		found, err := w.chain.at(w.chain.heights[b.id])
		require.NoError(t, err)
		require.Same(t, b, found)
	}
	for _, height := range []int{-1, 201} {
		found, err := w.chain.at(height)
		require.NoError(t, err)
		assert.Nil(t, found)
	}
	assert.LessOrEqual(t, w.chain.tip().time, uint64(start.Unix()), "the past ends now")
	assert.Empty(t, w.drain(), "nobody is told of the past")
}

func TestBalancesAddUp(t *testing.T) {
	w := newWorld(testRand())
	w.live(start, 400, 5*time.Second)
	var all uint64
	for id, wallet := range w.wallets {
		var sum uint64
		for _, c := range wallet.coins {
			sum += c.output.value
		}
		assert.Equal(t, sum, wallet.Confirmed, "%s: the balance is the sum of its coins", id)
		assert.Equal(t, sum, wallet.Unconfirmed, "%s: nothing waits for a block", id)
		assert.Equal(t, len(wallet.coins), wallet.Coin, id)
		assert.Empty(t, wallet.seen, "%s: what is confirmed is no longer remembered", id)
		all += sum
	}
	assert.EqualValues(t, 400*baseReward, all, "fees go to the miner, so nothing is lost or made")
	assert.Greater(t, w.wallets[PrimaryWallet].TX, 100, "the primary wallet has something to show")
}

func TestWhatIsTold(t *testing.T) {
	w := newWorld(testRand())
	mineUntilMature(w)
	w.drain()
	tx, err := w.pay(start, MinerWallet, PrimaryWallet, 3*coin)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"tx seen",
		"miner tx", "miner balance",
		"primary tx", "primary balance", "primary address",
	}, names(w.drain()))

	b := w.mine(start.Add(time.Minute))
	events := w.drain()
	assert.Equal(t, []string{
		"block connected",
		"miner tx", "miner balance", "miner address",
		"miner confirmed", "miner balance",
		"primary confirmed", "primary balance",
	}, names(events))
	assert.Equal(t, []*transaction{tx}, b.txs[1:], "the block has what waited")

	told := events[6].value.(details)
	assert.Equal(t, tx.id.String(), told.Hash)
	assert.EqualValues(t, b.height, told.Height)
	assert.Equal(t, start.Unix(), told.MTime, "it is dated when it was first seen")
	assert.Zero(t, told.Fee, "only the payer knows the fee")
	assert.Nil(t, told.Inputs[0].Path)
	assert.Equal(t, "m/0'/0/0", told.Outputs[0].Path.Derivation)
	assert.Nil(t, told.Outputs[1].Path, "the change is the payer's")
	assert.EqualValues(t, 3*coin, events[7].value.(balance).Confirmed)

	payer := events[4].value.(details)
	assert.EqualValues(t, payer.VirtualSize*feeRate/1000, payer.Fee)
	assert.True(t, payer.Outputs[1].Path.Change)
}

func names(events []event) (out []string) {
	for _, e := range events {
		switch e.kind {
		case blockConnected:
			out = append(out, "block connected")
		case txSeen:
			out = append(out, "tx seen")
		case walletEvent:
			out = append(out, e.wallet+" "+e.name)
		}
	}
	return out
}

func TestPayRefuses(t *testing.T) {
	w := newWorld(testRand())
	for _, test := range []struct{ from, to, want string }{
		{"nobody", PrimaryWallet, `no wallet "nobody"`},
		{MinerWallet, "nobody", `no wallet "nobody"`},
		{PrimaryWallet, MinerWallet, "has no coins"},
	} {
		_, err := w.pay(start, test.from, test.to, coin)
		assert.ErrorContains(t, err, test.want)
	}
	w.mine(start)
	_, err := w.pay(start, MinerWallet, PrimaryWallet, coin)
	assert.ErrorContains(t, err, "mine a block", "a coinbase is spendable two blocks later")
	w.mine(start)
	_, err = w.pay(start, MinerWallet, PrimaryWallet, coin)
	assert.NoError(t, err)
	_, err = w.pay(start, MinerWallet, PrimaryWallet, coin)
	assert.Error(t, err, "a coin is not spent twice")
}

func TestDelay(t *testing.T) {
	w := newWorld(testRand())
	var sum time.Duration
	for range 1000 {
		d := w.delay(5 * time.Second)
		require.GreaterOrEqual(t, d, 2*time.Second)
		require.LessOrEqual(t, d, 8*time.Second)
		sum += d
	}
	assert.InDelta(t, 5, (sum / 1000).Seconds(), 0.2, "the average is what was asked for")
}

func TestReward(t *testing.T) {
	assert.EqualValues(t, baseReward, reward(1))
	assert.EqualValues(t, baseReward, reward(halvingInterval-1))
	assert.EqualValues(t, baseReward/2, reward(halvingInterval))
	assert.Zero(t, reward(1<<31))
}
