package native

import (
	"errors"
	"log"
)

// logPanic logs err if it is a panic, as net/http does: a fault of the program
// must not pass unseen because nobody asked for errors.
func logPanic(err error) {
	var p *PanicError
	if errors.As(err, &p) {
		log.Printf("bsock/native: %v\n%s", p, p.Stack)
	}
}
