package wasmbuild

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSegmentsGiveTheSameMemory(t *testing.T) {
	linked := dataOf(t, compiled(t, Flags()))
	memory, ok := (&reader{rest: linked}).memory()
	require.True(t, ok)
	few := appendSegments(nil, cut(memory))

	assert.Equal(t, memoryOf(t, linked), memoryOf(t, few), "every byte is in its place")
	assert.Greater(t, len(segmentsOf(t, linked)), 1000, "the linker writes many small segments")
	assert.Less(t, len(segmentsOf(t, few)), 50, "few of them are left")
}

func TestCut(t *testing.T) {
	zeros := func(n int) string { return string(make([]byte, n)) }
	for _, test := range []struct {
		memory string
		want   []segment
	}{
		{"", nil},
		{zeros(3 * segmentGap), nil},
		{"a", []segment{{0, []byte("a")}}},
		{zeros(2) + "a" + zeros(segmentGap) + "b" + zeros(9), []segment{{2, []byte("a" + zeros(segmentGap) + "b")}}},
		{"a" + zeros(segmentGap+1) + "b", []segment{{0, []byte("a")}, {segmentGap + 2, []byte("b")}}},
	} {
		assert.Equal(t, test.want, cut([]byte(test.memory)))
	}
}

func TestOffsetsComeBack(t *testing.T) {
	for _, offset := range []int{0, 1, 63, 64, 127, 128, 8191, 8192, 1<<20 - 1, mostMemory - 1} {
		r := &reader{rest: appendSegments(nil, []segment{{offset, []byte("a")}})}
		r.take(3)
		assert.Equal(t, offset, r.offset())
	}
}

func TestSegmentsRefused(t *testing.T) {
	for _, test := range []struct {
		name string
		data []byte
	}{
		{"a passive segment", []byte{1, 1, 1, 'a'}},
		{"a segment of a named memory", []byte{1, 2, 0, opI32Const, 0, opEnd, 1, 'a'}},
		{"a place that is not known before", []byte{1, segmentActive, 0x23, 0, opEnd, 1, 'a'}},
		{"a place that is calculated", []byte{1, segmentActive, opI32Const, 1, opI32Const, 1, 0x6a, opEnd, 1, 'a'}},
		{"a place too far away", []byte{1, segmentActive, opI32Const, 0x7f, opEnd, 1, 'a'}},
		{"segments that overlap", appendSegments(nil, []segment{{3, []byte("ab")}, {0, []byte("abcd")}})},
		{"more than it counts", []byte{0, 1}},
	} {
		_, err := Finish(module(sectionData, test.data...))
		assert.ErrorIs(t, err, errSegments, test.name)
	}
	_, err := Finish(module(sectionDataCount, 1))
	assert.ErrorIs(t, err, errSegments, "the code may use the number of a segment")
	for _, data := range [][]byte{
		{2, segmentActive, opI32Const, 0, opEnd, 1, 'a'},
		{1, segmentActive, opI32Const, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80},
		{1, segmentActive, opI32Const, 0, opEnd, 2, 'a'},
		{1},
	} {
		_, err := Finish(module(sectionData, data...))
		assert.ErrorIs(t, err, errMalformed, "%x is less than it says", data)
	}
}

var magic = []byte("\x00asm\x01\x00\x00\x00")

// module is one of a single small section.
func module(id byte, body ...byte) []byte {
	return append(append(bytes.Clone(magic), id, byte(len(body))), body...)
}

func dataOf(t *testing.T, wasm []byte) []byte {
	t.Helper()
	var data []byte
	require.True(t, eachSection(wasm, func(id byte, section *reader) {
		if id == sectionData {
			data = section.rest
		}
	}))
	return data
}

// segmentsOf are the segments as they lie in a data section.
func segmentsOf(t *testing.T, data []byte) []segment {
	t.Helper()
	r := &reader{rest: data}
	var found []segment
	for count := r.number(); count > 0; count-- {
		s, ok := r.segment()
		require.True(t, ok)
		found = append(found, s)
	}
	return found
}

// memoryOf is what a browser makes of a data section: one segment is put into
// memory after the other.
func memoryOf(t *testing.T, data []byte) []byte {
	t.Helper()
	memory := make([]byte, 4<<20)
	for _, s := range segmentsOf(t, data) {
		copy(memory[s.offset:], s.data)
	}
	return memory
}
