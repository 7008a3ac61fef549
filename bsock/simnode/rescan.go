package simnode

import (
	"context"
)

// A rescan turns the direction round: the node calls the client, block by block,
// and waits for each answer. hsd: lib/node/http.js scan, scanInteractive.

// rescan goes through the blocks from one on, with the client's own filter.
func (c *nodeClient) rescan(ctx context.Context, p params) (any, error) {
	b, err := c.rescanStart(p)
	for ; b != nil; b, err = c.after(b) {
		c.sim.mu.Lock()
		if c.filter == nil {
			c.sim.mu.Unlock()
			return nil, errNoFilter
		}
		txs := c.matching(b)
		c.sim.mu.Unlock()
		if _, err := c.socket.Call(ctx, "block rescan", b.entry(), txs); err != nil {
			return nil, err
		}
	}
	return nil, err
}

func (c *nodeClient) rescanStart(p params) (*block, error) {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	return c.block(p)
}

// after returns the block that follows b. Of a client that takes its time it may
// not be kept any more.
func (c *nodeClient) after(b *block) (*block, error) {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	return c.sim.world.chain.at(int(b.height) + 1)
}

// What a client answers to a block of an interactive rescan.
// hsd: lib/blockchain/common.js scanActions.
const (
	scanAbort     = 1
	scanNext      = 2
	scanRepeatSet = 3
	scanRepeatAdd = 4
	scanRepeat    = 5
)

// rescanInteractive lets the client say after each block whether to go on, to
// repeat it with another filter, or to stop. When it ends early, it says so to
// the client before the call is answered.
func (c *nodeClient) rescanInteractive(ctx context.Context, p params) (any, error) {
	err := c.scanInteractive(ctx, p)
	if err != nil {
		// What the client thinks of the news changes nothing.
		_, _ = c.socket.Call(ctx, "block rescan interactive abort", err.Error())
	}
	return nil, err
}

func (c *nodeClient) scanInteractive(ctx context.Context, p params) error {
	b, err := c.rescanStart(p)
	if err != nil {
		return err
	}
	if b == nil {
		return errNoEntry
	}
	filter, err := c.rescanFilter(p)
	if err != nil {
		return err
	}
	for b != nil {
		value, err := c.socket.Call(ctx, "block rescan interactive", b.entry(), c.found(b, filter))
		if err != nil {
			return err
		}
		var action map[string]any
		if err := value.Decode(&action); err != nil {
			return errAction
		}
		next, err := c.follow(action, &filter)
		if err != nil {
			return err
		}
		if !next {
			continue
		}
		if b, err = c.after(b); err != nil {
			return err
		}
	}
	return nil
}

// rescanFilter returns the filter of the call, or else the client's own.
func (c *nodeClient) rescanFilter(p params) (*bloomFilter, error) {
	raw, err := p.bytes(1)
	if err != nil {
		return nil, err
	}
	if raw != nil {
		return decodeBloomFilter(raw)
	}
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	return c.filter, nil
}

// found returns the raw transactions of b that filter matches; without a filter
// that is all of them.
func (c *nodeClient) found(b *block, filter *bloomFilter) []any {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	txs := []any{}
	for _, tx := range b.txs {
		if filter == nil || filter.matches(tx) {
			txs = append(txs, tx.raw)
		}
	}
	return txs
}

// follow does what the client answered, and reports whether to go on to the next
// block.
func (c *nodeClient) follow(action map[string]any, filter **bloomFilter) (next bool, err error) {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	kind, _, err := params{action["type"]}.integer(0)
	if err != nil {
		return false, errAction
	}
	switch kind {
	case scanNext:
		return true, nil
	case scanRepeat:
		return false, nil
	case scanAbort:
		return false, errAborted
	case scanRepeatSet:
		*filter = nil
		raw, err := params{action["filter"]}.bytes(0)
		if err == nil && raw != nil {
			*filter, err = decodeBloomFilter(raw)
		}
		return false, err
	case scanRepeatAdd:
		chunks, err := params{action["chunks"]}.list(0)
		switch {
		case err != nil:
			return false, err
		case chunks == nil:
			return false, errParameter
		case *filter == nil:
			return false, errNoFilter
		}
		return false, (*filter).addChunks(chunks)
	}
	return false, errAction
}
