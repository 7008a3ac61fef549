package wasmbuild

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stacked needs the tables about functions for all that the runtime does with
// them: it collects garbage below a deep stack, which it lets grow before, it
// recovers, it asks who called, and at last it fails.
const stacked = `package main

import (
	"runtime"
	"strconv"
)

var build string

type link struct {
	next  *link
	value string
}

func deep(n int, last *link) int {
	if n == 0 {
		runtime.GC()
		return 0
	}
	here := &link{last, strconv.Itoa(n)}
	below := deep(n-1, here)
	if here.value != strconv.Itoa(n) || last != nil && last.value != strconv.Itoa(n+1) {
		panic("the collector took what the stack holds")
	}
	return below + 1
}

func recovered() (text string) {
	defer func() { text = recover().(error).Error() }()
	var none map[string]int
	none["a"] = len(build)
	return "not reached"
}

type caller func()

func (f caller) call() { f() }

func main() {
	println(deep(3000, nil), recovered())
	caller(func() {
		callers := make([]uintptr, 8)
		frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
		for more := true; more; {
			var frame runtime.Frame
			frame, more = frames.Next()
			println(frame.Function)
		}
	}).call()
	done := make(chan int)
	go func() { done <- deep(500, nil) }()
	println(<-done)
	caller(func() { println(deep(-len(build), nil), []int{1}[len(build)-2]) }).call()
}
`

// aPlace is the file and the line of a line of a traceback.
var aPlace = regexp.MustCompile(`(?m)^\t\S+\.(go|s):\d+`)

func TestFinishedRunsTheSame(t *testing.T) {
	linked := compiledFrom(t, stacked, Flags())
	finished, err := Finish(linked)
	require.NoError(t, err)

	was, is := run(t, linked), run(t, finished)
	assert.Contains(t, was, "3000 assignment to entry in nil map\nmain.main.func1\nmain.caller.call\nmain.main\nruntime.main\n")
	assert.Regexp(t, `panic: runtime error: index out of range \[-2\]\n\ngoroutine 1 .*\nmain\.main\.func3\(\.\.\.\)\n\tprogram/main.go:\d+\n`, was)
	assert.NotRegexp(t, aPlace, is)
	assert.Equal(t, aPlace.ReplaceAllString(was, "\t?:0"), is, "it says the same, but for files and lines")
}

// run is what a module says under Node.
func run(t *testing.T, wasm []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program.wasm")
	require.NoError(t, os.WriteFile(path, wasm, 0o644))
	goRoot, err := GoRoot(t.Context(), ".")
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join(goRoot, "lib/wasm/wasm_exec_node.js"), path)
	text, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, "it fails at last, as it should:\n%s", text)
	return string(text)
}

func TestFinishChangesDataAlone(t *testing.T) {
	linked := compiled(t, Flags())
	finished, err := Finish(linked)
	require.NoError(t, err)
	assert.Equal(t, sectionsOf(t, linked, sectionData), sectionsOf(t, finished, sectionData))
}

func TestDropLinesKeepsTheRest(t *testing.T) {
	data := dataOf(t, compiled(t, Flags()))
	before, err := findFunctions(memoryOf(t, data))
	require.NoError(t, err)
	after, err := findFunctions(memoryOf(t, data))
	require.NoError(t, err)
	after.dropLines()

	for i, r := range before.records {
		changed := after.records[i]
		require.Equal(t, before.name(r), after.name(changed))
		for _, field := range r.places() {
			if field == recordFile || field == recordLine || field == recordUnsafe {
				require.Zero(t, changed.word(field))
				continue
			}
			require.Equal(t, before.stepsOf(t, r, field), after.stepsOf(t, changed, field), "what is in the frame of %s", before.name(r))
		}
		require.Equal(t, r[recordSize+4*r.tableCount():], changed[recordSize+4*r.tableCount():])
	}
	for i := 0; i < len(before.find); i += findBucket {
		was, is := binary.LittleEndian.Uint32(before.find[i:]), binary.LittleEndian.Uint32(after.find[i:])
		require.LessOrEqual(t, is, was)
		require.Less(t, was-is, uint32(findStep))
	}
}

