package simnode

import (
	"context"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// The node's hooks and events, with the arguments and answers of
// hsd: lib/node/http.js handleAuth, initSockets.

// A nodeClient is one connection to the node. Its fields are guarded by the
// Sim's mu.
type nodeClient struct {
	ear
	authed  bool
	chain   bool // watches the chain
	mempool bool // watches what waits for a block
	filter  *bloomFilter
}

func (s *Sim) acceptNode(socket *native.Socket) {
	c := &nodeClient{ear: newEar(s, s.node, socket)}
	hook(socket, "auth", c.auth)
	c.tell("version", map[string]string{"version": Version, "network": "regtest"})
}

// auth makes the other hooks known; before it they do not exist.
func (c *nodeClient) auth(_ context.Context, p params) (any, error) {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	if c.authed {
		return nil, errAuthed
	}
	if err := checkKey(c.sim.config.NodeKey, p); err != nil {
		return nil, err
	}
	c.authed = true
	for name, answer := range map[string]func(params) (any, error){
		"watch chain":     c.set(&c.chain, true),
		"unwatch chain":   c.set(&c.chain, false),
		"watch mempool":   c.set(&c.mempool, true),
		"unwatch mempool": c.set(&c.mempool, false),
		"set filter":      c.setFilter,
		"add filter":      c.addFilter,
		"reset filter":    c.resetFilter,
		"get tip":         c.getTip,
		"get entry":       c.getEntry,
		"get median time": c.getMedianTime,
		"get hashes":      c.getHashes,
		"get entries":     c.getEntries,
		"estimate fee":    c.estimateFee,
		"get name":        func(params) (any, error) { return nil, errNoNames },
		"send":            c.send,
		"send claim":      c.send,
	} {
		hook(c.socket, name, func(_ context.Context, p params) (any, error) {
			c.sim.mu.Lock()
			defer c.sim.mu.Unlock()
			return answer(p)
		})
	}
	hook(c.socket, "rescan", c.rescan)
	hook(c.socket, "rescan interactive", c.rescanInteractive)
	c.sim.nodes[c] = struct{}{}
	context.AfterFunc(c.socket.Context(), c.leave)
	return nil, nil
}

func (c *nodeClient) leave() {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	delete(c.sim.nodes, c)
}

func (c *nodeClient) set(flag *bool, value bool) func(params) (any, error) {
	return func(params) (any, error) {
		*flag = value
		return nil, nil
	}
}

func (c *nodeClient) setFilter(p params) (any, error) {
	raw, err := p.bytes(0)
	if err != nil {
		return nil, err
	}
	if raw == nil {
		return nil, errParameter
	}
	c.filter, err = decodeBloomFilter(raw)
	return nil, err
}

func (c *nodeClient) addFilter(p params) (any, error) {
	chunks, err := p.list(0)
	switch {
	case err != nil:
		return nil, err
	case chunks == nil:
		return nil, errParameter
	case c.filter == nil:
		return nil, errNoFilter
	}
	return nil, c.filter.addChunks(chunks)
}

// addChunks adds what a client gives in a list.
func (f *bloomFilter) addChunks(chunks params) error {
	for i := range chunks {
		data, err := chunks.bytes(i)
		if err != nil {
			return err
		}
		if data == nil {
			return errChunk
		}
		f.add(data)
	}
	return nil
}

func (c *nodeClient) resetFilter(params) (any, error) {
	c.filter = nil
	return nil, nil
}

func (c *nodeClient) getTip(params) (any, error) {
	return c.sim.world.chain.tip().entry(), nil
}

// block returns the block that the first argument names, nil if there is none.
func (c *nodeClient) block(p params) (*block, error) {
	id, given, err := p.block(0)
	if err != nil {
		return nil, err
	}
	if !given {
		return nil, errParameter
	}
	return c.sim.world.chain.find(id)
}

func (c *nodeClient) getEntry(p params) (any, error) {
	b, err := c.block(p)
	if b == nil {
		return nil, err
	}
	return b.entry(), nil
}

func (c *nodeClient) getMedianTime(p params) (any, error) {
	b, err := c.block(p)
	if b == nil {
		return nil, err
	}
	return c.sim.world.chain.medianTime(b)
}

func (c *nodeClient) getHashes(p params) (any, error) {
	blocks, err := c.blocks(p)
	out := make([]any, len(blocks))
	for i, b := range blocks {
		out[i] = b.id[:]
	}
	return out, err
}

func (c *nodeClient) getEntries(p params) (any, error) {
	blocks, err := c.blocks(p)
	out := make([]any, len(blocks))
	for i, b := range blocks {
		out[i] = b.entry()
	}
	return out, err
}

// blocks returns those from the first argument to the second.
func (c *nodeClient) blocks(p params) ([]*block, error) {
	start, err := p.int32(0, -1)
	if err != nil {
		return nil, err
	}
	end, err := p.int32(1, -1)
	if err != nil {
		return nil, err
	}
	return c.sim.world.chain.between(start, end)
}

// estimateFee answers as hsd does when it has seen too few transactions to tell.
// hsd: lib/mempool/fees.js estimateFee.
func (c *nodeClient) estimateFee(p params) (any, error) {
	_, _, err := p.integer(0)
	return 0, err
}

func (c *nodeClient) send(p params) (any, error) {
	raw, err := p.bytes(0)
	switch {
	case err != nil:
		return nil, err
	case raw == nil:
		return nil, errParameter
	}
	return nil, errTakesNothing
}

// tellBlock tells those who watch the chain of a new block, with the
// transactions that each one's filter lets through.
func (s *Sim) tellBlock(b *block) {
	raw := b.entry()
	for c := range s.nodes {
		if c.chain {
			c.tell("chain connect", raw)
			c.tell("block connect", raw, c.matching(b))
		}
	}
}

// matching returns the raw transactions of b that the client's filter matches.
func (c *nodeClient) matching(b *block) []any {
	txs := []any{}
	for _, tx := range b.txs {
		if c.filter != nil && c.filter.matches(tx) {
			txs = append(txs, tx.raw)
		}
	}
	return txs
}

func (s *Sim) tellTransaction(tx *transaction) {
	for c := range s.nodes {
		if c.mempool && c.filter != nil && c.filter.matches(tx) {
			c.tell("tx", tx.raw)
		}
	}
}
