package simnode

import (
	"encoding/hex"
	"fmt"
	"time"
)

// What a wallet tells about a transaction, with the keys and in the order of
// hsd: lib/wallet/txdb.js Details.getJSON.

// details is a transaction as one wallet sees it: only that wallet's own inputs
// and outputs have a path, and only its own inputs a value.
type details struct {
	Hash          string   `json:"hash"`
	Height        int32    `json:"height"` // -1 while unconfirmed
	Block         *string  `json:"block"`
	Time          int64    `json:"time"`
	MTime         int64    `json:"mtime"`
	Date          string   `json:"date"`
	MDate         string   `json:"mdate"`
	Size          int      `json:"size"`
	VirtualSize   int      `json:"virtualSize"`
	Fee           uint64   `json:"fee"` // 0 unless all inputs are the wallet's
	Rate          uint64   `json:"rate"`
	Confirmations int32    `json:"confirmations"`
	Inputs        []member `json:"inputs"`
	Outputs       []member `json:"outputs"`
	TX            string   `json:"tx"`
}

// A member is an input or an output.
type member struct {
	Value    uint64        `json:"value"`
	Address  *string       `json:"address"`
	Covenant *covenantJSON `json:"covenant,omitempty"` // outputs only
	Path     *pathJSON     `json:"path"`
}

type covenantJSON struct {
	Type   int      `json:"type"`
	Action string   `json:"action"`
	Items  []string `json:"items"`
}

type pathJSON struct {
	Name       string `json:"name"`
	Account    int    `json:"account"`
	Change     bool   `json:"change"`
	Derivation string `json:"derivation"`
}

// An addressJSON is a new receive address. hsd: lib/wallet/walletkey.js getJSON.
// There is no public key; the script stands for itself.
type addressJSON struct {
	Name      string `json:"name"`
	Account   int    `json:"account"`
	Branch    uint32 `json:"branch"`
	Index     uint32 `json:"index"`
	PublicKey string `json:"publicKey"`
	Script    string `json:"script"`
	Address   string `json:"address"`
}

// accountName is the one account that each wallet has.
const accountName = "default"

// details describes tx, which is in b, or in no block yet if b is nil. It must
// be called while the wallet still has the coins that tx spends.
func (w *wallet) details(tx *transaction, b *block) details {
	d := details{
		Hash:        tx.id.String(),
		Height:      -1,
		MTime:       w.seen[tx.id],
		Size:        len(tx.raw),
		VirtualSize: tx.virtualSize(),
		TX:          hex.EncodeToString(tx.raw),
	}
	if b != nil {
		id := b.id.String()
		d.Height, d.Block, d.Time, d.Confirmations = int32(b.height), &id, int64(b.time), 1
	}
	d.Date, d.MDate = isoDate(d.Time), isoDate(d.MTime)
	for _, in := range tx.inputs {
		d.Inputs = append(d.Inputs, w.inputJSON(in))
	}
	for _, out := range tx.outputs {
		d.Outputs = append(d.Outputs, w.outputJSON(out))
	}
	d.Fee = fee(d.Inputs, d.Outputs)
	d.Rate = d.Fee * 1000 / uint64(d.VirtualSize)
	return d
}

func (w *wallet) inputJSON(in input) (m member) {
	if in.prevout == nothing {
		return m
	}
	// The last item of a witness for a script hash is the script, which tells
	// the address even of a coin that is not the wallet's.
	if n := len(in.witness); n > 0 {
		text := scriptAddress(in.witness[n-1]).String()
		m.Address = &text
	}
	if c := w.coinAt(in.prevout); c != nil {
		m.Value = c.output.value
		m.Path = c.path.json()
	}
	return m
}

func (w *wallet) outputJSON(out output) member {
	text := out.address.String()
	return member{
		Value:    out.value,
		Address:  &text,
		Covenant: &covenantJSON{Action: "NONE", Items: []string{}},
		Path:     w.pathJSON(out.address),
	}
}

func (w *wallet) pathJSON(addr address) *pathJSON {
	p, ok := w.owns(addr)
	if !ok {
		return nil
	}
	return p.json()
}

func (p path) json() *pathJSON {
	return &pathJSON{
		Name:       accountName,
		Change:     p.branch == changeBranch,
		Derivation: fmt.Sprintf("m/0'/%d/%d", p.branch, p.index),
	}
}

// addressJSON describes an address of the wallet's.
func (w *wallet) addressJSON(addr address) addressJSON {
	p, _ := w.owns(addr)
	return addressJSON{
		Name:    accountName,
		Branch:  p.branch,
		Index:   p.index,
		Script:  hex.EncodeToString(p.script),
		Address: addr.String(),
	}
}

// fee is known only where all inputs are the wallet's. hsd: Details.getFee.
func fee(inputs, outputs []member) uint64 {
	var in, out uint64
	for _, m := range inputs {
		if m.Path == nil {
			return 0
		}
		in += m.Value
	}
	for _, m := range outputs {
		out += m.Value
	}
	return in - out
}

// isoDate prints Unix seconds as hsd: lib/utils/util.js date.
func isoDate(seconds int64) string {
	return time.Unix(seconds, 0).UTC().Format(time.RFC3339)
}
