//go:build js && wasm

package jsbridge

import "github.com/hack-pad/safejs"

// The module and its loader meet at one object, which the loader lays into the
// module's global scope under the name below. The module writes a function on
// it, and is ready then.

const meetingPlace = "bsock"

// Publish offers g to the loader. create is called once for each store, in the
// order of their numbers, with its options, undefined if there are none; it
// returns what is wrong with them.
func Publish(g Guest, create func(h *Host, options safejs.Value) error) error {
	guest = g
	stores := 0
	place, err := safejs.Global().Get(meetingPlace)
	if err != nil {
		return err
	}
	f, err := safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
		h := Host(stores)
		if problem := createStore(create, &h, args); problem != nil {
			return problem
		}
		stores++
		return nil
	})
	if err != nil {
		return err
	}
	return place.Set("create", f)
}

// createStore returns to JavaScript nothing, or what is wrong.
func createStore(create func(*Host, safejs.Value) error, h *Host, args []safejs.Value) (problem any) {
	defer func() {
		if r := recover(); r != nil {
			problem = "The options could not be read."
		}
	}()
	var options safejs.Value
	if len(args) > 0 {
		options = args[0]
	}
	if err := create(h, options); err != nil {
		return err.Error()
	}
	return nil
}
