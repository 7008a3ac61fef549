package simnode

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// A bloomFilter says which transactions a client wants to see, in the format
// and with the hash of BIP 37. @handshake-org/bfilter: lib/bloom.js.
type bloomFilter struct {
	bits   []byte
	hashes uint32
	tweak  uint32
}

// The limits of BIP 37. hsd does not hold clients that know its key to them;
// this node does, because testing a filter costs as much as it has hashes.
const (
	maxFilterBytes  = 36_000
	maxFilterHashes = 50
)

func decodeBloomFilter(raw []byte) (*bloomFilter, error) {
	r := &reader{data: raw}
	f := &bloomFilter{bits: bytes.Clone(r.varBytes()), hashes: r.uint32(), tweak: r.uint32()}
	update := r.byte()
	switch {
	case r.err != nil:
		return nil, r.err
	case update > 2:
		return nil, errUpdateFlag
	case len(f.bits) > maxFilterBytes || f.hashes > maxFilterHashes:
		return nil, errFilterSize
	}
	return f, nil
}

// place returns which bit the i-th hash of data sets.
func (f *bloomFilter) place(data []byte, i uint32) uint32 {
	return murmur3(data, i*0xfba4c795+f.tweak) % uint32(8*len(f.bits))
}

// add makes the filter match data. A filter without bits has no room for it.
func (f *bloomFilter) add(data []byte) {
	if len(f.bits) == 0 {
		return
	}
	for i := range f.hashes {
		p := f.place(data, i)
		f.bits[p/8] |= 1 << (p % 8)
	}
}

func (f *bloomFilter) test(data []byte) bool {
	if len(f.bits) == 0 {
		return f.hashes == 0 // as hsd's reads beyond the end work out
	}
	for i := range f.hashes {
		p := f.place(data, i)
		if f.bits[p/8]&(1<<(p%8)) == 0 {
			return false
		}
	}
	return true
}

// matches reports whether the filter lets tx through. Outputs that match are
// added to the filter, so that spending them matches as well.
// hsd: lib/primitives/tx.js testAndMaybeUpdate.
func (f *bloomFilter) matches(tx *transaction) bool {
	found := f.test(tx.id[:])
	for i, out := range tx.outputs {
		if f.test(out.address.hash) {
			f.add(tx.outpoint(i).append(nil))
			found = true
		}
	}
	for _, in := range tx.inputs {
		if found {
			break
		}
		found = f.test(in.prevout.append(nil))
	}
	return found
}

// murmur3 is MurmurHash3 x86 32. bcrypto: lib/js/murmur3.js sum.
func murmur3(data []byte, seed uint32) uint32 {
	const c1, c2 = 0xcc9e2d51, 0x1b873593
	h := seed
	rest := data
	for ; len(rest) >= 4; rest = rest[4:] {
		h ^= bits.RotateLeft32(binary.LittleEndian.Uint32(rest)*c1, 15) * c2
		h = bits.RotateLeft32(h, 13)*5 + 0xe6546b64
	}
	if len(rest) > 0 {
		var tail [4]byte
		copy(tail[:], rest)
		h ^= bits.RotateLeft32(binary.LittleEndian.Uint32(tail[:])*c1, 15) * c2
	}
	h ^= uint32(len(data))
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}
