package simnode

import (
	"bytes"
	"fmt"
	"math/big"
)

// Decoding is the other direction of block.go and tx.go. The node needs it for
// the genesis block and for what clients send; the tests read a real node's
// messages with it.

func (r *reader) header() (h header) {
	h.nonce = r.uint32()
	h.time = r.uint64()
	h.prevBlock = r.hash()
	h.treeRoot = r.hash()
	copy(h.extraNonce[:], r.bytes(len(h.extraNonce)))
	h.reservedRoot = r.hash()
	h.witnessRoot = r.hash()
	h.merkleRoot = r.hash()
	h.version = r.uint32()
	h.bits = r.uint32()
	h.mask = r.hash()
	return h
}

// decodeEntry reads a raw chain entry. The block it returns has no transactions.
func decodeEntry(raw []byte) (*block, error) {
	r := &reader{data: raw}
	b := &block{id: r.hash(), height: r.uint32()}
	b.header = r.header()
	b.chainwork = new(big.Int).SetBytes(r.bytes(32))
	if err := r.end(); err != nil {
		return nil, fmt.Errorf("chain entry: %w", err)
	}
	return b, nil
}

// decodeBlock reads a raw block. Its height and chainwork are not in the bytes.
func decodeBlock(raw []byte) (*block, error) {
	r := &reader{data: raw}
	b := &block{header: r.header()}
	for range r.count() {
		b.txs = append(b.txs, r.transaction())
	}
	if err := r.end(); err != nil {
		return nil, fmt.Errorf("block: %w", err)
	}
	b.id = b.header.hash()
	return b, nil
}

// decodeTransaction reads a raw transaction. One whose version or covenants are
// not those this node writes keeps its id all the same, since both are read from
// the bytes.
func decodeTransaction(raw []byte) (*transaction, error) {
	r := &reader{data: raw}
	t := r.transaction()
	if err := r.end(); err != nil {
		return nil, err
	}
	return t, nil
}

func (r *reader) transaction() *transaction {
	start := r.offset
	t := &transaction{}
	r.uint32() // version
	for range r.count() {
		t.inputs = append(t.inputs, input{prevout: outpoint{r.hash(), r.uint32()}, sequence: r.uint32()})
	}
	for range r.count() {
		t.outputs = append(t.outputs, r.output())
	}
	t.locktime = r.uint32()
	base := r.offset
	for i := range t.inputs {
		for range r.count() {
			t.inputs[i].witness = append(t.inputs[i].witness, r.varBytes())
		}
	}
	if r.err != nil {
		return t
	}
	t.seal(bytes.Clone(r.data[start:r.offset]), base-start)
	return t
}

func (r *reader) output() output {
	out := output{value: r.uint64()}
	out.address.version = r.byte()
	out.address.hash = r.bytes(int(r.byte()))
	r.byte() // the covenant's type
	for range r.count() {
		r.varBytes()
	}
	return out
}
