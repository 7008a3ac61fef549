package wasmbuild

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const program = `package main

import "strconv"

var build string

func main() { println(strconv.Itoa(len(build)) + build) }
`

// compiled builds the program above.
func compiled(t *testing.T, flags []string) []byte {
	t.Helper()
	return compiledFrom(t, program, flags)
}

func compiledFrom(t *testing.T, program string, flags []string) []byte {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module program\n\ngo 1.26\n"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o644))
	out := filepath.Join(dir, "program.wasm")
	cmd := exec.CommandContext(t.Context(), "go", append(append([]string{"build"}, flags...), "-o", out, ".")...)
	cmd.Dir, cmd.Env = dir, Env()
	text, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", text)
	wasm, err := os.ReadFile(out)
	require.NoError(t, err)
	return wasm
}

func TestMeasure(t *testing.T) {
	wasm := compiled(t, NamedFlags("a-build"))
	sizes, err := Measure(wasm, []string{"runtime", "internal/runtime/maps", "strconv", "program"})
	require.NoError(t, err)

	total := 0
	for _, size := range sizes.Packages {
		total += size
	}
	assert.InDelta(t, sizes.Code, total, float64(sizes.Code)/50, "every function is somebody's, and only their headers are left over")
	assert.Greater(t, sizes.Packages["runtime"], sizes.Packages["internal/runtime/maps"])
	assert.Positive(t, sizes.Packages["internal/runtime/maps"], "a name with a slash is found")
	assert.Positive(t, sizes.Packages["main"], "the main package has its own name")
	assert.Less(t, sizes.Code+sizes.Data, len(wasm))
}

func TestMeasureRefusesOthers(t *testing.T) {
	wasm := compiled(t, NamedFlags(""))
	for _, size := range []int{0, 7, 8, 9, 100, len(wasm) / 2, len(wasm) - 1} {
		_, err := Measure(wasm[:size], nil)
		assert.ErrorIs(t, err, errMalformed, "the first %d bytes are no module", size)
	}
	_, err := Measure(compiled(t, Flags("")), nil)
	assert.ErrorIs(t, err, errMalformed, "what is shipped has no names in it")
}

func TestFlagsLeaveNoTrace(t *testing.T) {
	wasm := compiled(t, Flags("a-build"))
	assert.True(t, bytes.Contains(wasm, []byte("a-build")), "the id is in the module")
	folder := filepath.Join(os.TempDir(), t.Name())
	assert.False(t, bytes.Contains(wasm, []byte(folder)), "no folder of this machine is")
}
