package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/bsock-wasm/bsock-wasm/build/wasmbuild"
)

// A module is the compiled WebAssembly with what names it.
type module struct {
	// build is the id that is written into the wasm and into the JavaScript
	// around it, which compare the two before they speak.
	build  string
	wasm   []byte
	sha256 string
	inputs *wasmbuild.Inputs
}

// wasmPath is where the compiled module lies.
func (p *project) wasmPath() string { return p.path(".cache/wasm/bsock.wasm") }

func compileVerb(flags *flag.FlagSet) action {
	return func(ctx context.Context, p *project, _ []string) error {
		m, err := compile(ctx, p)
		if err != nil {
			return err
		}
		p.printf("%s: %s, build %s, %s\n", p.rel(p.wasmPath()), kilobytes(len(m.wasm)), m.build, m.inputs.GoVersion)
		return nil
	}
}

// compile builds the module into the cache. The go command's own cache makes
// this quick when nothing has changed.
func compile(ctx context.Context, p *project) (*module, error) {
	inputs, build, err := listInputs(ctx, p)
	if err != nil {
		return nil, err
	}
	wasm, err := buildWasm(ctx, p, p.wasmPath(), wasmbuild.Package, wasmbuild.Flags())
	if err != nil {
		return nil, err
	}
	if wasm, err = begun(ctx, p, wasm, inputs, build); err != nil {
		return nil, err
	}
	if err := writeFile(p.wasmPath(), wasm); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(wasm)
	return &module{build: build, wasm: wasm, sha256: hex.EncodeToString(sum[:]), inputs: inputs}, nil
}

// listInputs names the build. The JavaScript halves of the border count: a
// module and a script that were not made together do not fit together.
func listInputs(ctx context.Context, p *project) (*wasmbuild.Inputs, string, error) {
	inputs, err := wasmbuild.List(ctx, p.root, p.env...)
	if err != nil {
		return nil, "", err
	}
	halves, err := filepath.Glob(p.path("jsbridge/*.js"))
	if err != nil {
		return nil, "", err
	}
	halves = slices.DeleteFunc(halves, func(path string) bool { return path == p.testingPath() })
	build, err := inputs.ID(p.root, append(halves, wasmExecPath(inputs.GoRoot))...)
	return inputs, build, err
}

// wasmExecPath is the JavaScript that a Go installation brings for the modules
// that it, and no other, has compiled.
func wasmExecPath(goRoot string) string {
	return filepath.Join(goRoot, "lib", "wasm", "wasm_exec.js")
}

// begun makes a module whose program has run up to where a page needs it.
func begun(ctx context.Context, p *project, wasm []byte, inputs *wasmbuild.Inputs, build string) ([]byte, error) {
	exec, err := wasmExecText(inputs)
	if err != nil {
		return nil, err
	}
	return wasmbuild.Snapshot(ctx, wasm, wasmbuild.Program{WasmExec: exec, File: p.path("jsbridge/program.js"), Build: build})
}

// linkedPath is where the linker writes what becomes the file out. It has all
// that finishing leaves out, such as the lines of the sources.
func linkedPath(out string) string { return out + ".linked" }

// buildWasm compiles a program as the module is compiled, and finishes it as
// the module is finished.
func buildWasm(ctx context.Context, p *project, out, pkg string, flags []string) ([]byte, error) {
	linked, err := link(ctx, p, out, pkg, flags)
	if err != nil {
		return nil, err
	}
	wasm, err := wasmbuild.Finish(linked)
	if err != nil {
		return nil, fmt.Errorf("finish %s: %w", p.rel(linkedPath(out)), err)
	}
	return wasm, nil
}

// link compiles a program, and leaves it at the linkedPath of out.
func link(ctx context.Context, p *project, out, pkg string, flags []string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return nil, err
	}
	args := append(append([]string{"build"}, flags...), "-o", linkedPath(out), pkg)
	cmd := p.command(ctx, "go", args...)
	cmd.Env = wasmbuild.Env(p.env...)
	cmd.Stdout = p.stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("go build %s: %w", pkg, err)
	}
	return os.ReadFile(linkedPath(out))
}
