// Package wasmbuild says how the project's WebAssembly is built: the one place
// for the flags and the environment, so that what is shipped, what is measured
// and what the tests run are built alike.
package wasmbuild

import (
	"os"
	"slices"
	"strings"
)

// Package is the main package of the module.
const Package = "./wasm"

// Flags are the flags of `go build` that make the module reproducible: no path
// of this machine, no symbol table, no build id, no state of the repository.
func Flags() []string {
	return []string{
		"-trimpath", "-buildvcs=false", "-mod=readonly",
		// Functions are inlined, although the module is 30 KB smaller in brotli
		// without (-gcflags=all=-l): what a page waits for is what the engine
		// compiles when it is called first, on the page's own thread, and then
		// it calls half as many. What only texts of errors run through is not
		// inlined: 6 KB.
		"-gcflags=fmt=-l", "-gcflags=reflect=-l",
		"-ldflags", "-s -w -buildid=",
	}
}

// pinned are the variables that change what the compiler writes. Whatever the
// caller has set, the module is built with these.
var pinned = []string{
	"GOOS=js",
	"GOARCH=wasm",
	"GOWASM=",
	"GOFLAGS=",
	"GOEXPERIMENT=nogreenteagc", // it is for large heaps, and 9 KB larger in brotli
	"GOFIPS140=off",
	"GOWORK=off",
	"CGO_ENABLED=0",
}

// Env is the environment for the go command that builds the module: the
// caller's own with extra after it, less what changes the module.
func Env(extra ...string) []string {
	env := append(os.Environ(), extra...)
	return append(without(env, pinned), pinned...)
}

// HostEnv is the caller's environment less GOOS and GOARCH, for running a
// tool of this machine from inside `GOOS=js go test`.
func HostEnv(extra ...string) []string {
	env := append(os.Environ(), extra...)
	return without(env, []string{"GOOS=", "GOARCH="})
}

func without(env, names []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.ContainsFunc(names, func(other string) bool {
			return strings.HasPrefix(other, name+"=")
		})
	})
}
