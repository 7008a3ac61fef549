package flood

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// A peer is a client's end of a WebSocket, with as little of everything as will
// do: ten thousand of them share a machine with the server they measure, and
// some must be able to do what a client proper never does.
// RFC 6455, section 5.2
type peer struct {
	conn net.Conn
	in   *bufio.Reader
}

// The opcodes there are, apart from continuations, which the server never sends.
const (
	opText   = 1
	opBinary = 2
	opClose  = 8
	opPing   = 9
)

const (
	dialTimeout = 30 * time.Second
	inBuffer    = 512 // bytes: an event is shorter
)

// dial opens a WebSocket to addr from an address of this machine: each has some
// 28,000 ports to give away. window, if it is not 0, is how many bytes the kernel
// may take in for a peer that does not read.
func dial(ctx context.Context, from, addr, path string, window int) (*peer, error) {
	dialer := net.Dialer{
		Timeout:   dialTimeout,
		LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)},
		KeepAlive: -1,
	}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	if window > 0 {
		_ = conn.(*net.TCPConn).SetReadBuffer(window) // a kernel that does not listen is only slower to show it
	}
	p := &peer{conn: conn, in: bufio.NewReaderSize(conn, inBuffer)}
	if err := p.upgrade(addr, path); err != nil {
		conn.Close()
		return nil, err
	}
	return p, nil
}

// upgrade asks for a WebSocket. The key may be any, and the answer to it is not
// looked at: it is there to keep caches out.
func (p *peer) upgrade(addr, path string) error {
	p.conn.SetDeadline(time.Now().Add(dialTimeout))
	defer p.conn.SetDeadline(time.Time{})
	_, err := fmt.Fprintf(p.conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", path, addr)
	if err != nil {
		return err
	}
	status, err := p.in.ReadString('\n')
	if err != nil {
		return err
	}
	if len(status) < 12 || status[9:12] != "101" {
		return fmt.Errorf("the server answers %q", status)
	}
	for line := status; line != "\r\n"; {
		if line, err = p.in.ReadString('\n'); err != nil {
			return err
		}
	}
	return nil
}

// appendText appends a text frame. A client's are masked; a mask of zeros is one.
func appendText(dst []byte, text string) []byte {
	const masked = 0x80
	dst = append(dst, 0x80|opText)
	switch {
	case len(text) < 126:
		dst = append(dst, masked|byte(len(text)))
	default:
		dst = append(dst, masked|126)
		dst = binary.BigEndian.AppendUint16(dst, uint16(len(text)))
	}
	return append(append(dst, 0, 0, 0, 0), text...)
}

// send sends texts in one go.
func (p *peer) send(texts ...string) error {
	var frames []byte
	for _, text := range texts {
		frames = appendText(frames, text)
	}
	_, err := p.conn.Write(frames)
	return err
}

// errNotMine is for frames that no server of ours sends.
var errNotMine = errors.New("the server sends a frame of an unknown kind")

// read returns the next text or binary message, in buf if there is room.
func (p *peer) read(buf []byte) (msg []byte, text bool, err error) {
	var head [2]byte
	if _, err := io.ReadFull(p.in, head[:]); err != nil {
		return nil, false, err
	}
	size := int(head[1])
	switch size {
	case 126:
		var long [2]byte
		_, err = io.ReadFull(p.in, long[:])
		size = int(binary.BigEndian.Uint16(long[:]))
	case 127:
		var long [8]byte
		_, err = io.ReadFull(p.in, long[:])
		size = int(binary.BigEndian.Uint64(long[:]))
	}
	if err != nil {
		return nil, false, err
	}
	if size > cap(buf) {
		buf = make([]byte, size)
	}
	msg = buf[:size]
	if _, err := io.ReadFull(p.in, msg); err != nil {
		return nil, false, err
	}
	switch head[0] {
	case 0x80 | opText, 0x80 | opBinary:
		return msg, head[0] == 0x80|opText, nil
	case 0x80 | opClose:
		return nil, false, closed(msg)
	case 0x80 | opPing:
		return p.read(buf)
	}
	return nil, false, errNotMine
}

// closed is the error that a close frame is.
func closed(msg []byte) error {
	if len(msg) < 2 {
		return errors.New("closed without a code")
	}
	return fmt.Errorf("closed with %d %q", binary.BigEndian.Uint16(msg), msg[2:])
}
