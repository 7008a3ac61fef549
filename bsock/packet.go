package bsock

import (
	"errors"
	"math"
	"strconv"
)

// A PacketType is the type of a Socket.IO 2 packet, the digit behind the
// frame's 4.
type PacketType byte

const (
	PacketConnect     PacketType = 0
	PacketDisconnect  PacketType = 1
	PacketEvent       PacketType = 2
	PacketAck         PacketType = 3
	PacketError       PacketType = 4
	PacketBinaryEvent PacketType = 5
	PacketBinaryAck   PacketType = 6
)

// maxDigits is the longest number a packet may hold.
// bsock: lib/packet.js readInt
const maxDigits = 10

// A packet is the head of a Socket.IO packet, all that comes before the JSON.
type packet struct {
	Type        PacketType
	Attachments uint32
	Namespace   []byte // "/admin"; empty for the default namespace
	HasID       bool
	ID          uint32
}

// binary reports whether packets of type t carry attachments.
func (t PacketType) binary() bool {
	return t == PacketBinaryEvent || t == PacketBinaryAck
}

// errShort says that a head ended before what it had to hold.
var errShort = errors.New("bsock: the head is too short")

// parsePacket reads the head of a packet from src and returns how many bytes
// it takes. If more says that src is only the beginning of the packet, it
// returns errShort where src ends too early to tell.
// bsock: lib/packet.js fromString
func parsePacket(src []byte, more bool) (p packet, n int, err error) {
	if len(src) == 0 {
		return p, 0, endOf(more, "Empty packet.")
	}
	p.Type = PacketType(src[0] - '0')
	if p.Type > PacketBinaryAck {
		return p, 0, protocolErrorf("Unknown packet type %q.", src[0])
	}
	n = 1
	if p.Type.binary() {
		if n, err = p.parseAttachments(src, n, more); err != nil {
			return p, 0, err
		}
	}
	if n < len(src) && src[n] == '/' {
		if n, err = p.parseNamespace(src, n, more); err != nil {
			return p, 0, err
		}
	}
	id, end, err := parseUint32(src, n)
	if err != nil {
		return p, 0, err
	}
	if end == len(src) && more {
		return p, 0, errShort
	}
	p.ID, p.HasID = id, end > n
	return p, end, nil
}

func (p *packet) parseAttachments(src []byte, n int, more bool) (int, error) {
	count, end, err := parseUint32(src, n)
	switch {
	case err != nil:
		return 0, err
	case end == len(src):
		return 0, endOf(more, "Packet ends in its number of attachments.")
	case end == n || src[end] != '-':
		return 0, &ProtocolError{Message: "Binary packet without a number of attachments."}
	}
	p.Attachments = count
	return end + 1, nil
}

func (p *packet) parseNamespace(src []byte, n int, more bool) (int, error) {
	for i := n; i < len(src); i++ {
		if src[i] == ',' {
			if i > n+1 {
				p.Namespace = src[n:i]
			}
			return i + 1, nil
		}
	}
	return 0, endOf(more, "Packet ends in its namespace.")
}

// endOf is the error of an input that ends too early.
func endOf(more bool, message string) error {
	if more {
		return errShort
	}
	return &ProtocolError{Message: message}
}

// parseUint32 reads the digits at src[n:], if there are any.
// bsock: lib/packet.js readInt
func parseUint32(src []byte, n int) (v uint32, end int, err error) {
	var num uint64
	for end = n; end < len(src); end++ {
		c := src[end] - '0'
		if c > 9 {
			break
		}
		if end-n == maxDigits {
			return 0, 0, &ProtocolError{Message: "Number with more than 10 digits."}
		}
		num = num*10 + uint64(c)
	}
	if num > math.MaxUint32 {
		return 0, 0, &ProtocolError{Message: "Number above 2^32-1."}
	}
	return uint32(num), end, nil
}

// appendPacket appends the frame's 4 and the head of p to dst.
// bsock: lib/packet.js toString
func appendPacket(dst []byte, p packet) []byte {
	dst = append(dst, '0'+byte(FrameMessage), '0'+byte(p.Type))
	if p.Type.binary() {
		dst = strconv.AppendUint(dst, uint64(p.Attachments), 10)
		dst = append(dst, '-')
	}
	if len(p.Namespace) > 0 {
		dst = append(dst, p.Namespace...)
		dst = append(dst, ',')
	}
	if p.HasID {
		dst = strconv.AppendUint(dst, uint64(p.ID), 10)
	}
	return dst
}
