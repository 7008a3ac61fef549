package native

import (
	"bufio"
	"net"
	"net/http"
)

// A staged handshake is heard by the module alone: it gives it a wire on which
// there has been one already.
type staged struct {
	wire   *wire
	header http.Header
}

// rehearsed is the request of such a handshake.
var rehearsed = &http.Request{
	Method:     http.MethodGet,
	ProtoMajor: 1,
	ProtoMinor: 1,
	Header: http.Header{
		"Connection":            {"Upgrade"},
		"Upgrade":               {"websocket"},
		"Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key":     {"c3RhZ2VkIGhhbmRzaGFrZQ=="}, // any 16 bytes
	},
}

// Header implements http.ResponseWriter.
func (s *staged) Header() http.Header { return s.header }

// Write implements http.ResponseWriter.
func (s *staged) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader implements http.ResponseWriter.
func (s *staged) WriteHeader(int) {}

// Hijack implements http.Hijacker.
func (s *staged) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	rw := bufio.NewReadWriter(bufio.NewReaderSize(s.wire, controlRoom), bufio.NewWriterSize(s.wire, controlRoom))
	return hijacked{wire: s.wire}, rw, nil
}

// A hijacked wire is what the module takes for a connection. It does nothing else
// with it but read, write and close.
type hijacked struct {
	net.Conn
	wire *wire
}

// Read implements net.Conn.
func (c hijacked) Read(p []byte) (int, error) { return c.wire.Read(p) }

// Write implements net.Conn.
func (c hijacked) Write(p []byte) (int, error) { return c.wire.Write(p) }

// Close implements net.Conn.
func (c hijacked) Close() error { return c.wire.Close() }

// controlRoom is more than a control frame takes. The module reads little else
// and writes nothing else.
// RFC 6455, section 5.5
const controlRoom = 1 << 8
