//go:build js && wasm

// Package border can run only where its import is.
package border

//go:wasmimport bsock twice
func twice(n int32) int32
