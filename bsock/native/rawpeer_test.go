package native_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A rawPeer is a WebSocket client, or server, that sends what it is told, right
// or wrong, and reads only when it is told to.
type rawPeer struct {
	*testing.T
	conn   net.Conn
	r      *bufio.Reader
	server bool
}

// WebSocket opcodes of RFC 6455, section 5.2.
const (
	opText   = 1
	opBinary = 2
	opClose  = 8
)

// upgrade sends a handshake, with further header lines, and returns the answer.
func upgrade(t *testing.T, conn net.Conn, target string, header ...string) (*rawPeer, *http.Response) {
	t.Helper()
	t.Cleanup(func() { conn.Close() })
	request := "GET " + target + " HTTP/1.1\r\nHost: node.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	for _, line := range header {
		request += line + "\r\n"
	}
	_, err := io.WriteString(conn, request+"\r\n")
	require.NoError(t, err)
	p := &rawPeer{T: t, conn: conn, r: bufio.NewReader(conn)}
	resp, err := http.ReadResponse(p.r, nil)
	require.NoError(t, err)
	return p, resp
}

// rawDial connects and reads the greeting.
func (w *world) rawDial(header ...string) *rawPeer {
	w.Helper()
	return w.rawDialTo("/socket.io/?transport=websocket", header...)
}

func (w *world) rawDialTo(target string, header ...string) *rawPeer {
	w.Helper()
	conn, err := w.net.Load().dial(w.ctx)
	require.NoError(w, err)
	p, resp := upgrade(w.T, conn, target, header...)
	require.Equal(w, http.StatusSwitchingProtocols, resp.StatusCode, "the handshake is accepted")
	require.Contains(w, p.wantText(), `0{"sid":`, "a server greets first")
	require.Equal(w, "40", p.wantText(), "and then connects")
	return p
}

func (p *rawPeer) text(s string)      { p.frame(opText, []byte(s)) }
func (p *rawPeer) binary(data []byte) { p.frame(opBinary, append([]byte{4}, data...)) }

// frame writes a frame; a client's has a mask, of zeros.
func (p *rawPeer) frame(op byte, data []byte) {
	p.Helper()
	mask, key := byte(0x80), []byte{0, 0, 0, 0}
	if p.server {
		mask, key = 0, nil
	}
	head := []byte{0x80 | op}
	switch n := len(data); {
	case n < 126:
		head = append(head, mask|byte(n))
	case n < 1<<16:
		head = binary.BigEndian.AppendUint16(append(head, mask|126), uint16(n))
	default:
		head = binary.BigEndian.AppendUint64(append(head, mask|127), uint64(n))
	}
	_, err := p.conn.Write(append(append(head, key...), data...))
	require.NoError(p, err, "a frame can be written")
}

// next reads a frame.
func (p *rawPeer) next() (op byte, data []byte, err error) {
	_ = p.conn.SetReadDeadline(time.Now().Add(longEnough))
	var head [2]byte
	if _, err = io.ReadFull(p.r, head[:]); err != nil {
		return 0, nil, err
	}
	size := uint64(head[1] & 0x7f)
	switch size {
	case 126:
		var n uint16
		err = binary.Read(p.r, binary.BigEndian, &n)
		size = uint64(n)
	case 127:
		err = binary.Read(p.r, binary.BigEndian, &size)
	}
	if err != nil {
		return 0, nil, err
	}
	var key [4]byte
	if p.server {
		if _, err = io.ReadFull(p.r, key[:]); err != nil {
			return 0, nil, err
		}
	}
	data = make([]byte, size)
	_, err = io.ReadFull(p.r, data)
	for i := range data {
		data[i] ^= key[i%len(key)]
	}
	return head[0] & 0xf, data, err
}

func (p *rawPeer) wantText() string {
	p.Helper()
	op, data, err := p.next()
	require.NoError(p, err, "there is a frame")
	require.Equal(p, byte(opText), op, "it is text, not %q", data)
	return string(data)
}

// wantClose reads until the close frame and returns what it says.
func (p *rawPeer) wantClose() string {
	p.Helper()
	for {
		op, data, err := p.next()
		require.NoError(p, err, "there is a close frame")
		if op == opClose {
			return fmt.Sprintf("%d %s", binary.BigEndian.Uint16(data), data[2:])
		}
	}
}

// tryText reports whether s could be written.
func (p *rawPeer) tryText(s string) bool {
	frame := append([]byte{0x80 | opText, 0x80 | byte(len(s)), 0, 0, 0, 0}, s...)
	_, err := p.conn.Write(frame)
	return err == nil
}

// tryFrame is frame for a connection that may end before it is written.
func (p *rawPeer) tryFrame(op byte, data []byte) {
	head := binary.BigEndian.AppendUint16([]byte{0x80 | op, 0x80 | 126}, uint16(len(data)))
	_, _ = p.conn.Write(append(append(head, 0, 0, 0, 0), data...))
}

// drain reads all that comes until the connection ends.
func (p *rawPeer) drain() {
	for {
		if _, _, err := p.next(); err != nil {
			return
		}
	}
}
