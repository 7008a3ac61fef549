package simnode

import (
	"math/big"
	"slices"
	"time"
)

// A chain grows by one block at a time and never forks, so a height names a
// block for good. Its blocks carry real proof of work at regtest's difficulty,
// which takes two tries on average.
type chain struct {
	blocks  []*block // by height
	heights map[hash]int
}

func newChain() *chain {
	c := &chain{heights: make(map[hash]int)}
	c.add(genesis())
	return c
}

func (c *chain) add(b *block) {
	c.heights[b.id] = len(c.blocks)
	c.blocks = append(c.blocks, b)
}

func (c *chain) tip() *block { return c.blocks[len(c.blocks)-1] }

// at returns the block at height, or nil.
func (c *chain) at(height int) *block {
	if height < 0 || height >= len(c.blocks) {
		return nil
	}
	return c.blocks[height]
}

// medianTime returns the median of the times of b and the ten before it. The
// next block must be later. hsd: lib/blockchain/chain.js getMedianTime.
func (c *chain) medianTime(b *block) uint64 {
	const span = 11
	first := max(0, int(b.height)+1-span)
	var times []uint64
	for _, b := range c.blocks[first : b.height+1] {
		times = append(times, b.time)
	}
	slices.Sort(times)
	return times[len(times)/2]
}

// mine adds a block with the transactions, the first of which is its coinbase.
func (c *chain) mine(now time.Time, txs []*transaction) *block {
	prev := c.tip()
	b := &block{height: prev.height + 1, txs: txs}
	b.prevBlock = prev.id
	b.bits = prev.bits // regtest never retargets
	b.time = max(uint64(now.Unix()), c.medianTime(prev)+1)
	b.merkleRoot, b.witnessRoot = roots(txs)
	for !b.provesWork() {
		b.nonce++
	}
	b.id = b.header.hash()
	b.chainwork = new(big.Int).Add(prev.chainwork, b.work())
	c.add(b)
	return b
}

// roots returns the merkle roots of the transactions' ids and witness hashes.
// hsd: lib/mining/template.js refresh.
func roots(txs []*transaction) (ids, witnesses hash) {
	var left, right []hash
	for _, tx := range txs {
		left = append(left, tx.id)
		right = append(right, tx.witnessHash)
	}
	return merkleRoot(left), merkleRoot(right)
}

const (
	coin             = 1_000_000    // dollarydoos in a coin
	baseReward       = 2_000 * coin // hsd: lib/protocol/consensus.js BASE_REWARD
	halvingInterval  = 2_500        // hsd: lib/protocol/networks.js, regtest
	coinbaseMaturity = 2            // likewise
	feeRate          = 20_000       // likewise, in dollarydoos per 1,000 bytes
	finalSequence    = uint32(1<<32 - 1)
)

// reward returns what a block at height may create.
// hsd: lib/protocol/consensus.js getReward.
func reward(height uint32) uint64 {
	halvings := height / halvingInterval
	return baseReward >> min(halvings, 63)
}
