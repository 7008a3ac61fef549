package wasmbuild

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// begins makes a program of what its main does before it waits.
func begins(main string) string {
	return `package main

import (
	"math/rand/v2"
	"syscall/js"
	"time"
)

//go:wasmimport bsock ask
func ask() int32

//go:wasmexport next
func next() int64 { return int64(len(counted))<<32 + rand.Int64N(1<<31) }

var counted = map[string]int{}

//go:wasmexport rehearse
func rehearse() { counted["once"]++ }

var bsock js.Value

//go:wasmexport count
func count() {
	for i := range 100 {
		counted[time.Unix(int64(i), 0).String()]++
	}
	bsock.Set("year", time.Now().Year())
}

func meet() { bsock = js.Global().Get("bsock") }

func main() {
` + main + `
	select {}
}
`
}

// programFile is that of the module: what these programs need is what it needs.
const programFile = "../../jsbridge/program.js"

func snapshotOf(t *testing.T, main string) ([]byte, error) {
	t.Helper()
	return Snapshot(t.Context(), compiledFrom(t, begins(main), Flags()), Program{wasmExec(t), programFile, "a build"})
}

// wasmExec is wasm_exec.js as a module.
func wasmExec(t *testing.T) string {
	t.Helper()
	goRoot, err := GoRoot(t.Context(), ".")
	require.NoError(t, err)
	stock, err := os.ReadFile(filepath.Join(goRoot, "lib/wasm/wasm_exec.js"))
	require.NoError(t, err)
	return "export default (globalThis) => { const { crypto, performance } = globalThis, fs = { writeSync: (_, b) => b.length };\n" +
		string(stock) + "\nreturn globalThis.Go; }"
}

// goesOn is a page: it goes on from the snapshot, twice, and tells of it.
const goesOn = `
import { readFileSync } from "node:fs";
import wasmExec from "./exec.mjs";
import { aboutOf, goOn, makeScope } from "./program.mjs";
const compiled = new WebAssembly.Module(readFileSync(process.argv[2]));
const about = aboutOf(compiled);
function page(about) {
  const scope = makeScope({});
  const go = new (wasmExec(scope))();
  go.importObject.bsock = { ask: () => 0 };
  const instance = new WebAssembly.Instance(compiled, go.importObject);
  goOn(go, instance, scope, about);
  const before = instance.exports.next();
  instance.exports.count();
  return [String(before), scope.bsock.year === new Date().getFullYear(), Number(instance.exports.next() >> 32n)];
}
const alike = { ...about, random: [] };
console.log(JSON.stringify([page(alike), page(alike), page(about), page(about)]));
process.exit();
`

func TestSnapshotGoesOn(t *testing.T) {
	wasm, err := snapshotOf(t, `	meet()`)
	require.NoError(t, err)
	again, err := snapshotOf(t, `	meet()`)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(wasm, again), "the same program makes the same module")

	dir := t.TempDir()
	program, err := os.ReadFile(programFile)
	require.NoError(t, err)
	for name, text := range map[string]string{"page.mjs": goesOn, "module.wasm": string(wasm), "exec.mjs": wasmExec(t), "program.mjs": string(program)} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	out, err := exec.CommandContext(t.Context(), "node", filepath.Join(dir, "page.mjs"), filepath.Join(dir, "module.wasm")).CombinedOutput()
	require.NoError(t, err, "%s", out)
	pages := strings.Split(strings.TrimSpace(string(out)), "],[")
	require.Len(t, pages, 4, "%s", out)
	for _, page := range pages {
		assert.Contains(t, page, ",true,101", "Go calls JavaScript, knows the time, keeps what it has, and was rehearsed")
	}
	assert.Equal(t, strings.Trim(pages[0], "[]"), strings.Trim(pages[1], "[]"), "without randomness all pages are alike")
	assert.NotEqual(t, strings.Trim(pages[2], "[]"), strings.Trim(pages[3], "[]"), "with it none is")
}

func TestSnapshotRefusesWhatCannotGoOn(t *testing.T) {
	for main, want := range map[string]string{
		`	meet(); return`: "it has ended",
		`	panic("no")`:    "it has ended",
		`	_ = 5`:          "gives it others",
		`	meet(); js.FuncOf(func(js.Value, []js.Value) any { return nil })`: "it has made a function for JavaScript",
		`	meet(); go func() { time.Sleep(time.Hour) }()`:                    "it waits for a timer",
		`	meet(); ask()`: "it calls ask before there is a page",
		`	v := js.Global().Get("performance"); meet(); _ = v`: "jsbridge/program.js gives it others",
	} {
		_, err := snapshotOf(t, main)
		assert.ErrorContains(t, err, want, main)
	}
}

func TestFindRandom(t *testing.T) {
	memories := make([][]byte, 3)
	for i := range memories {
		memories[i] = make([]byte, 4096)
		for at := range generatorSize {
			memories[i][100+at], memories[i][1000+at] = byte(i), byte(i)
		}
		memories[i][2000] = byte(i) // a word of a map, for one
		for at := range 2 * generatorSize {
			memories[i][3000+at] = byte(i)
		}
	}
	found, err := findRandom(memories)
	require.NoError(t, err)
	assert.Equal(t, [][2]int{{100, generatorSize}, {1000, generatorSize}}, found)
	for _, memory := range memories {
		memory[110] = 7
	}
	_, err = findRandom(memories)
	assert.ErrorContains(t, err, "1 places in memory look like generators")
}

func TestReadRan(t *testing.T) {
	for _, said := range []string{"", "{}\n", "no\n", `{"size":65536,"runs":1}` + "\nshort", `{"size":5,"runs":1}` + "\n12345", `{"size":65536,"runs":0}` + "\n"} {
		_, err := readRan([]byte(said))
		assert.Error(t, err, said)
	}
}
