package native

import (
	"bytes"
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
	now  *attempts // writes that do not wait; nil if there is no way to make them
	kept [][]byte  // of frames that have been offered, and come before all else
	said bool      // a close frame has been written, or begun
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
	if err := w.writeKept(); err != nil {
		return 0, err
	}
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
	err := w.writeKept()
	if err == nil && len(head) > 0 {
		_, err = w.to.Write(head)
	}
	if err == nil && len(rest) > 0 {
		_, err = w.to.Write(rest)
	}
	return err
}

// writeKept writes what the system did not take when it was offered.
func (w *wire) writeKept() error {
	for len(w.kept) > 0 {
		if _, err := w.to.Write(w.kept[0]); err != nil {
			return err
		}
		w.kept = w.kept[1:]
	}
	w.kept = nil
	return nil
}

// free reports whether the caller may offer: nobody else is writing, nothing is
// left from before, and the connection is one that can be written to without
// waiting. If so the caller holds mu.
func (w *wire) free() bool {
	if w.now == nil || !w.mu.TryLock() {
		return false
	}
	if w.said || len(w.kept) > 0 {
		w.mu.Unlock()
		return false
	}
	return true
}

// offer writes frames, as send does, as far as the system takes them at once. It
// keeps the rest, of head a copy, and returns how much that is.
func (w *wire) offer(head, rest []byte) int {
	if len(w.kept) == 0 {
		head = head[w.now.write(head):]
	}
	if len(head) > 0 {
		w.kept = append(w.kept, bytes.Clone(head))
	} else if len(w.kept) == 0 && len(rest) > 0 {
		rest = rest[w.now.write(rest):]
	}
	if len(rest) > 0 {
		w.kept = append(w.kept, rest)
	}
	return len(head) + len(rest)
}
