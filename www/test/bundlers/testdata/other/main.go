//go:build js && wasm

// Command other is a Go program of somebody else's in the same page.
package main

import "syscall/js"

func main() {
	js.Global().Set("add", js.FuncOf(func(_ js.Value, args []js.Value) any {
		return args[0].Int() + args[1].Int()
	}))
	select {}
}
