package bsock

import (
	"errors"
	"math"
	"strconv"
)

// A PacketType is the type of a Socket.IO packet, the digit behind the frame's
// 4. In Version4 an ERROR is called CONNECT_ERROR and means no more than that.
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

// A packet is the head of a Socket.IO packet, all that comes before the JSON,
// but for its namespace.
type packet struct {
	Type        PacketType
	HasID       bool
	Attachments uint32
	ID          uint32
}

// binary reports whether packets of type t carry attachments.
func (t PacketType) binary() bool {
	return t == PacketBinaryEvent || t == PacketBinaryAck
}

// errShort says that a head ended before what it had to hold.
var errShort = errors.New("bsock: the head is too short")

// parsePacket reads the head of a packet from src and returns its namespace,
// "/admin", which is empty for the default one, and how many bytes the head
// takes. If more says that src is only the beginning of the packet, it
// returns errShort where src ends too early to tell.
// bsock: lib/packet.js fromString
func parsePacket(src []byte, more bool) (p packet, namespace []byte, n int, err error) {
	if len(src) == 0 {
		return p, nil, 0, endOf(more, "Empty packet.")
	}
	p.Type = PacketType(src[0] - '0')
	if p.Type > PacketBinaryAck {
		return p, nil, 0, protocolErrorf("Unknown packet type %q.", src[0])
	}
	n = 1
	if p.Type.binary() {
		if n, err = p.parseAttachments(src, n, more); err != nil {
			return p, nil, 0, err
		}
	}
	if n < len(src) && src[n] == '/' {
		if namespace, n, err = p.Type.parseNamespace(src, n, more); err != nil {
			return p, nil, 0, err
		}
	}
	id, end, err := parseUint32(src, n)
	if err != nil {
		return p, nil, 0, err
	}
	if end == len(src) && more {
		return p, nil, 0, errShort
	}
	p.ID, p.HasID = id, end > n
	return p, namespace, end, nil
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

// parseNamespace reads a namespace and the comma behind it, which packets that
// hold nothing else may leave out.
// socket.io-parser 3 and 4: decodeString
func (t PacketType) parseNamespace(src []byte, n int, more bool) (namespace []byte, end int, err error) {
	for i := n; i < len(src); i++ {
		if src[i] == ',' {
			return nameOf(src[n:i]), i + 1, nil
		}
	}
	if !more && (t == PacketConnect || t == PacketDisconnect) {
		return nameOf(src[n:]), len(src), nil
	}
	return nil, 0, endOf(more, "Packet ends in its namespace.")
}

// nameOf returns the name of a namespace that a packet calls so. The default
// one has none.
func nameOf(namespace []byte) []byte {
	if len(namespace) == 1 {
		return nil
	}
	return namespace
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
func appendPacket(dst []byte, p packet, namespace string) []byte {
	dst = append(dst, '0'+byte(FrameMessage), '0'+byte(p.Type))
	if p.Type.binary() {
		dst = strconv.AppendUint(dst, uint64(p.Attachments), 10)
		dst = append(dst, '-')
	}
	if namespace != "" {
		dst = append(dst, namespace...)
		dst = append(dst, ',')
	}
	if p.HasID {
		dst = strconv.AppendUint(dst, uint64(p.ID), 10)
	}
	return dst
}
