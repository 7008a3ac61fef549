package simnode

// A transaction's bytes are the base (version, inputs, outputs, lock time) and
// behind it the witnesses of all inputs. The base alone makes the id; both make
// the witness hash. hsd: lib/primitives/tx.js write, hashes.

// An outpoint names an output of a transaction.
type outpoint struct {
	txid  hash
	index uint32
}

// nothing is the outpoint that a coinbase spends.
var nothing = outpoint{index: 0xffffffff}

func (p outpoint) append(b []byte) []byte {
	return appendUint32(append(b, p.txid[:]...), p.index)
}

type input struct {
	prevout  outpoint
	sequence uint32
	witness  [][]byte
}

// An output pays an address. Its covenant is always the empty one, since nobody
// here trades names.
type output struct {
	value   uint64 // in dollarydoos, a millionth of a coin
	address address
}

// A transaction is immutable once newTransaction or decodeTransaction made it.
type transaction struct {
	inputs   []input
	outputs  []output
	locktime uint32

	id          hash
	witnessHash hash
	raw         []byte
	baseSize    int
}

func newTransaction(inputs []input, outputs []output, locktime uint32) *transaction {
	t := &transaction{inputs: inputs, outputs: outputs, locktime: locktime}
	raw := t.appendBase(nil)
	baseSize := len(raw)
	for _, in := range inputs {
		raw = appendVarint(raw, len(in.witness))
		for _, item := range in.witness {
			raw = appendVarBytes(raw, item)
		}
	}
	t.seal(raw, baseSize)
	return t
}

// seal takes ownership of the transaction's bytes and derives its hashes.
func (t *transaction) seal(raw []byte, baseSize int) {
	t.raw, t.baseSize = raw, baseSize
	t.id = hash256(raw[:baseSize])
	witness := hash256(raw[baseSize:])
	t.witnessHash = hash256(t.id[:], witness[:])
}

func (t *transaction) appendBase(b []byte) []byte {
	b = appendUint32(b, 0) // version
	b = appendVarint(b, len(t.inputs))
	for _, in := range t.inputs {
		b = appendUint32(in.prevout.append(b), in.sequence)
	}
	b = appendVarint(b, len(t.outputs))
	for _, out := range t.outputs {
		b = out.address.append(appendUint64(b, out.value))
		b = append(b, 0, 0) // covenant NONE, without items
	}
	return appendUint32(b, t.locktime)
}

// virtualSize returns the size that fees are reckoned by: a byte of witness
// counts a quarter. hsd: lib/primitives/tx.js getVirtualSize.
func (t *transaction) virtualSize() int {
	return (3*t.baseSize + len(t.raw) + 3) / 4
}

func (t *transaction) isCoinbase() bool {
	return len(t.inputs) > 0 && t.inputs[0].prevout == nothing
}

func (t *transaction) outpoint(i int) outpoint {
	return outpoint{t.id, uint32(i)}
}
