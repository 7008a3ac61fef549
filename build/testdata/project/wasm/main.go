//go:build js && wasm

// Command wasm is the least that has all a module has: an import, an export, a
// function for JavaScript, and something to say.
package main

import "syscall/js"

//go:wasmimport bsock twice
func twice(n int32) int32

var begun = 0

//go:wasmexport addOne
func addOne(n int32) int32 {
	println("hello", begun)
	return twice(n)/2 + 1
}

func main() {
	begun++ // once, when the module is built
	add := js.FuncOf(func(_ js.Value, args []js.Value) any { return args[0].Int() + args[1].Int() })
	js.Global().Get("bsock").Set("create", add)
	select {}
}
