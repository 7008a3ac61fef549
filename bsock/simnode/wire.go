package simnode

import (
	"encoding/binary"
	"fmt"
)

// hsd's binary formats are little-endian, with Bitcoin's variable-length
// integers (bufio: lib/encoding.js).

func appendUint32(b []byte, n uint32) []byte { return binary.LittleEndian.AppendUint32(b, n) }
func appendUint64(b []byte, n uint64) []byte { return binary.LittleEndian.AppendUint64(b, n) }

func appendVarint(b []byte, n int) []byte {
	switch {
	case n < 0xfd:
		return append(b, byte(n))
	case n <= 0xffff:
		return binary.LittleEndian.AppendUint16(append(b, 0xfd), uint16(n))
	default:
		return appendUint32(append(b, 0xfe), uint32(n))
	}
}

func appendVarBytes(b, data []byte) []byte {
	return append(appendVarint(b, len(data)), data...)
}

// A reader takes values off the front of data. After the first failure err is
// set and it returns zeros, so that a caller checks once, at the end.
type reader struct {
	data   []byte
	offset int
	err    error
}

// bytes returns the next n bytes, which alias the reader's data.
func (r *reader) bytes(n int) []byte {
	if r.err != nil {
		return nil
	}
	if n < 0 || n > len(r.data)-r.offset {
		r.err = outOfBounds(r.offset)
		return nil
	}
	r.offset += n
	return r.data[r.offset-n : r.offset]
}

func (r *reader) hash() (h hash) {
	copy(h[:], r.bytes(len(h)))
	return h
}

func (r *reader) byte() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uint32() uint32 {
	if b := r.bytes(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (r *reader) uint64() uint64 {
	if b := r.bytes(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// count returns the next varint. Whatever it counts takes at least a byte each,
// so a count above what is left is an error before anything is allocated for it.
func (r *reader) count() int {
	var n uint64
	switch first := r.byte(); first {
	case 0xfd:
		if b := r.bytes(2); b != nil {
			n = uint64(binary.LittleEndian.Uint16(b))
		}
	case 0xfe:
		n = uint64(r.uint32())
	case 0xff:
		n = r.uint64()
	default:
		n = uint64(first)
	}
	if r.err == nil && n > uint64(len(r.data)-r.offset) {
		r.err = outOfBounds(r.offset)
	}
	if r.err != nil {
		return 0
	}
	return int(n)
}

func (r *reader) varBytes() []byte { return r.bytes(r.count()) }

// end returns the reader's error, or one if data is left over.
func (r *reader) end() error {
	if r.err == nil && r.offset != len(r.data) {
		return fmt.Errorf("%d bytes are left over", len(r.data)-r.offset)
	}
	return r.err
}
