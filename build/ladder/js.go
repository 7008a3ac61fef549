//go:build ignore

// What we have of syscall/js through safejs, without safejs.
package main

import "syscall/js"

func main() {
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		v := args[0].Get("option")
		switch v.Type() {
		case js.TypeBoolean:
			return v.Truthy()
		case js.TypeNumber:
			return v.Float()
		}
		return v.String()
	})
	js.Global().Get("place").Set("create", f)
	select {}
}
