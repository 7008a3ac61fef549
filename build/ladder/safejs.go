//go:build ignore

// What we have of safejs: a function for JavaScript, which reads an object.
package main

import "github.com/hack-pad/safejs"

func main() {
	f, err := safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
		v, err := args[0].Get("option")
		if err != nil || v.IsUndefined() || v.IsNull() {
			return nil
		}
		var value any
		switch v.Type() {
		case safejs.TypeBoolean:
			value, err = v.Truthy()
		case safejs.TypeNumber:
			value, err = v.Float()
		default:
			value, err = v.String()
		}
		if err != nil {
			return err.Error()
		}
		return value
	})
	if err != nil {
		panic(err)
	}
	place, err := safejs.Global().Get("place")
	if err == nil {
		err = place.Set("create", f)
	}
	if err != nil {
		panic(err)
	}
	select {}
}
