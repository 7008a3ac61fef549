package native

import (
	"io"
	"sync"
	"sync/atomic"
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
	in bundler

	// leaving is set before a close frame of ours.
	leaving atomic.Bool

	mu   sync.Mutex
	to   io.Writer
	said bool
}

func newWire(conn io.ReadWriteCloser, server bool) *wire {
	return &wire{Closer: conn, in: bundler{from: conn, masked: server}, to: conn}
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
	w.said = w.leaving.Load() && len(p) > 0 && p[0] == closeFrame
	return w.to.Write(p)
}

// Read implements io.Reader for the module.
func (w *wire) Read(p []byte) (int, error) { return w.in.Read(p) }

// send writes frames, which are whole, or the rest of the one it wrote last.
func (w *wire) send(frames []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.to.Write(frames)
	return err
}
