package wasmbuild

import (
	"encoding/binary"
	"errors"
)

// segmentGap is the longest run of zeros between two segments of data that is
// written out.
//
// Go's linker leaves out every run of eight zeros or more, and so cuts the
// data into 57,000 segments, each with an offset and a length of its own, which
// compress badly. With gaps of 64 bytes, of 4,096 or of any length written out
// the module is 61 to 63 KB smaller in brotli and 580 KB larger before it, and
// the browser has it in memory in 1.0 ms, not 1.4.
const segmentGap = 128

var errSegments = errors.New("the module's data is not as Go's linker writes it: " +
	"active segments that do not overlap, each at a constant offset below 256 MB")

// mostMemory is more than the data of any module that is worth a download.
const mostMemory = 256 << 20

// A segment is a run of bytes that is put into memory before the module runs.
type segment struct {
	offset int
	data   []byte
}

// cut makes segments of memory: all that is not zero, and short gaps.
func cut(memory []byte) []segment {
	var segments []segment
	for at := 0; at < len(memory); {
		if memory[at] == 0 {
			at++
			continue
		}
		end := endOfSegment(memory, at)
		segments = append(segments, segment{at, memory[at:end]})
		at = end
	}
	return segments
}

// endOfSegment is where the zeros begin that are too many to write.
func endOfSegment(memory []byte, at int) int {
	end := at
	for ; at < len(memory) && at-end <= segmentGap; at++ {
		if memory[at] != 0 {
			end = at + 1
		}
	}
	return end
}

// Parts of a segment, by number.
// WebAssembly Core Specification, 5.4.9 Expressions and 5.5.14 Data Section.
const (
	segmentActive = 0
	opI32Const    = 0x41
	opEnd         = 0x0b
)

// memory is what the segments of a data section make of an empty one. It
// reports false where that is not known, or depends on their order.
func (r *reader) memory() ([]byte, bool) {
	var memory []byte
	var written []bool
	for count := r.number(); count > 0 && !r.failed; count-- {
		s, ok := r.segment()
		end := s.offset + len(s.data)
		if !ok || end > mostMemory {
			return nil, r.failed
		}
		if more := end - len(memory); more > 0 {
			memory = append(memory, make([]byte, more)...)
			written = append(written, make([]bool, more)...)
		}
		for at := s.offset; at < end; at++ {
			if written[at] {
				return nil, false
			}
			written[at] = true
		}
		copy(memory[s.offset:], s.data)
	}
	return memory, r.failed || len(r.rest) == 0
}

// segment reports false where the place of the segment is not a constant.
func (r *reader) segment() (segment, bool) {
	if kind, op := r.byte(), r.byte(); kind != segmentActive || op != opI32Const {
		return segment{}, false
	}
	offset := r.offset()
	if r.byte() != opEnd {
		return segment{}, false
	}
	return segment{offset, r.block().rest}, !r.failed
}

// offset reads an i32 constant, which is written as if it had a sign.
func (r *reader) offset() int { return int(uint32(r.signed(32))) }

func appendSegments(out []byte, segments []segment) []byte {
	out = binary.AppendUvarint(out, uint64(len(segments)))
	for _, s := range segments {
		out = append(out, segmentActive, opI32Const)
		out = appendSigned(out, int64(s.offset))
		out = append(out, opEnd)
		out = binary.AppendUvarint(out, uint64(len(s.data)))
		out = append(out, s.data...)
	}
	return out
}
