//go:build js && wasm

package jsbridge

import "github.com/hack-pad/safejs"

// The module and its loader meet at one object, which the loader lays into the
// module's global scope under the name below. The loader puts the options of a
// store there, and finds there what is wrong with them.

const meetingPlace = "bsock"

var (
	meeting safejs.Value
	create  func(h *Host, options safejs.Value) error
	stores  int // that have been made
)

// Publish offers g to the loader. c is called once for each store, in the order
// of their numbers, with its options, undefined if there are none; it returns
// what is wrong with them.
func Publish(g Guest, c func(h *Host, options safejs.Value) error) (err error) {
	guest, create = g, c
	meeting, err = safejs.Global().Get(meetingPlace)
	return err
}

// createStore makes a store, and reports whether it could.
//
//go:wasmexport createStore
func createStore() bool {
	h := Host(stores)
	if problem := tryCreate(&h); problem != "" {
		_ = meeting.Set("problem", problem) // it is an object of the loader's
		return false
	}
	stores++
	return true
}

// tryCreate returns what is wrong.
func tryCreate(h *Host) (problem string) {
	defer func() {
		if r := recover(); r != nil {
			problem = "The options could not be read."
		}
	}()
	options, err := meeting.Get("options")
	if err == nil {
		err = create(h, options)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
