//go:build js && wasm

// Command wasm is the module that a browser loads: the bridge to JavaScript and
// the middleware meet here, and nowhere else.
package main

import (
	"math/rand/v2"

	"github.com/hack-pad/safejs"

	"github.com/bsock-wasm/bsock-wasm/jsbridge"
	"github.com/bsock-wasm/bsock-wasm/middleware"
)

var _ middleware.Host = (*jsbridge.Host)(nil)

func main() {
	if err := jsbridge.Publish(&guest{}, create); err != nil {
		panic(err)
	}
	// All until here is done when the module is built; the exports do the rest.
	select {}
}

// stores are the Middlewares by the number of their store.
var stores []*middleware.Middleware

func create(host *jsbridge.Host, value safejs.Value) error {
	options, err := readOptions(value)
	if err != nil {
		return err
	}
	options.Jitter = rand.Float64
	stores = append(stores, middleware.New(host, options))
	return nil
}
