package native

import (
	"io"
	"net"
	"sync"
)

// A wire is the connection below a WebSocket, which the module and a link write
// to: the module control frames, the link messages. One close frame is the last
// thing said.
//
// The WebSocket module answers every close frame with one of its own, even if
// that was the peer's answer to ours. A browser takes what comes behind a close
// frame for a broken connection: it would report 1006 in place of the code it
// was given.
// RFC 6455, section 5.5.1: "The application MUST NOT send any more data frames
// after sending a Close frame."
type wire struct {
	io.Closer
	in intake

	mu   sync.Mutex
	to   io.Writer
	said bool // a close frame has been written, or begun
}

func newWire(conn io.ReadWriteCloser, server bool) *wire {
	return &wire{Closer: conn, in: newIntake(conn, server), to: conn}
}

// closeFrame is the first byte of a close frame: FIN and the opcode.
// RFC 6455, section 5.2
const closeFrame = 0x88

// Write implements io.Writer for the module, which writes a control frame at a
// time. What comes too late is dropped.
func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.said {
		return len(p), nil
	}
	w.said = len(p) > 0 && p[0] == closeFrame
	return w.to.Write(p)
}

// Read implements io.Reader for the module, which takes io.EOF within a message
// for the end of that: it would hand on half a message as a whole one.
func (w *wire) Read(p []byte) (int, error) {
	n, err := w.in.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// send writes frames, which are whole: head and then rest, which may be empty.
// Nothing gets between the two, no pong within a frame.
func (w *wire) send(head, rest []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.said {
		return net.ErrClosed
	}
	_, err := w.to.Write(head)
	if err == nil && len(rest) > 0 {
		_, err = w.to.Write(rest)
	}
	return err
}
