package native

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
)

// How the connections of a server and of a client come to be wires: the module
// is given them as it asks for them.

// A hijacker has the connection it gives away become a wire.
type hijacker struct {
	http.ResponseWriter
	wire        *wire
	writeBuffer int // of the system, in bytes; 0 leaves it alone
}

// canHijack reports whether w, or what it wraps, gives its connection away. The
// module takes a hijacker's word for it and answers the handshake first.
func canHijack(w http.ResponseWriter) bool {
	for {
		if _, can := w.(http.Hijacker); can {
			return true
		}
		wrapper, is := w.(interface{ Unwrap() http.ResponseWriter })
		if !is {
			return false
		}
		w = wrapper.Unwrap()
	}
}

// WriteHeaderNow is what the module asks gin's writer for.
func (h *hijacker) WriteHeaderNow() {
	if w, ok := h.ResponseWriter.(interface{ WriteHeaderNow() }); ok {
		w.WriteHeaderNow()
	}
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
	h.wire = newWire(conn, true)
	h.wire.now = newAttempts(conn)
	h.wire.in.now = h.wire.now
	early, err := rw.Reader.Peek(rw.Reader.Buffered())
	if err != nil {
		return nil, nil, err
	}
	h.wire.in.raw = bytes.Clone(early)
	return released{conn}, rw, nil
}

// A released connection is given to a Conn of the module's that is not to use it.
type released struct{ net.Conn }

// Close implements net.Conn.
func (released) Close() error { return nil }

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

// A dialer is a transport whose one connection becomes a wire.
type dialer struct {
	http.RoundTripper
	wire *wire
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
	var below net.Conn
	trace := httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { below = info.Conn }}
	resp, err := d.RoundTripper.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), &trace)))
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		return resp, err
	}
	if conn, ok := resp.Body.(io.ReadWriteCloser); ok {
		d.wire = newWire(conn, false)
		resp.Body = d.wire
		if _, ok := d.RoundTripper.(*http.Transport); ok { // others may have a body that is not the connection
			d.wire.now = newAttempts(below)
		}
	}
	return resp, nil
}
