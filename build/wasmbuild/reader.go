package wasmbuild

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// Sections and their parts, by number.
// WebAssembly Core Specification, 5.5 Modules and 7.4.1 Name Section.
const (
	sectionCustom    = 0
	sectionType      = 1
	sectionImport    = 2
	sectionFunction  = 3
	sectionMemory    = 5
	sectionGlobal    = 6
	sectionExport    = 7
	sectionCode      = 10
	sectionData      = 11
	sectionDataCount = 12
	kindFunction     = 0
	kindMemory       = 2
)

var errMalformed = errors.New("this is not a WebAssembly module that Go has written")

// eachSection calls visit for each section of a module, and reports whether
// the module could be read to its end.
func eachSection(wasm []byte, visit func(id byte, section *reader)) bool {
	r := &reader{rest: wasm}
	if !bytes.Equal(r.take(8), []byte("\x00asm\x01\x00\x00\x00")) {
		return false
	}
	for len(r.rest) > 0 && !r.failed {
		id := r.byte()
		section := r.block()
		visit(id, section)
		r.failed = r.failed || section.failed
	}
	return !r.failed
}

// A reader takes a module apart. After the first impossible value it has
// failed, and all it returns then is empty.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.failed, r.rest = true, nil
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) byte() byte {
	if b := r.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *reader) number() uint64 {
	value, n := binary.Uvarint(r.rest) // LEB128, as the specification calls it
	if n <= 0 {
		r.failed, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return value
}

// block is a run of bytes that says its own length.
func (r *reader) block() *reader {
	return &reader{rest: r.take(r.number())}
}

// name is a string that says its own length.
func (r *reader) name() string { return string(r.block().rest) }

// signed reads a LEB128 number that has a sign, of so many bits.
func (r *reader) signed(bits int) int64 {
	var value int64
	for shift := 0; shift < bits; shift += 7 {
		b := r.byte()
		value |= int64(b&0x7f) << shift
		if b&0x80 == 0 {
			if b&0x40 != 0 && shift+7 < 64 {
				value |= -1 << (shift + 7)
			}
			return value
		}
	}
	r.failed, r.rest = true, nil
	return 0
}

func appendSigned(out []byte, value int64) []byte {
	for {
		b := byte(value & 0x7f)
		value >>= 7
		if value == 0 && b&0x40 == 0 || value == -1 && b&0x40 != 0 {
			return append(out, b)
		}
		out = append(out, b|0x80)
	}
}
