package simnode

import (
	"encoding/hex"
	"math"
)

// Params are the arguments of a call as JSON has them, with binary ones as
// []byte. They are read by the rules of hsd's validator, and refused in its
// words. bval: lib/validator.js.
type params []any

// at returns an argument, nil if it was left out or null.
func (p params) at(i int) any {
	if i < len(p) {
		return p[i]
	}
	return nil
}

// text returns a string, "" if there is none.
func (p params) text(i int) (string, error) {
	switch v := p.at(i).(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	}
	return "", notA("string", i)
}

// bytes returns binary data, given as such or in hex, nil if there are none.
func (p params) bytes(i int) ([]byte, error) {
	switch v := p.at(i).(type) {
	case nil:
		return nil, nil
	case []byte:
		return v, nil
	case string:
		data, err := hex.DecodeString(v)
		if err != nil {
			return nil, notA("hex string", i)
		}
		return data, nil
	}
	return nil, notA("buffer", i)
}

// list returns an array, nil if there is none.
func (p params) list(i int) (params, error) {
	switch v := p.at(i).(type) {
	case nil:
		return nil, nil
	case []any:
		return v, nil
	}
	return nil, notA("array", i)
}

// integer returns a safe integer and whether there is one.
func (p params) integer(i int) (n int, given bool, err error) {
	const maxSafe = 1<<53 - 1
	switch v := p.at(i).(type) {
	case nil:
		return 0, false, nil
	case float64:
		if v == math.Trunc(v) && math.Abs(v) <= maxSafe {
			return int(v), true, nil
		}
	}
	return 0, false, notA("int", i)
}

// int32 returns a whole number of 32 bits, or fallback if there is none.
func (p params) int32(i, fallback int) (int, error) {
	n, given, err := p.integer(i)
	switch {
	case err != nil:
		return 0, err
	case !given:
		return fallback, nil
	case n != int(int32(n)):
		return 0, notA("int32", i)
	}
	return n, nil
}

// A blockID names a block by its hash or its height.
type blockID struct {
	hash   *hash
	height int
}

// block returns which block is meant, and whether one is.
func (p params) block(i int) (id blockID, given bool, err error) {
	switch v := p.at(i).(type) {
	case []byte:
		return hashID(v, i)
	case string:
		if len(v) != 64 {
			return id, false, notA("hash", i)
		}
		raw, err := hex.DecodeString(v)
		if err != nil {
			return id, false, notA("hex string", i)
		}
		return hashID(raw, i)
	}
	id.height, given, err = p.integer(i)
	if err == nil && id.height < 0 {
		return id, false, notA("uint", i)
	}
	return id, given, err
}

func hashID(raw []byte, i int) (id blockID, given bool, err error) {
	if len(raw) != len(hash{}) {
		return id, false, notA("hash", i)
	}
	h := hash(raw)
	return blockID{hash: &h}, true, nil
}

// find returns the block that id names, nil if there is none, and an error if it
// is not kept any more. A hash that is not kept is one that was never there.
func (c *chain) find(id blockID) (*block, error) {
	if id.hash == nil {
		return c.at(id.height)
	}
	height, ok := c.heights[*id.hash]
	if !ok {
		return nil, nil
	}
	return c.at(height)
}

// between returns the blocks from start to end, both included. -1 is the first
// and the last there is. hsd: lib/blockchain/chaindb.js getHashes.
func (c *chain) between(start, end int) ([]*block, error) {
	if start == -1 {
		start = 0
	}
	if end == -1 {
		end = math.MaxInt
	}
	if start < 0 || end < 0 {
		return nil, errParameter
	}
	last := min(end, int(c.tip().height))
	switch {
	case start > last:
		return nil, nil
	case start < c.first:
		return nil, errPruned
	}
	return c.blocks[start-c.first : last+1-c.first], nil
}
