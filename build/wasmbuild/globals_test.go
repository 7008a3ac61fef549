package wasmbuild

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGlobalsComeBack(t *testing.T) {
	globals := []global{
		{kindI32, 1, 2813912}, {kindI32, 0, math.MinInt32}, {kindI32, 1, -1},
		{kindI64, 1, 0}, {kindI64, 1, math.MaxInt64}, {kindI64, 0, math.MinInt64}, {kindI64, 1, 63}, {kindI64, 1, 64}, {kindI64, 1, -64}, {kindI64, 1, -65},
	}
	again, err := (&reader{rest: appendGlobals(nil, globals)}).globals()
	require.NoError(t, err)
	assert.Equal(t, globals, again)
}

func TestGlobalsOfOthersAreRefused(t *testing.T) {
	good := appendGlobals(nil, []global{{kindI32, 1, 5}})
	for name, section := range map[string][]byte{
		"a kind":              {1, 0x7d, 1, 0x43, 0, 0, 0, 0, opEnd},
		"another constant":    {1, kindI32, 1, opI64Const, 5, opEnd},
		"an expression":       {1, kindI32, 1, 0x23, 0, opEnd},
		"more than a value":   {1, kindI32, 1, opI32Const, 5, 0x1a, opEnd},
		"less than it says":   good[:len(good)-1],
		"one fewer than said": {2, kindI32, 1, opI32Const, 5, opEnd},
		"more than it says":   append(good[:len(good):len(good)], 0),
		"no end of a number":  {1, kindI64, 1, opI64Const, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80},
	} {
		_, err := (&reader{rest: section}).globals()
		assert.ErrorIs(t, err, errGlobals, name)
	}
}

func TestBegin(t *testing.T) {
	globals := []global{{kindI32, 1, 1}, {kindI64, 1, 2}}
	require.NoError(t, begin(globals, []string{"-5", "9223372036854775807"}))
	assert.Equal(t, []global{{kindI32, 1, -5}, {kindI64, 1, math.MaxInt64}}, globals)
	assert.ErrorIs(t, begin(globals, []string{"1"}), errGlobals)
	assert.ErrorIs(t, begin(globals, []string{"1", "2.5"}), errGlobals)
}
