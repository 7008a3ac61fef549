package simnode

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"
)

// A world is everything that is simulated: the chain, the transactions that
// wait for a block, and the wallets. It reads no clock and does no I/O: each
// step is given the time and leaves what happened in a queue, in the order in
// which hsd would tell it.
type world struct {
	rand    *rand.Rand
	chain   *chain
	mempool []*transaction
	wallets map[string]*wallet
	events  []event
}

// An event is something a client may be told.
type event struct {
	kind eventKind

	block *block       // set for blockConnected
	tx    *transaction // set for txSeen

	// Set for walletEvent: what is told to those who joined the wallet.
	wallet string
	name   string
	value  any
}

type eventKind uint8

const (
	noEvent eventKind = iota
	blockConnected
	txSeen
	walletEvent
)

// The wallets that there are from the start. Mining pays the miner, which pays
// for the deposits to the other.
const (
	MinerWallet   = "miner"
	PrimaryWallet = "primary"
)

func newWorld(random *rand.Rand) *world {
	return &world{
		rand:  random,
		chain: newChain(),
		wallets: map[string]*wallet{
			MinerWallet:   newWallet(MinerWallet),
			PrimaryWallet: newWallet(PrimaryWallet),
		},
	}
}

// drain returns what happened since it was last called.
func (w *world) drain() []event {
	events := w.events
	w.events = nil
	return events
}

// addWallet makes sure that there is a wallet of that id.
func (w *world) addWallet(id string) {
	if _, ok := w.wallets[id]; !ok {
		w.wallets[id] = newWallet(id)
	}
}

// pay sends value from one wallet to another. The transaction waits for the next
// block.
func (w *world) pay(now time.Time, from, to string, value uint64) (*transaction, error) {
	payer, payee := w.wallets[from], w.wallets[to]
	switch {
	case payer == nil:
		return nil, fmt.Errorf("there is no wallet %q to pay from", from)
	case payee == nil:
		return nil, fmt.Errorf("there is no wallet %q to pay to", to)
	}
	tx := payer.pay(payee.current(receiveBranch), value, w.chain.tip().height+1)
	if tx == nil {
		return nil, fmt.Errorf("wallet %q has no coins for %d: mine a block or two", from, value)
	}
	w.mempool = append(w.mempool, tx)
	w.events = append(w.events, event{kind: txSeen, tx: tx})
	for _, wallet := range w.concerned(tx) {
		w.insert(wallet, tx, nil, now)
	}
	return tx, nil
}

// mine makes the next block of all transactions that wait.
func (w *world) mine(now time.Time) *block {
	coinbase := w.coinbase()
	b := w.chain.mine(now, append([]*transaction{coinbase}, w.mempool...))
	w.mempool = nil
	w.events = append(w.events, event{kind: blockConnected, block: b})
	for _, wallet := range w.concerned(coinbase) {
		w.insert(wallet, coinbase, b, now)
	}
	for _, tx := range b.txs[1:] {
		for _, wallet := range w.concerned(tx) {
			w.confirm(wallet, tx, b)
		}
	}
	for _, wallet := range w.wallets {
		wallet.forget()
	}
	return b
}

// coinbase makes the transaction that pays for the next block. Its witness makes
// it unlike all others. hsd: lib/mining/template.js createCoinbase.
func (w *world) coinbase() *transaction {
	height := w.chain.tip().height + 1
	value := reward(height)
	for _, tx := range w.mempool {
		value += w.fee(tx)
	}
	nonce := binary.LittleEndian.AppendUint64(nil, w.rand.Uint64())
	in := input{nothing, w.rand.Uint32(), [][]byte{[]byte(Label), nonce, make([]byte, 8)}}
	out := output{value, w.wallets[MinerWallet].current(receiveBranch)}
	return newTransaction([]input{in}, []output{out}, height)
}

// fee returns what a waiting transaction leaves to the miner. Its payer, whose
// coins are all its inputs, knows.
func (w *world) fee(tx *transaction) (fee uint64) {
	for _, wallet := range w.wallets {
		fee = max(fee, wallet.details(tx, nil).Fee)
	}
	return fee
}

// concerned returns the wallets that tx is about, by id.
func (w *world) concerned(tx *transaction) (found []*wallet) {
	for _, id := range slices.Sorted(maps.Keys(w.wallets)) {
		if wallet := w.wallets[id]; wallet.concerns(tx) {
			found = append(found, wallet)
		}
	}
	return found
}

// insert tells a wallet of a new transaction, which is in b or in no block yet,
// and clients what the wallet says.
// hsd: lib/wallet/txdb.js insert, lib/wallet/wallet.js add.
func (w *world) insert(wallet *wallet, tx *transaction, b *block, now time.Time) {
	wallet.seen[tx.id] = now.Unix()
	told := wallet.details(tx, b)
	fresh := wallet.insert(tx)
	if b != nil {
		wallet.confirm(tx, int32(b.height))
	}
	w.tell(wallet, "tx", told)
	w.tell(wallet, "balance", wallet.balance)
	if len(fresh) > 0 {
		var addresses []addressJSON
		for _, addr := range fresh {
			addresses = append(addresses, wallet.addressJSON(addr))
		}
		w.tell(wallet, "address", addresses)
	}
}

// confirm tells a wallet that b has a transaction it knows.
// hsd: lib/wallet/txdb.js confirm.
func (w *world) confirm(wallet *wallet, tx *transaction, b *block) {
	told := wallet.details(tx, b)
	wallet.confirm(tx, int32(b.height))
	w.tell(wallet, "confirmed", told)
	w.tell(wallet, "balance", wallet.balance)
}

func (w *world) tell(wallet *wallet, name string, value any) {
	w.events = append(w.events, event{kind: walletEvent, wallet: wallet.id, name: name, value: value})
}
