//go:build js && wasm

package jsbridge

// JavaScript hands strings over by writing them into this buffer. It grows to
// the longest that Go ever had to see whole, which is rarely more than the
// head of a message, and stays where it is otherwise: the garbage collector
// does not move it.

const bufferSize = 4096

var buffer = make([]byte, bufferSize)

// memory returns the address of a buffer of at least size bytes.
//
//go:wasmexport memory
func memory(size uint32) *byte {
	if int(size) > len(buffer) {
		buffer = make([]byte, size)
	}
	return &buffer[0]
}

// release lets a buffer go that was grown for one long message.
//
//go:wasmexport release
func release() *byte {
	if len(buffer) > bufferSize {
		buffer = make([]byte, bufferSize)
	}
	return &buffer[0]
}

// fromBuffer returns a copy of what an import has put into the buffer.
func fromBuffer(size uint32) string {
	return string(buffer[:min(int(size), len(buffer))])
}
