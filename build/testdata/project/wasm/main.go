//go:build js && wasm

// Command wasm is the least that has all a module has: an import, an export, a
// value of JavaScript's, and something to say.
package main

import "syscall/js"

//go:wasmimport bsock twice
func twice(n int32) int32

var (
	begun   = 0
	meeting js.Value
)

//go:wasmexport addOne
func addOne(n int32) int32 {
	println("hello", begun)
	meeting.Set("told", n)
	return twice(n)/2 + 1
}

func main() {
	begun++ // once, when the module is built
	meeting = js.Global().Get("bsock")
	select {}
}
