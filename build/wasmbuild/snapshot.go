package wasmbuild

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

//go:embed snapshot.go
var snapshotSource string

//go:embed globals.go
var globalsSource string

//go:embed random.go
var randomSource string

//go:embed snapshot.mjs
var snapshotScript []byte

// A Program is what the module's Go program needs to run.
type Program struct {
	WasmExec string // the text of a JavaScript module: see build/virtual.go
	File     string // jsbridge/program.js
	Build    string // the id of the build
}

// about is what the module says of itself, in a section of its own. The other
// half is jsbridge/program.js.
type about struct {
	Build  string   `json:"build"`
	Random [][2]int `json:"random"`
}

const aboutSection = "bsock"

// Snapshot runs the program in a module up to where its main waits for ever,
// and makes a module that begins there: with what the program had in memory and
// in its globals then. It needs Node.
//
// What would not be the same another time is kept out, so that the same sources
// make the same module: the clock stands still at the beginning of 1970, before
// all that the program will see, and where random numbers come from is noted for
// the page to fill.
func Snapshot(ctx context.Context, wasm []byte, p Program) ([]byte, error) {
	globals, open, err := openGlobals(wasm)
	if err != nil {
		return nil, err
	}
	ran, err := runProgram(ctx, open, p)
	if err != nil {
		return nil, err
	}
	if err := begin(globals, ran.Globals); err != nil {
		return nil, err
	}
	random, err := findRandom(ran.memories)
	if err != nil {
		return nil, err
	}
	section, err := json.Marshal(about{p.Build, random})
	if err != nil {
		return nil, err
	}
	for _, place := range random {
		clear(ran.memories[0][place[0]:][:place[1]])
	}
	return ran.module(wasm, globals, section)
}

// openGlobals is a module whose globals can be seen from outside.
func openGlobals(wasm []byte) (globals []global, open []byte, err error) {
	open, failure := rewrite(wasm, func(id byte, section *reader) ([]byte, error) {
		switch id {
		case sectionGlobal:
			body := section.rest
			var err error
			globals, err = section.globals()
			return body, err
		case sectionExport:
			return exportGlobals(section, globals), nil
		}
		return section.rest, nil
	})
	return globals, open, failure
}

// module is the one that goes on from where the program was.
func (r *ran) module(wasm []byte, globals []global, about []byte) ([]byte, error) {
	out, err := rewrite(wasm, func(id byte, section *reader) ([]byte, error) {
		switch id {
		case sectionGlobal:
			return appendGlobals(nil, globals), nil
		case sectionMemory:
			return appendMemory(r.Size), nil
		case sectionData:
			return appendSegments(nil, cut(r.memories[0])), nil
		}
		return section.rest, nil
	})
	body := append(binary.AppendUvarint(nil, uint64(len(aboutSection))), aboutSection...)
	return appendSection(out, sectionCustom, append(body, about...)), err
}

// page is how memory is counted.
// WebAssembly Core Specification, 4.2.8 Memory Instances.
const page = 1 << 16

// appendMemory is a section of one memory that can grow.
func appendMemory(size int) []byte {
	return binary.AppendUvarint([]byte{1, 0}, uint64(size/page))
}

// ran is what a program was like when it waited.
type ran struct {
	Globals []string `json:"globals"`
	Size    int      `json:"size"`
	Runs    int      `json:"runs"`

	memories [][]byte
}

func runProgram(ctx context.Context, wasm []byte, p Program) (r *ran, err error) {
	dir, err := os.MkdirTemp("", "bsock-snapshot-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program, err := os.ReadFile(p.File)
	if err != nil {
		return nil, err
	}
	args := []string{}
	for _, file := range []struct {
		name string
		text []byte
	}{{"snapshot.mjs", snapshotScript}, {"module.wasm", wasm}, {"wasm_exec.mjs", []byte(p.WasmExec)}, {"program.mjs", program}} {
		path := filepath.Join(dir, file.name)
		if err := os.WriteFile(path, file.text, 0o600); err != nil {
			return nil, err
		}
		args = append(args, path)
	}
	cmd := exec.CommandContext(ctx, "node", args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("run the module's program under Node: %w\n%s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	return readRan(out)
}

func readRan(out []byte) (*ran, error) {
	line, memory, _ := bytes.Cut(out, []byte("\n"))
	r := &ran{}
	if err := json.Unmarshal(line, r); err != nil {
		return nil, fmt.Errorf("what Node says of the module's program: %w", err)
	}
	if r.Size <= 0 || r.Runs <= 0 || r.Size%page != 0 || len(memory) != r.Size*r.Runs {
		return nil, fmt.Errorf("memory of %d bytes from Node, not %d times %d", len(memory), r.Runs, r.Size)
	}
	r.memories = slices.Collect(slices.Chunk(memory, r.Size))
	return r, nil
}
