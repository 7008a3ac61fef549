//go:build js && wasm

package jsbridge

import "runtime"

// The garbage collector marks in a goroutine of its own, and an export does not
// pass through the scheduler. A collection that has begun would last until so
// much had been allocated that whoever allocates has done all the marking. Until
// then every pointer that is written costs more: each of 100,000 emits that had
// waited took 0.74 µs to be sent, not 0.33.

// restEvery is how many exports, and texts that are sent, come between two
// rests: one takes 0.6 µs where there is nothing to collect.
const restEvery = 256

var restless uint32

// rest lets the collector mark, every so often.
func rest() {
	if restless++; restless%restEvery == 0 {
		runtime.Gosched()
	}
}
