package wasmbuild

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFinish(t *testing.T) {
	linked := compiled(t, Flags(""))
	finished, err := Finish(linked)
	require.NoError(t, err)

	assert.Equal(t, memoryOf(t, linked), memoryOf(t, finished), "the memory that the module starts with is the same")
	assert.Equal(t, sectionsOf(t, linked, sectionData), sectionsOf(t, finished, sectionData), "all but the data is the same")
	assert.Greater(t, len(segmentsOf(t, linked)), 1000, "the linker writes many small segments")
	assert.Less(t, len(segmentsOf(t, finished)), 50, "few of them are left")

	again, err := Finish(finished)
	require.NoError(t, err)
	assert.Equal(t, finished, again, "there is nothing left to do")
}

func TestFinishMerges(t *testing.T) {
	near, far := uint64(segmentGap), uint64(segmentGap+1)
	finished, err := Finish(withData([]segment{
		{1 << 31, []byte("high")},
		{0, []byte("a")},
		{1, []byte("b")},
		{2 + near, []byte("c")},
		{3 + near + far, []byte("d")},
	}))
	require.NoError(t, err)
	assert.Equal(t, []segment{
		{0, []byte("ab" + string(make([]byte, near)) + "c")},
		{3 + near + far, []byte("d")},
		{1 << 31, []byte("high")},
	}, segmentsOf(t, finished))
}

func TestFinishLeavesOthersAlone(t *testing.T) {
	for _, wasm := range [][]byte{
		magic,
		withData(nil),
		append(bytes.Clone(magic), sectionCustom, 3, 1, 'n', 7),
	} {
		finished, err := Finish(wasm)
		require.NoError(t, err)
		assert.Equal(t, wasm, finished)
	}
}

func TestFinishRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		wasm []byte
		want error
	}{
		{"a passive segment", section(sectionData, 1, 1, 1, 'a'), errSegments},
		{"a segment of a named memory", section(sectionData, 1, 2, 0, opI32Const, 0, opEnd, 1, 'a'), errSegments},
		{"a place that is not known before", section(sectionData, 1, segmentActive, 0x23, 0, opEnd, 1, 'a'), errSegments},
		{"a place that is calculated", section(sectionData, 1, segmentActive, opI32Const, 1, opI32Const, 1, 0x6a, opEnd, 1, 'a'), errSegments},
		{"segments that overlap", withData([]segment{{0, []byte("ab")}, {1, []byte("c")}}), errSegments},
		{"more than it counts", section(sectionData, 0, 1), errSegments},
		{"a count for the code", section(sectionDataCount, 1), errSegments},
		{"less than it counts", section(sectionData, 2, segmentActive, opI32Const, 0, opEnd, 1, 'a'), errMalformed},
		{"a place without an end", section(sectionData, 1, segmentActive, opI32Const, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80), errMalformed},
		{"nothing", nil, errMalformed},
		{"another version", []byte("\x00asm\x02\x00\x00\x00"), errMalformed},
	} {
		_, err := Finish(test.wasm)
		assert.ErrorIs(t, err, test.want, test.name)
	}
	wasm := compiled(t, Flags(""))
	for _, size := range []int{7, 9, 100, len(wasm) / 2, len(wasm) - 1} {
		_, err := Finish(wasm[:size])
		assert.ErrorIs(t, err, errMalformed, "the first %d bytes are no module", size)
	}
}

var magic = []byte("\x00asm\x01\x00\x00\x00")

func section(id byte, body ...byte) []byte {
	return append(append(bytes.Clone(magic), id, byte(len(body))), body...)
}

func withData(segments []segment) []byte {
	return section(sectionData, appendSegments(nil, segments)...)
}

// segmentsOf are the segments as they lie in the module, with no help of the
// code that merges them but to read a number.
func segmentsOf(t *testing.T, wasm []byte) []segment {
	t.Helper()
	var found []segment
	require.True(t, eachSection(wasm, func(id byte, section *reader) {
		if id != sectionData {
			return
		}
		for count := section.number(); count > 0; count-- {
			require.Equal(t, []byte{segmentActive, opI32Const}, section.take(2))
			offset := section.offset()
			require.Equal(t, []byte{opEnd}, section.take(1))
			found = append(found, segment{offset, section.block().rest})
		}
	}))
	return found
}

// memoryOf is what the segments put into memory, one after the other.
func memoryOf(t *testing.T, wasm []byte) []byte {
	t.Helper()
	var memory []byte
	for _, s := range segmentsOf(t, wasm) {
		if missing := int(s.end()) - len(memory); missing > 0 {
			memory = append(memory, make([]byte, missing)...)
		}
		copy(memory[s.offset:], s.data)
	}
	return memory
}

// sectionsOf are a module's sections in their order, but one.
func sectionsOf(t *testing.T, wasm []byte, but byte) []segment {
	t.Helper()
	var found []segment
	require.True(t, eachSection(wasm, func(id byte, section *reader) {
		if id != but {
			found = append(found, segment{uint64(id), section.rest})
		}
	}))
	return found
}
