//go:build js && wasm

package main

// What happens to a Go program once: its stack grows, and memory is set aside
// for the first objects of each size. The engine compiles the 70 functions that
// do it when they are called first, and every page would wait for that. So it
// happens before the module is shipped, and pages begin behind it.

// Enough for a store to be made and to connect: less, and a page pays for all
// of it; more makes the module larger. Sizes are in bytes.
const (
	stackSize       = 4 << 10
	largestText     = 128
	largestPointers = 1024 // of an object that has pointers in it
)

// rehearse is called by build/wasmbuild/snapshot.mjs, where main waits, and by
// no page: an export runs on a stack that main does not have.
//
//go:wasmexport rehearse
func rehearse() {
	growStack()
	for size := range sizes(largestText) {
		rehearsed = make([]byte, size)
	}
	for size := range sizes(largestPointers) {
		rehearsed = make([]*byte, size/8)
	}
	rehearsed = nil
}

// rehearsed keeps the compiler from leaving out what nobody uses.
var rehearsed any

// sizes are closer to each other than those that the runtime tells apart.
func sizes(largest int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for size := 8; size <= largest && yield(size); size += max(8, size/16) {
		}
	}
}

//go:noinline
func growStack() byte {
	var room [stackSize]byte
	return lastOf(&room)
}

//go:noinline
func lastOf(room *[stackSize]byte) byte { return room[stackSize-1] }
