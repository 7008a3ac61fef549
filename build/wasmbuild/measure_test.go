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

// nameFunctions is the part of the section of names that names functions.
// WebAssembly Core Specification, 7.4.1 Name Section.
const nameFunctions = 1

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

// The linker's own names of functions, in a section that is not shipped, are
// asked whether the right code is said to be a symbol's.
func TestDissect(t *testing.T) {
	linked := compiled(t, []string{"-trimpath", "-ldflags=-buildid="})
	a, err := Dissect(linked)
	require.NoError(t, err)
	symbols := map[string]*Symbol{}
	for _, s := range a.Symbols {
		require.Nil(t, symbols[s.Name], "%s is there once", s.Name)
		symbols[s.Name] = s
	}

	bodies, names := namedBodies(t, linked)
	size := 0
	for i, body := range bodies {
		size += len(body)
		s := symbols[names[i]]
		if s == nil {
			continue // its name has a sign that the section does not show
		}
		assert.Equal(t, body, s.parts[partCode], "the code of %s", s.Name)
		assert.Greater(t, s.Tables(), recordSize)
		delete(symbols, names[i])
	}
	code := 0
	for _, s := range a.Symbols {
		code += s.Code()
	}
	assert.Equal(t, size, code, "every function is somebody's")
	assert.NotContains(t, symbols, "main.main")
	assert.NotContains(t, symbols, "runtime.mallocgc")
}

func namedBodies(t *testing.T, wasm []byte) (bodies [][]byte, names map[int]string) {
	t.Helper()
	names = map[int]string{}
	imported := 0
	require.True(t, eachSection(wasm, func(id byte, section *reader) {
		switch id {
		case sectionImport:
			imported = len(section.imports())
		case sectionCode:
			bodies = section.bodies()
		case sectionCustom:
			if section.name() != "name" {
				return
			}
			for len(section.rest) > 0 {
				if section.byte() != nameFunctions {
					section.block()
					continue
				}
				list := section.block()
				for count := list.number(); count > 0; count-- {
					names[int(list.number())-imported] = list.name()
				}
			}
		}
	}))
	return bodies, names
}

func TestDissectAccountsForAll(t *testing.T) {
	linked := compiled(t, Flags())
	finished, err := Finish(linked)
	require.NoError(t, err)
	a, err := Dissect(linked)
	require.NoError(t, err)
	all := len(a.Symbolic(func(*Symbol) bool { return false })) + len(a.Data) + len(a.Other)
	assert.InDelta(t, len(finished), all, float64(len(finished))/50, "but for headers and short gaps")

	main := func(s *Symbol) bool { return PackageOf(s.Name) == "main" }
	less := len(a.Symbolic(main))
	for _, s := range a.Symbols {
		if main(s) {
			less += s.Code() + s.Tables()
		}
	}
	assert.Equal(t, all, less+len(a.Data)+len(a.Other), "what is left out is what is missing")
}

func TestDissectRefusesOthers(t *testing.T) {
	linked := compiled(t, Flags())
	finished, err := Finish(linked)
	require.NoError(t, err)
	_, err = Dissect(finished)
	assert.ErrorIs(t, err, errFunctions, "there are no lines to leave out")
	_, err = Dissect(linked[:len(linked)/2])
	assert.ErrorIs(t, err, errMalformed)
	_, err = Dissect(magic)
	assert.ErrorIs(t, err, errFunctions)
}

func TestPackageOf(t *testing.T) {
	for symbol, want := range map[string]string{
		"main.main":                                 "main",
		"main.(*reader).get":                        "main",
		"runtime.mallocgc":                          "runtime",
		"internal/runtime/maps.(*Map).Delete":       "internal/runtime/maps",
		"github.com/hack-pad/safejs.Value.Get":      "github.com/hack-pad/safejs",
		"gopkg.in/yaml%2ev3.Marshal":                "gopkg.in/yaml.v3",
		"slices.SortFunc[go.shape.[]os/x.Y,go.x/y]": "slices",
		"internal/sync.(*HashTrieMap[go.shape.interface {},go.shape.interface {}]).Load": "internal/sync",
		"type:.eq.internal/abi.Type": equalities,
		"go:main.inittasks":          added,
		"_rt0_wasm_js":               added,
		"struct { io.Writer }.Write": added,
		"":                           added,
	} {
		assert.Equal(t, want, PackageOf(symbol), "%s", symbol)
	}
}

func TestFlagsLeaveNoTrace(t *testing.T) {
	wasm := compiled(t, Flags())
	folder := filepath.Join(os.TempDir(), t.Name())
	assert.False(t, bytes.Contains(wasm, []byte(folder)), "no folder of this machine is")
}
