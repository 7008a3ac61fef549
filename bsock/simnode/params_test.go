package simnode

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParams(t *testing.T) {
	raw := make([]byte, 32)
	for _, test := range []struct {
		name string
		arg  any
		read func(p params) error
		want string // "" if it is taken
	}{
		{"no string", nil, readText, ""},
		{"a string", "x", readText, ""},
		{"a number for a string", 1.0, readText, "Param #0 must be a string."},
		{"no bytes", nil, readBytes, ""},
		{"bytes", raw, readBytes, ""},
		{"hex", "00ff", readBytes, ""},
		{"half a byte", "0", readBytes, "Param #0 must be a hex string."},
		{"an object for bytes", map[string]any{}, readBytes, "Param #0 must be a buffer."},
		{"no array", nil, readList, ""},
		{"an array", []any{1.0}, readList, ""},
		{"a string for an array", "a,b", readList, "Param #0 must be a array."},
		{"no number", nil, readInt32, ""},
		{"a number", -5.0, readInt32, ""},
		{"a fraction", 1.5, readInt32, "Param #0 must be a int."},
		{"a number beyond 2^53", 1e300, readInt32, "Param #0 must be a int."},
		{"a number of 33 bits", 4294967296.0, readInt32, "Param #0 must be a int32."},
		{"digits", "1", readInt32, "Param #0 must be a int."},
		{"no block", nil, readBlock, ""},
		{"a height", 7.0, readBlock, ""},
		{"a hash", raw, readBlock, ""},
		{"a hash in hex", strings.Repeat("0a", 32), readBlock, ""},
		{"a height below zero", -1.0, readBlock, "Param #0 must be a uint."},
		{"a short hash", raw[1:], readBlock, "Param #0 must be a hash."},
		{"a short hash in hex", "zz", readBlock, "Param #0 must be a hash."},
		{"64 letters", strings.Repeat("z", 64), readBlock, "Param #0 must be a hex string."},
		{"a boolean for a block", true, readBlock, "Param #0 must be a int."},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.read(params{test.arg})
			if test.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.EqualError(t, err, test.want)
		})
	}
	assert.NoError(t, readText(nil), "what is left out is absent")
}

func readText(p params) error  { _, err := p.text(0); return err }
func readBytes(p params) error { _, err := p.bytes(0); return err }
func readList(p params) error  { _, err := p.list(0); return err }
func readInt32(p params) error { _, err := p.int32(0, -1); return err }
func readBlock(p params) error { _, _, err := p.block(0); return err }

func TestBetween(t *testing.T) {
	w := newWorld(testRand())
	w.live(start, 4, time.Second)
	for _, test := range []struct{ start, end, first, length int }{
		{-1, -1, 0, 5},
		{0, 0, 0, 1},
		{2, 3, 2, 2},
		{3, 99, 3, 2},
		{4, -1, 4, 1},
		{5, -1, 0, 0},
		{3, 2, 0, 0},
	} {
		blocks, err := w.chain.between(test.start, test.end)
		require.NoError(t, err)
		require.Len(t, blocks, test.length, "%d to %d", test.start, test.end)
		if test.length > 0 {
			assert.EqualValues(t, test.first, blocks[0].height)
		}
	}
	_, err := w.chain.between(-2, 0)
	assert.Error(t, err)
	_, err = w.chain.between(0, -2)
	assert.Error(t, err)
}
