package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bsock-wasm/bsock-wasm/build/wasmbuild"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite testdata/interface.txt")

// interfaceFile is what the module asks for and offers. A change of it is a
// change of the border, to be read in the diff:
//
//	go test ./build -run TestInterface -update
const interfaceFile = "testdata/interface.txt"

func TestInterface(t *testing.T) {
	out := filepath.Join(t.TempDir(), "bsock.wasm")
	p, err := findProject()
	require.NoError(t, err)
	wasm, err := buildWasm(t.Context(), p, out, wasmbuild.Package, wasmbuild.Flags())
	require.NoError(t, err)
	lines, err := wasmbuild.Interface(wasm)
	require.NoError(t, err)

	got := strings.Join(lines, "\n") + "\n"
	if *update {
		require.NoError(t, os.WriteFile(interfaceFile, []byte(got), 0o644))
	}
	want, err := os.ReadFile(interfaceFile)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "the module's imports and exports are those that were agreed on")
}
