package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/build/wasmbuild"
)

// The ladder alone is measured here: its last rung stands for ours.
func TestSharesAddUp(t *testing.T) {
	p, err := findProject()
	require.NoError(t, err)
	inputs, err := wasmbuild.List(t.Context(), p.root)
	require.NoError(t, err)
	var rungs []*wasmbuild.Anatomy
	var raw []int
	for _, rung := range ladder {
		out := t.TempDir() + "/" + rung.name + ".wasm"
		wasm, err := buildWasm(t.Context(), p, out, p.path("build/ladder", rung.name+".go"), wasmbuild.Flags())
		require.NoError(t, err)
		anatomy, err := dissect(out)
		require.NoError(t, err)
		raw, rungs = append(raw, len(wasm)), append(rungs, anatomy)
	}
	assert.IsIncreasing(t, raw, "each rung has one thing more")

	const brotli = 123_457
	list := shares(rungs, weight{Raw: raw[2] - raw[0], Brotli: brotli}, inputs)
	var sum packageShare
	found := map[string]packageShare{}
	for _, share := range list {
		sum.Raw += share.Raw
		sum.Brotli += share.Brotli
		found[share.Package] = share
	}
	assert.Equal(t, raw[2]-raw[0], sum.Raw, "every byte is counted once")
	assert.Equal(t, brotli, sum.Brotli)
	assert.Greater(t, found["fmt"].Brotli, brotli/50)
	assert.Greater(t, found["fmt"].Code, found["os"].Code)
	assert.Zero(t, found["fmt"].WithSafejs, "the rung before the last has no fmt")
	assert.True(t, found["runtime"].Always)
	assert.False(t, found["fmt"].Always)
	assert.Equal(t, []string{mainPackage, "fmt"}, found["fmt"].Chain)
	assert.Contains(t, found["fmt"].Importers, modulePath+"/bsock")
	assert.Less(t, found[restOfData].WithSafejs, found[restOfData].Raw)
	assert.Positive(t, found[restOfData].WithSafejs)
	assert.Less(t, found[restOfOther].Raw, raw[2]/50, "little is left over")
}

func TestWhoBrings(t *testing.T) {
	inputs := &wasmbuild.Inputs{Imports: map[string][]string{
		mainPackage:           {"fmt", modulePath + "/bsock", safejsPackage},
		modulePath + "/bsock": {"strings"},
		safejsPackage:         {"fmt"},
		"fmt":                 {"os", "strings"},
		"os":                  {"time"},
		"time":                {"fmt"}, // a ring is walked once
	}}
	chain, importers := whoBrings(inputs, "os", true)
	assert.Equal(t, []string{mainPackage, safejsPackage, "fmt", "os"}, chain)
	assert.Empty(t, importers)
	chain, importers = whoBrings(inputs, "fmt", false)
	assert.Equal(t, []string{mainPackage, "fmt"}, chain)
	assert.Equal(t, []string{mainPackage}, importers)
	chain, _ = whoBrings(inputs, "strings", false)
	assert.Equal(t, []string{mainPackage, "fmt", "strings"}, chain)
	chain, _ = whoBrings(inputs, "net", true)
	assert.Empty(t, chain, "nobody imports it")
}

func TestScale(t *testing.T) {
	list := []packageShare{{lost: 1}, {lost: 1}, {lost: 1}}
	scale(list, 100)
	assert.Equal(t, 100, list[0].Brotli+list[1].Brotli+list[2].Brotli)
	nobody := []packageShare{{}}
	scale(nobody, 100)
	assert.Zero(t, nobody[0].Brotli, "there is nothing to divide by")
}

func TestSizeReport(t *testing.T) {
	var text bytes.Buffer
	report := &sizeReport{
		Budget: 2000,
		Ladder: []weight{{"an empty main", 3000, 1500, 1000}, {"bsock.wasm", 9000, 4000, 1900}},
		Packages: []packageShare{
			{Package: "fmt", Raw: 4000, Code: 3000, Brotli: 700, WithSafejs: 3900, Chain: []string{mainPackage, "fmt"}, Importers: []string{modulePath + "/bsock"}},
			{Package: restOfData, Raw: 1900, Brotli: 600, WithSafejs: 1000},
			{Package: "os", Raw: 90, Brotli: 20},
			{Package: "io", Raw: 10, Brotli: 2},
		},
		Interface: []string{"export run (i32 i32) -> ()", "export memory mem", "import gojs runtime.wasmExit (i32) -> ()"},
	}
	require.NoError(t, report.check())
	report.print(&project{stdout: &text})
	for _, line := range []string{
		"the difference       6.0 KB     2.5 KB     0.9 KB\n",
		"      0.7       4.0       3.0          3.9   fmt\n",
		"      0.6       1.9                    1.0   (types, strings and variables)\n",
		"      0.0       0.1       0.0          0.0   all others (2)\n",
		"  fmt, 0.7 KB: by wasm → fmt; safejs alone brings 97 %; imported by bsock.\n",
		"exports (2):\n  run, mem (the memory)\nimports of gojs (1):\n  runtime.wasmExit\n",
		"\n1.9 KB in brotli: 0.1 KB below the budget of 2.0 KB.\n",
	} {
		assert.Contains(t, text.String(), line)
	}

	report.Budget = 1800
	assert.ErrorContains(t, report.check(), "the module is 1.9 KB in brotli, 0.1 KB over its budget of 1.8 KB")
}

func TestWrapped(t *testing.T) {
	assert.Equal(t, "  ab, cd\n  ef\n", wrapped([]string{"ab", "cd", "ef"}, 8))
	assert.Equal(t, "  longer\n  b\n", wrapped([]string{"longer", "b"}, 4))
}
