package simnode

import (
	"time"
)

// A chart of a chain that ticks like a clock shows nothing, and neither does a
// wallet to which nothing happens.

// delay returns how long the next block takes: interval on average, between
// four and sixteen tenths of it.
func (w *world) delay(interval time.Duration) time.Duration {
	return time.Duration((0.4 + 1.2*w.rand.Float64()) * float64(interval))
}

// act does what happens between two blocks: every third time or so the primary
// wallet is paid, and now and then it pays. Nothing happens to a wallet that has
// no coins to pay with.
func (w *world) act(now time.Time) {
	value := uint64(coin + w.rand.IntN(49*coin))
	switch chance := w.rand.Float64(); {
	case chance < 0.3:
		w.pay(now, MinerWallet, PrimaryWallet, value)
	case chance < 0.4:
		w.pay(now, PrimaryWallet, MinerWallet, value/2)
	}
}

// live mines blocks in the past, at the pace of interval, so that there is
// something to see from the start. Nobody is told of it.
func (w *world) live(now time.Time, blocks int, interval time.Duration) {
	var ago time.Duration
	delays := make([]time.Duration, blocks)
	for i := range delays {
		delays[i] = w.delay(interval)
		ago += delays[i]
	}
	for _, delay := range delays {
		w.act(now.Add(delay/2 - ago))
		ago -= delay
		w.mine(now.Add(-ago))
	}
	w.drain()
}