func (f *functions) stepsOf(t *testing.T, r record, field int) []byte {
	t.Helper()
	if r.word(field) == 0 {
		return nil
	}
	steps, ok := f.steps(r.word(field))
	require.True(t, ok)
	return steps
}

// What is not as it was in the Go that this was written for is not touched.
func TestFinishRefusesOtherTables(t *testing.T) {
	data := dataOf(t, compiled(t, Flags()))
	good, err := findFunctions(memoryOf(t, data))
	require.NoError(t, err)
	middle := len(good.records) / 2
	last := len(good.records) - 1

	for name, change := range map[string]func(f *functions){
		"a number":              func(f *functions) { f.records[middle].set(recordNumber, 1) },
		"a name":                func(f *functions) { f.records[middle].set(recordName, f.records[middle].word(recordName)+1) },
		"a name far away":       func(f *functions) { f.records[middle].set(recordName, 1<<31) },
		"a table":               func(f *functions) { f.records[middle].set(recordStack, f.records[middle].word(recordStack)+1) },
		"a table far away":      func(f *functions) { f.records[middle].set(recordLine, 1<<31) },
		"one table more":        func(f *functions) { f.records[middle].set(recordTables, f.records[middle].word(recordTables)+1) },
		"tables without end":    func(f *functions) { f.records[last].set(recordTables, 1<<31) },
		"more data":             func(f *functions) { f.records[middle][recordData] += 2 },
		"a record":              func(f *functions) { f.index[8*middle+4] += 8 },
		"the order":             func(f *functions) { copy(f.index[8*middle:], f.index[8*middle+8:][:8]) },
		"where to look":         func(f *functions) { f.find[findBucket*findPoints/65536+1] = 0x7f },
		"where to look exactly": func(f *functions) { f.find[4] = 1 },
		"a table's steps":       func(f *functions) { f.tables[len(f.tables)/2] ^= 0x80 },
	} {
		memory := memoryOf(t, data)
		f, err := findFunctions(memory)
		require.NoError(t, err)
		change(f)
		_, err = findFunctions(memory)
		assert.ErrorIs(t, err, errFunctions, "%s has changed", name)
	}
	_, err = findFunctions(make([]byte, 100))
	assert.ErrorIs(t, err, errFunctions, "there is nothing")
	_, err = findFunctions(append(bytes.Clone(headerMagic), headerMagic...))
	assert.ErrorIs(t, err, errFunctions, "there is no moduledata")
	_, err = Finish(module(sectionData, appendSegments(nil, []segment{{0, []byte("a")}})...))
	assert.ErrorIs(t, err, errFunctions, "it is of another compiler")
}

func TestFinishLeavesModulesWithoutDataAlone(t *testing.T) {
	for _, wasm := range [][]byte{magic, module(sectionCustom, 1, 'n', 7)} {
		finished, err := Finish(wasm)
		require.NoError(t, err)
		assert.Equal(t, wasm, finished)
	}
}

func TestFinishRefusesOthers(t *testing.T) {
	wasm := compiled(t, Flags())
	for _, other := range [][]byte{nil, []byte("\x00asm\x02\x00\x00\x00"), wasm[:7], wasm[:9], wasm[:100], wasm[:len(wasm)/2], wasm[:len(wasm)-1]} {
		_, err := Finish(other)
		assert.ErrorIs(t, err, errMalformed, "%d bytes are no module", len(other))
	}
}

// A part of a module, with its number.
type part struct {
	id   byte
	body []byte
}

// sectionsOf are a module's sections in their order, but one.
func sectionsOf(t *testing.T, wasm []byte, but byte) []part {
	t.Helper()
	var found []part
	require.True(t, eachSection(wasm, func(id byte, section *reader) {
		if id != but {
			found = append(found, part{id, section.rest})
		}
	}))
	return found
}
