//go:build linux

package main

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
)

// As much of RFC 6455 as two ends need that trust each other.

const opText = 1

const (
	final  = 0x80
	masked = 0x80
)

// appendText appends a text frame, as a server sends it.
func appendText(dst []byte, texts ...[]byte) []byte {
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	dst = appendSize(append(dst, final|opText), 0, size)
	for _, text := range texts {
		dst = append(dst, text...)
	}
	return dst
}

// appendMasked appends a text frame as a client sends it: a mask of zeros is one.
func appendMasked(dst, text []byte) []byte {
	dst = appendSize(append(dst, final|opText), masked, len(text))
	return append(append(dst, 0, 0, 0, 0), text...)
}

func appendSize(dst []byte, mask byte, size int) []byte {
	switch {
	case size < 126:
		return append(dst, mask|byte(size))
	case size < 1<<16:
		return binary.BigEndian.AppendUint16(append(dst, mask|126), uint16(size))
	}
	return binary.BigEndian.AppendUint64(append(dst, mask|127), uint64(size))
}

// frameOf returns the frame that data begins with, unmasked where it stands, if
// it has come wholly.
func frameOf(data []byte) (opcode byte, msg, rest []byte, ok bool) {
	if len(data) < 2 {
		return 0, nil, data, false
	}
	n, size := 2, int(data[1]&^masked)
	switch {
	case size == 126 && len(data) >= 4:
		n, size = 4, int(binary.BigEndian.Uint16(data[2:]))
	case size == 127 && len(data) >= 10:
		n, size = 10, int(binary.BigEndian.Uint64(data[2:]))
	case size >= 126:
		return 0, nil, data, false
	}
	mask := data[1]&masked != 0
	if mask {
		n += 4
	}
	if len(data) < n+size {
		return 0, nil, data, false
	}
	msg = data[n : n+size]
	if mask {
		unmask(msg, [4]byte(data[n-4:n]))
	}
	return data[0] & 0xf, msg, data[n+size:], true
}

func unmask(msg []byte, key [4]byte) {
	word := uint64(binary.LittleEndian.Uint32(key[:]))
	for word |= word << 32; len(msg) >= 8; msg = msg[8:] {
		binary.LittleEndian.PutUint64(msg, binary.LittleEndian.Uint64(msg)^word)
	}
	for i := range msg {
		msg[i] ^= key[i%4]
	}
}

var blankLine = []byte("\r\n\r\n")

// upgrade takes the head of an HTTP message off data, if it has come wholly. A
// server answers it.
func (l *loop) upgrade(c *conn, data []byte) (rest []byte, ok bool) {
	head, rest, ok := bytes.Cut(data, blankLine)
	if !ok {
		return data, false
	}
	if l.listener != 0 {
		c.out = fmt.Appendf(c.out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Accept: %s\r\n\r\n", acceptKey(headerOf(head, "sec-websocket-key:")))
	}
	return rest, true
}

// headerOf returns the value of the header that begins so, in lower case.
func headerOf(head []byte, name string) []byte {
	for line := range bytes.Lines(head) {
		if len(line) > len(name) && bytes.EqualFold(line[:len(name)], []byte(name)) {
			return bytes.TrimSpace(line[len(name):])
		}
	}
	return nil
}

// acceptKey is how a server shows that it has understood.
// RFC 6455, section 4.2.2
func acceptKey(key []byte) string {
	sum := sha1.Sum(append(bytes.Clone(key), "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"...))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// request asks for a WebSocket. Any key will do.
const request = "GET /socket.io/?transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
