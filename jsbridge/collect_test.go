//go:build js && wasm

package jsbridge

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A link is something to mark.
type link struct{ next *link }

// waste is what was allocated last, and is garbage with the next.
var waste *[64]byte

func stats() (s runtime.MemStats) {
	runtime.ReadMemStats(&s)
	return s
}

// TestCollectionEnds: the ends of exports, which allocate nothing, bring a
// collection that has begun to its end.
func TestCollectionEnds(t *testing.T) {
	var live *link
	for range 1 << 20 {
		live = &link{live}
	}
	runtime.GC()
	before := stats()
	for s := before; s.HeapAlloc < s.NextGC-s.NextGC/32; s = stats() { // it begins before it has reached its goal
		for range 256 {
			waste = new([64]byte)
		}
	}
	assert.Equal(t, before.NumGC, stats().NumGC, "it lasts")
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		guard(0)
	}
	assert.Equal(t, before.NumGC+1, stats().NumGC, "it has ended")
	runtime.KeepAlive(live)
}
