package bsock

import "time"

// A Backoff says how long a client waits before it tries again: the n-th delay
// is drawn from 0 to Min·Factorⁿ, at most Max. Full jitter keeps a thousand
// clients of a server that went down from coming back in step.
type Backoff struct {
	// Off turns reconnecting off.
	Off bool
	// Min is the bound of the first delay; 0 means 1 s.
	Min time.Duration
	// Max bounds them all; 0 means 30 s.
	Max time.Duration
	// Factor is by what the bound grows; 0 means 2.
	Factor float64
	// Limit ends the attempts after so many in a row; 0 means never.
	Limit int
	// Stable is how long a connection must last for the delays to begin
	// anew; 0 means 5 s.
	Stable time.Duration
}

func (b Backoff) withDefaults() Backoff {
	setDefault(&b.Min, time.Second)
	setDefault(&b.Max, 30*time.Second)
	setDefault(&b.Factor, 2)
	setDefault(&b.Stable, 5*time.Second)
	return b
}

// bound returns the longest delay before attempt n, counted from 0.
func (b Backoff) bound(n int) time.Duration {
	d := float64(b.Min)
	for range min(n, 64) {
		if d *= b.Factor; d >= float64(b.Max) {
			return b.Max
		}
	}
	return min(time.Duration(d), b.Max)
}
