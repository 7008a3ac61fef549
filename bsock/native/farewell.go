package native

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync/atomic"
)

// A farewell writes to a connection on which one close frame is the last thing
// said.
//
// The WebSocket module answers every close frame with one of its own, even if
// that was the peer's answer to ours. A browser takes what comes behind a close
// frame for a broken connection: it would report 1006 in place of the code it
// was given.
// RFC 6455, section 5.5.1: "The application MUST NOT send any more data frames
// after sending a Close frame."
type farewell struct {
	to io.Writer
	// leaving is set before a close frame of ours. Until then a piece of a
	// long message may well begin with the same byte.
	leaving atomic.Bool
	// said is for the writer of frames, of which there is one at a time.
	said bool
}

// closeFrame is the first byte of a close frame: FIN and the opcode.
// RFC 6455, section 5.2
const closeFrame = 0x88

// Write implements io.Writer. What comes too late is dropped.
func (f *farewell) Write(p []byte) (int, error) {
	if f.said {
		return len(p), nil
	}
	f.said = f.leaving.Load() && len(p) > 0 && p[0] == closeFrame
	return f.to.Write(p)
}

// A hijacker has the connection it gives away written through a farewell.
type hijacker struct {
	http.ResponseWriter
	last        *farewell
	writeBuffer int // of the system, in bytes; 0 leaves it alone
}

// Hijack implements http.Hijacker.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	if h.writeBuffer > 0 {
		setWriteBuffer(conn, h.writeBuffer)
	}
	h.last = &farewell{to: conn}
	rw.Writer.Reset(h.last) // nothing is in it yet
	return hijacked{conn, h.last}, rw, nil
}

// setWriteBuffer bounds what the system takes in for a peer that does not read,
// which else are megabytes.
func setWriteBuffer(conn net.Conn, size int) {
	if secure, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = secure.NetConn()
	}
	if tcp, ok := conn.(interface{ SetWriteBuffer(int) error }); ok {
		_ = tcp.SetWriteBuffer(size) // a system that does not listen takes what it wants
	}
}

type hijacked struct {
	net.Conn
	last *farewell
}

// Write implements net.Conn.
func (c hijacked) Write(p []byte) (int, error) { return c.last.Write(p) }

// A dialer is a transport whose one connection is written through a farewell.
type dialer struct {
	http.RoundTripper
	last *farewell
}

// through returns a client that is c but for its transport.
func (d *dialer) through(c *http.Client) *http.Client {
	if c == nil {
		c = http.DefaultClient
	}
	if d.RoundTripper = c.Transport; d.RoundTripper == nil {
		d.RoundTripper = http.DefaultTransport
	}
	own := *c
	own.Transport = d
	return &own
}

// RoundTrip implements http.RoundTripper.
func (d *dialer) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := d.RoundTripper.RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		return resp, err
	}
	if conn, ok := resp.Body.(io.ReadWriteCloser); ok {
		d.last = &farewell{to: conn}
		resp.Body = upgraded{conn, d.last}
	}
	return resp, nil
}

type upgraded struct {
	io.ReadWriteCloser
	last *farewell
}

// Write implements io.ReadWriteCloser.
func (c upgraded) Write(p []byte) (int, error) { return c.last.Write(p) }
