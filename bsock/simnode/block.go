package simnode

import (
	"crypto/sha3"
	"math/big"
)

// A header has two halves that are hashed apart, so that a light client needs
// only the first. hsd: lib/primitives/abstractblock.js.
type header struct {
	// The preheader.
	nonce     uint32
	time      uint64
	prevBlock hash
	treeRoot  hash

	// The subheader.
	extraNonce   [24]byte
	reservedRoot hash
	witnessRoot  hash
	merkleRoot   hash
	version      uint32
	bits         uint32

	mask hash
}

// append writes the 236 bytes of a header. hsd: AbstractBlock.writeHead.
func (h *header) append(b []byte) []byte {
	b = appendUint32(b, h.nonce)
	b = appendUint64(b, h.time)
	b = append(b, h.prevBlock[:]...)
	b = append(b, h.treeRoot[:]...)
	b = h.appendSubheader(b)
	return append(b, h.mask[:]...)
}

func (h *header) appendSubheader(b []byte) []byte {
	b = append(b, h.extraNonce[:]...)
	b = append(b, h.reservedRoot[:]...)
	b = append(b, h.witnessRoot[:]...)
	b = append(b, h.merkleRoot[:]...)
	b = appendUint32(b, h.version)
	return appendUint32(b, h.bits)
}

// hash returns the block's hash, which is its proof of work as well.
// hsd: AbstractBlock.shareHash, powHash.
func (h *header) hash() hash {
	subHash := hash256(h.appendSubheader(nil))
	maskHash := hash256(h.prevBlock[:], h.mask[:])
	commitment := hash256(subHash[:], maskHash[:])

	data := appendUint32(nil, h.nonce)
	data = appendUint64(data, h.time)
	data = append(data, h.padding(20)...)
	data = append(data, h.prevBlock[:]...)
	data = append(data, h.treeRoot[:]...)
	data = append(data, commitment[:]...)

	right := sha3.Sum256(append(data, h.padding(8)...))
	sum := hash256(blake2b(64, data), h.padding(32), right[:])
	for i := range sum {
		sum[i] ^= h.mask[i]
	}
	return sum
}

func (h *header) padding(size int) []byte {
	pad := make([]byte, size)
	for i := range pad {
		pad[i] = h.prevBlock[i] ^ h.treeRoot[i]
	}
	return pad
}

// target returns what the hash, read as a big-endian number, may not exceed.
// hsd: lib/protocol/consensus.js fromCompact.
func (h *header) target() *big.Int {
	mantissa := big.NewInt(int64(h.bits & 0x7fffff))
	return mantissa.Lsh(mantissa, 8*(uint(h.bits>>24)-3))
}

func (h *header) provesWork() bool {
	sum := h.hash()
	return new(big.Int).SetBytes(sum[:]).Cmp(h.target()) <= 0
}

// work returns how many tries such a block takes on average.
// hsd: lib/blockchain/chainentry.js getProof.
func (h *header) work() *big.Int {
	all := new(big.Int).Lsh(big.NewInt(1), 256)
	return all.Div(all, new(big.Int).Add(h.target(), big.NewInt(1)))
}

// A block is immutable once it is in a chain.
type block struct {
	header
	id        hash
	height    uint32
	chainwork *big.Int // of this block and all before it
	txs       []*transaction
}

// entrySize is the length of a raw chain entry.
const entrySize = 32 + 4 + 236 + 32

// entry returns the block as hsd's ChainEntry writes it: hash, height, header
// and chainwork. hsd: lib/blockchain/chainentry.js write.
func (b *block) entry() []byte {
	raw := make([]byte, 0, entrySize)
	raw = append(raw, b.id[:]...)
	raw = appendUint32(raw, b.height)
	raw = b.header.append(raw)
	return append(raw, b.chainwork.FillBytes(make([]byte, 32))...)
}

// raw returns the block as it goes from node to node.
func (b *block) raw() []byte {
	raw := appendVarint(b.header.append(nil), len(b.txs))
	for _, tx := range b.txs {
		raw = append(raw, tx.raw...)
	}
	return raw
}
