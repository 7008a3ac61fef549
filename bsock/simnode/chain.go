package simnode

import (
	"math/big"
	"slices"
	"time"
)

// A chain grows by one block at a time and never forks, so a height names a
// block for good. Its blocks carry real proof of work at regtest's difficulty,
// which takes two tries on average.
//
// It keeps the newest blocks alone, so that it does not outgrow the machine it
// is shown on. What is older is gone as from a pruned node, headers and all.
type chain struct {
	keep    int      // how many blocks are kept, at least medianSpan
	first   int      // the height of the oldest of them
	blocks  []*block // from first on
	heights map[hash]int
}

// keepBlocks is how many blocks a pruned regtest node keeps, about 14 hours at a
// block every five seconds. With them the simulation takes 17 MB.
// hsd: lib/protocol/networks.js, regtest.
const keepBlocks = 10_000

func newChain() *chain {
	c := &chain{keep: keepBlocks, heights: make(map[hash]int)}
	c.add(genesis())
	return c
}

func (c *chain) add(b *block) {
	c.heights[b.id] = int(b.height)
	c.blocks = append(c.blocks, b)
	for len(c.blocks) > c.keep {
		delete(c.heights, c.blocks[0].id)
		c.blocks[0] = nil // the array behind the slice lives on for a while
		c.blocks = c.blocks[1:]
		c.first++
	}
}

func (c *chain) tip() *block { return c.blocks[len(c.blocks)-1] }

// at returns the block at height, nil if there is none yet, and an error if it
// is not kept any more. hsd: lib/blockchain/chaindb.js scanBlock.
func (c *chain) at(height int) (*block, error) {
	switch i := height - c.first; {
	case height < 0 || i >= len(c.blocks):
		return nil, nil
	case i < 0:
		return nil, errPruned
	default:
		return c.blocks[i], nil
	}
}

// medianSpan is how many blocks the median of their times is taken of.
// hsd: lib/protocol/consensus.js MEDIAN_TIMESPAN.
const medianSpan = 11

// medianTime returns the median of the times of b and the ten before it. The
// next block must be later. hsd: lib/blockchain/chain.js getMedianTime.
func (c *chain) medianTime(b *block) (uint64, error) {
	start := max(0, int(b.height)+1-medianSpan)
	blocks, err := c.between(start, int(b.height))
	if err != nil {
		return 0, err
	}
	var times []uint64
	for _, b := range blocks {
		times = append(times, b.time)
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}

// mine adds a block with the transactions, the first of which is its coinbase.
func (c *chain) mine(now time.Time, txs []*transaction) *block {
	prev := c.tip()
	b := &block{height: prev.height + 1, txs: txs}
	b.prevBlock = prev.id
	b.bits = prev.bits              // regtest never retargets
	median, _ := c.medianTime(prev) // as many blocks as it takes are kept
	b.time = max(uint64(now.Unix()), median+1)
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
