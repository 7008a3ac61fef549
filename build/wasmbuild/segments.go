package wasmbuild

import (
	"cmp"
	_ "embed"
	"encoding/binary"
	"errors"
	"slices"
)

// segmentGap is the longest run of zeros between two segments of data that is
// written out.
//
// Go's linker leaves out every run of eight zeros or more, and so cuts the
// data into 57,000 segments, each with an offset and a length of its own, which
// compress badly. With gaps of 64 bytes, of 4,096 or of any length written out
// the module is 61 to 63 KB smaller in brotli, and 580 KB larger before it.
const segmentGap = 128

// segmentsSource is hashed into the build's id: another way to write the
// segments makes another module.
//
//go:embed segments.go
var segmentsSource string

var errSegments = errors.New("the module's data cannot be merged: only data sections as Go's linker writes them are understood, of active segments that do not overlap")

// A segment is a run of bytes that is put into memory before the module runs.
type segment struct {
	offset uint64
	data   []byte
}

func (s segment) end() uint64 { return s.offset + uint64(len(s.data)) }

// Finish makes what is shipped of what the linker has written. The memory
// that the module starts with stays the same.
func Finish(wasm []byte) ([]byte, error) {
	finished := slices.Clone(wasm[:min(len(wasm), 8)])
	understood := true
	ok := eachSection(wasm, func(id byte, section *reader) {
		body := section.rest
		switch id {
		case sectionData:
			var segments []segment
			segments, understood = section.segments()
			body = appendSegments(nil, merged(segments))
		case sectionDataCount:
			understood = false // code may name a segment by its number
		}
		finished = append(finished, id)
		finished = binary.AppendUvarint(finished, uint64(len(body)))
		finished = append(finished, body...)
	})
	switch {
	case !ok:
		return nil, errMalformed
	case !understood:
		return nil, errSegments
	}
	return finished, nil
}

// merged joins segments that are a short gap apart.
func merged(segments []segment) []segment {
	var joined []segment
	for _, s := range segments {
		last := len(joined) - 1
		if last < 0 || s.offset-joined[last].end() > segmentGap {
			joined = append(joined, segment{s.offset, slices.Clone(s.data)})
			continue
		}
		zeros := make([]byte, s.offset-joined[last].end())
		joined[last].data = append(append(joined[last].data, zeros...), s.data...)
	}
	return joined
}

// Parts of a segment, by number.
// WebAssembly Core Specification, 5.4.9 Expressions and 5.5.14 Data Section.
const (
	segmentActive = 0
	opI32Const    = 0x41
	opEnd         = 0x0b
)

// segments are the segments by their offsets. It reports false where the place
// of one is not a constant, or where two overlap: their order counts then.
func (r *reader) segments() ([]segment, bool) {
	var segments []segment
	for count := r.number(); count > 0 && !r.failed; count-- {
		if kind, op := r.byte(), r.byte(); !r.failed && (kind != segmentActive || op != opI32Const) {
			return nil, false
		}
		s := segment{offset: r.offset()}
		if op := r.byte(); !r.failed && op != opEnd {
			return nil, false
		}
		s.data = r.block().rest
		segments = append(segments, s)
	}
	slices.SortStableFunc(segments, func(a, b segment) int { return cmp.Compare(a.offset, b.offset) })
	for i := 1; i < len(segments); i++ {
		if segments[i].offset < segments[i-1].end() {
			return nil, r.failed
		}
	}
	return segments, r.failed || len(r.rest) == 0
}

// offset reads an i32 constant, which is written as if it had a sign.
func (r *reader) offset() uint64 {
	var value uint64
	for shift := 0; shift < 35; shift += 7 {
		b := r.byte()
		value |= uint64(b&0x7f) << shift
		if b&0x80 == 0 {
			if b&0x40 != 0 {
				value |= ^uint64(0) << (shift + 7)
			}
			return uint64(uint32(value))
		}
	}
	r.failed, r.rest = true, nil
	return 0
}

func appendSegments(out []byte, segments []segment) []byte {
	out = binary.AppendUvarint(out, uint64(len(segments)))
	for _, s := range segments {
		out = append(out, segmentActive, opI32Const)
		out = appendOffset(out, s.offset)
		out = append(out, opEnd)
		out = binary.AppendUvarint(out, uint64(len(s.data)))
		out = append(out, s.data...)
	}
	return out
}

func appendOffset(out []byte, offset uint64) []byte {
	value := int32(offset)
	for {
		b := byte(value & 0x7f)
		value >>= 7
		if value == 0 && b&0x40 == 0 || value == -1 && b&0x40 != 0 {
			return append(out, b)
		}
		out = append(out, b|0x80)
	}
}
