package wasmbuild

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInterface(t *testing.T) {
	lines, err := Interface(compiled(t, Flags()))
	require.NoError(t, err)
	for _, want := range []string{
		"export memory mem",
		"export run (i32 i32) -> ()",
		"export getsp () -> (i32)",
		"import gojs runtime.wasmExit (i32) -> ()",
	} {
		assert.Contains(t, lines, want)
	}
	assert.IsIncreasing(t, lines)
}

func TestInterfaceRefusesOthers(t *testing.T) {
	wasm := compiled(t, Flags())
	for _, size := range []int{0, 7, 9, 40, 100, 300} {
		_, err := Interface(wasm[:size])
		assert.ErrorIs(t, err, errMalformed, "the first %d bytes are no module", size)
	}
}
