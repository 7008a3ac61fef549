package simnode

import (
	"fmt"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// Errors are answered in hsd's own words, with its names and types.

func failure(message string) error {
	return &bsock.RemoteError{Message: message, Name: "Error"}
}

var (
	errParameter    = failure("Invalid parameter.")
	errKey          = failure("Invalid API key.")
	errAuthed       = failure("Already authed.")
	errNoFilter     = failure("No filter set.")
	errChunk        = failure("Bad data chunk.")
	errUpdateFlag   = failure("Invalid update flag.")
	errFilterSize   = failure("Bloom filter size violates policy limits!")
	errPruned       = failure("Block not found.")
	errNoEntry      = failure("Could not find entry.")
	errAborted      = failure("scan request aborted.")
	errAction       = failure("Unknown action.")
	errTakesNothing = failure("This node is simulated: it relays no transactions or claims of others.")
	errNoNames      = failure("This node is simulated: it has no names.")
)

// notA says that an argument is of the wrong kind. bval: lib/validator.js.
func notA(kind string, i int) error {
	return &bsock.RemoteError{
		Message: fmt.Sprintf("Param #%d must be a %s.", i, kind),
		Name:    "Error",
		Type:    "ValidationError",
	}
}

// outOfBounds says that binary data ended too soon. bufio: lib/error.js.
func outOfBounds(offset int) error {
	return &bsock.RemoteError{
		Message: fmt.Sprintf("Out of bounds read (offset=%d).", offset),
		Name:    "EncodingError",
		Type:    "EncodingError",
		Code:    "ERR_ENCODING",
	}
}
