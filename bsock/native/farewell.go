package native

import (
	"bufio"
	"net"
	"net/http"
	"sync/atomic"
)

// A farewell is a connection on which one close frame is the last thing said.
//
// The WebSocket module answers every close frame with one of its own, even if
// that was the peer's answer to ours. A browser takes what comes behind a close
// frame for a broken connection: it would report 1006 in place of the code it
// was given.
// RFC 6455, section 5.5.1: "The application MUST NOT send any more data frames
// after sending a Close frame."
type farewell struct {
	net.Conn
	// leaving is set before a close frame of ours. Until then a piece of a
	// long message may well begin with the same byte.
	leaving atomic.Bool
	// said is for the writer of frames, of which there is one at a time.
	said bool
}

// closeFrame is the first byte of a close frame: FIN and the opcode.
// RFC 6455, section 5.2
const closeFrame = 0x88

// Write implements net.Conn. What comes too late is dropped.
func (f *farewell) Write(p []byte) (int, error) {
	if f.said {
		return len(p), nil
	}
	f.said = f.leaving.Load() && len(p) > 0 && p[0] == closeFrame
	return f.Conn.Write(p)
}

// A hijacker makes the connection it gives away a farewell.
type hijacker struct {
	http.ResponseWriter
	conn *farewell
}

// Hijack implements http.Hijacker.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.conn = &farewell{Conn: conn}
	rw.Writer.Reset(h.conn) // nothing is in it yet
	return h.conn, rw, nil
}
