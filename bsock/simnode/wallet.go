package simnode

import (
	"fmt"
	"maps"
	"slices"
)

// A wallet finds its own among the chain's transactions and reckons what it
// has, as hsd's does. It has no keys: its addresses are scripts that anyone
// satisfies, so that its payments are valid without a signature.
type wallet struct {
	id    string
	paths map[string]path // of the newest addresses, by hash
	next  [2]uint32       // the index of the next address, by branch
	coins []*walletCoin   // oldest first
	seen  map[hash]int64  // when each unconfirmed one was first seen, in Unix seconds
	balance
}

// The branches of a wallet's addresses.
const (
	receiveBranch = 0
	changeBranch  = 1
)

// A path says where in a wallet an address is.
type path struct {
	branch, index uint32
	script        []byte
}

// A walletCoin is an unspent output of the wallet, or one whose spending is not
// confirmed yet.
type walletCoin struct {
	point    outpoint
	output   output
	path     path
	height   int32 // -1 while unconfirmed
	coinbase bool
	spent    bool
}

// A balance is what hsd's wallets report. hsd: lib/wallet/txdb.js Balance.
type balance struct {
	Account           int    `json:"account"` // -1: the whole wallet
	TX                int    `json:"tx"`
	Coin              int    `json:"coin"`
	Unconfirmed       uint64 `json:"unconfirmed"`
	Confirmed         uint64 `json:"confirmed"`
	LockedUnconfirmed uint64 `json:"lockedUnconfirmed"`
	LockedConfirmed   uint64 `json:"lockedConfirmed"`
}

func newWallet(id string) *wallet {
	w := &wallet{
		id:      id,
		paths:   make(map[string]path),
		seen:    make(map[hash]int64),
		balance: balance{Account: -1},
	}
	w.derive(receiveBranch)
	w.derive(changeBranch)
	return w
}

// derive adds the branch's next address to those the wallet watches.
func (w *wallet) derive(branch uint32) address {
	index := w.next[branch]
	w.next[branch]++
	script := w.script(branch, index)
	addr := scriptAddress(script)
	w.paths[string(addr.hash)] = path{branch, index, script}
	return addr
}

// script returns the script of an address. Its tag is as long as the hash of a
// public key, which is what would stand there in a wallet with keys.
func (w *wallet) script(branch, index uint32) []byte {
	return anyoneScript(blake2b(20, fmt.Appendf(nil, "%s/%d/%d", w.id, branch, index)))
}

// keepPaths is how many addresses of each branch are watched: the one that is
// paid to, and some that someone may have copied from the screen. All coins know
// their own.
const keepPaths = 100

// forget lets go of old addresses. It is for when no transaction waits: one that
// does may pay any address, and is yet to be described.
func (w *wallet) forget() {
	maps.DeleteFunc(w.paths, func(_ string, p path) bool { return p.index+keepPaths < w.next[p.branch] })
}

// current returns the branch's newest address.
func (w *wallet) current(branch uint32) address {
	return scriptAddress(w.script(branch, w.next[branch]-1))
}

// owns returns the path of an address if it is the wallet's.
func (w *wallet) owns(addr address) (path, bool) {
	p, ok := w.paths[string(addr.hash)]
	return p, ok
}

// coinAt returns the wallet's coin at point, or nil.
func (w *wallet) coinAt(point outpoint) *walletCoin {
	for _, c := range w.coins {
		if c.point == point {
			return c
		}
	}
	return nil
}

// concerns reports whether tx pays the wallet or spends from it.
func (w *wallet) concerns(tx *transaction) bool {
	for _, out := range tx.outputs {
		if _, ok := w.owns(out.address); ok {
			return true
		}
	}
	return slices.ContainsFunc(tx.inputs, func(in input) bool { return w.coinAt(in.prevout) != nil })
}

// insert takes note of a transaction that is new to the wallet and in no block
// yet. It returns the receive addresses that took the place of those it used.
func (w *wallet) insert(tx *transaction) (fresh []address) {
	w.TX++
	for _, in := range tx.inputs {
		if c := w.coinAt(in.prevout); c != nil {
			c.spent = true
			w.Coin--
			w.Unconfirmed -= c.output.value
		}
	}
	for i, out := range tx.outputs {
		p, ok := w.owns(out.address)
		if !ok {
			continue
		}
		w.coins = append(w.coins, &walletCoin{tx.outpoint(i), out, p, -1, tx.isCoinbase(), false})
		w.Coin++
		w.Unconfirmed += out.value
		if p.index+1 < w.next[p.branch] {
			continue
		}
		if addr := w.derive(p.branch); p.branch == receiveBranch {
			fresh = append(fresh, addr)
		}
	}
	return fresh
}

// confirm takes note that a block at height has the transaction.
func (w *wallet) confirm(tx *transaction, height int32) {
	delete(w.seen, tx.id)
	for _, in := range tx.inputs {
		if c := w.coinAt(in.prevout); c != nil {
			w.Confirmed -= c.output.value
			w.coins = slices.DeleteFunc(w.coins, func(other *walletCoin) bool { return other == c })
		}
	}
	for _, c := range w.coins {
		if c.point.txid == tx.id {
			c.height = height
			w.Confirmed += c.output.value
		}
	}
}

// How many coins a wallet may have before its payments gather them up, so that
// one that is paid all the time does not grow, and how many one payment gathers.
const (
	manyCoins  = 100
	mostInputs = 50
)

// pay makes a transaction that pays value to an address and the rest back to the
// wallet, for a block at height. It returns nil if the wallet lacks the coins.
func (w *wallet) pay(to address, value uint64, height uint32) *transaction {
	var spent []*walletCoin
	var sum uint64
	var tx *transaction
	gather := min(len(w.coins)-manyCoins, mostInputs)
	for _, c := range w.coins {
		if !c.spendable(height) {
			continue
		}
		spent = append(spent, c)
		sum += c.output.value
		if tx = w.build(spent, sum, to, value); tx != nil && len(spent) >= gather {
			break
		}
	}
	return tx
}

// spendable reports whether a block at height may spend the coin.
func (c *walletCoin) spendable(height uint32) bool {
	if c.spent || c.height < 0 {
		return false
	}
	return !c.coinbase || int64(height)-int64(c.height) >= coinbaseMaturity
}

// build returns the transaction, or nil if sum does not cover value and the fee.
func (w *wallet) build(spent []*walletCoin, sum uint64, to address, value uint64) *transaction {
	var inputs []input
	for _, c := range spent {
		inputs = append(inputs, input{c.point, finalSequence, [][]byte{c.path.script}})
	}
	outputs := []output{{value, to}, {0, w.current(changeBranch)}}
	size := newTransaction(inputs, outputs, 0).virtualSize() // the values do not change it
	fee := uint64(size) * feeRate / 1000
	if sum < value+fee {
		return nil
	}
	outputs[1].value = sum - value - fee
	return newTransaction(inputs, outputs, 0)
}
