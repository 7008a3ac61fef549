//go:build js && wasm

// Command wasm is the least that has all a module has: an import, an export,
// a build id, and something to say.
package main

import "syscall/js"

var build string

//go:wasmimport bsock twice
func twice(n int32) int32

//go:wasmexport addOne
func addOne(n int32) int32 { return twice(n)/2 + 1 }

func main() {
	println("hello")
	js.Global().Set("told", build)
	select {}
}
