package native

import (
	"encoding/binary"
	"math/rand/v2"
)

// The frames of data messages are made and taken apart here: the WebSocket
// module takes 1 µs to write one and 1.6 µs to read one, most of it to tell a
// goroutine of its own about the context, and a system call besides. All else is
// the module's: the handshakes, control frames, messages in pieces, and whatever
// is wrong.
// RFC 6455, section 5.2

const (
	finalBit = 0x80
	maskBit  = 0x80

	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opControl      = 0x8 // this bit is set in all control frames
)

// maxHeader is the size of the largest header of a frame.
const maxHeader = 14

// appendHeader appends the header of a frame that is a whole message, but for
// the key of a mask.
func appendHeader(dst []byte, text, masked bool, size int) []byte {
	opcode, mask := byte(finalBit|opBinary), byte(0)
	if text {
		opcode = finalBit | opText
	}
	if masked {
		mask = maskBit
	}
	dst = append(dst, opcode)
	switch {
	case size < 126:
		return append(dst, mask|byte(size))
	case size < 1<<16:
		return binary.BigEndian.AppendUint16(append(dst, mask|126), uint16(size))
	}
	return binary.BigEndian.AppendUint64(append(dst, mask|127), uint64(size))
}

// newMask returns a key that the peer cannot foresee. math/rand/v2 draws it from
// ChaCha8, seeded by the system.
// RFC 6455, section 5.3
func newMask() [4]byte {
	var key [4]byte
	binary.LittleEndian.PutUint32(key[:], rand.Uint32())
	return key
}

// mask masks data, or takes the mask off.
func mask(data []byte, key [4]byte) {
	word := uint64(binary.LittleEndian.Uint32(key[:]))
	for word |= word << 32; len(data) >= 8; data = data[8:] {
		binary.LittleEndian.PutUint64(data, binary.LittleEndian.Uint64(data)^word)
	}
	for i := range data {
		data[i] ^= key[i%4]
	}
}

// A header is that of a frame which has been received.
type header struct {
	first  byte // bits and opcode
	masked bool
	key    [4]byte
	size   int64 // of the payload
	length int   // of the header itself
}

// headerOf returns the header that data begins with, if it is all there. A size
// that is not possible is for the module to complain of.
func headerOf(data []byte) (h header, ok bool) {
	if len(data) < 2 {
		return header{}, false
	}
	h = header{first: data[0], masked: data[1]&maskBit != 0, size: int64(data[1] &^ maskBit), length: 2}
	switch h.size {
	case 126:
		h.length = 4
	case 127:
		h.length = 10
	}
	if len(data) < h.length {
		return header{}, false
	}
	switch h.size {
	case 126:
		h.size = int64(binary.BigEndian.Uint16(data[2:]))
	case 127:
		h.size = int64(binary.BigEndian.Uint64(data[2:]))
	}
	if !h.masked || h.size < 0 { // the module does not read on
		return h, true
	}
	if h.length += 4; len(data) < h.length {
		return header{}, false
	}
	h.key = [4]byte(data[h.length-4 : h.length])
	return h, true
}

// message reports whether the frame is a whole message of data, sent by an end
// that masks or does not.
func (h *header) message(masked bool) bool {
	return (h.first == finalBit|opText || h.first == finalBit|opBinary) && h.masked == masked && h.size >= 0
}
