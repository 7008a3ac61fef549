package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// allowed is the table of imports: who may know whom, Go's own library apart.
// Packages in it go by their place in the work tree, others by their path. The
// protocol is below everything, the bridge knows no protocol, the two meet in
// wasm alone, and one package does the talking over real sockets.
var allowed = map[string][]string{
	"bsock":           {},
	"bsock/bsocktest": {"bsock", testify + "assert", testify + "require"},
	"bsock/native":    {"bsock", "nhooyr.io/websocket"},
	"bsock/appserver": {"bsock", "bsock/native"},
	"bsock/simnode":   {"bsock", "bsock/native"},
	"middleware":      {"bsock"},
	"jsbridge":        {safejs},
	"wasm":            {"bsock", "middleware", "jsbridge", safejs},
	"build":           {"bsock/appserver", "bsock/simnode", "build/wasmbuild", "build/flood", "build/hsd", "github.com/evanw/esbuild/pkg/api", "github.com/andybalholm/brotli"},
	"build/wasmbuild": {},
	"build/flood":     {"bsock/appserver", "bsock/simnode"},
	"build/hsd":       {},
	// It measures the WebSocket module alone beside the package over it.
	"build/nativebench": {"bsock/native", "nhooyr.io/websocket"},
}

const (
	safejs  = "github.com/hack-pad/safejs"
	testify = "github.com/stretchr/testify/"
)

// noIO is what the pure packages may not reach, by whatever way. os is not
// among it, for fmt knows it; they may not import that themselves.
var noIO = []string{"encoding/json", "log", "log/slog", "net", "net/http", "os/exec", "syscall/js"}

// A listed package is what `go list -json` tells of one.
type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// goList lists the packages of the work tree as they are for one platform.
func goList(t *testing.T, goos, goarch string, patterns ...string) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-json=ImportPath,Imports,Deps"}, patterns...)...)
	cmd.Dir, cmd.Env = "..", append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch)
	out, err := cmd.Output()
	require.NoError(t, err)
	var packages []listed
	decoder := json.NewDecoder(bytes.NewReader(out))
	for {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		require.NoError(t, err)
		packages = append(packages, p)
	}
}

// place is a package's place in the work tree, or its path if it has none.
func place(path string) string { return strings.TrimPrefix(path, modulePath+"/") }

func TestImports(t *testing.T) {
	seen := map[string]bool{}
	check := func(packages []listed) {
		for _, p := range packages {
			name := place(p.ImportPath)
			seen[name] = true
			for _, path := range p.Imports {
				if domain, _, _ := strings.Cut(path, "/"); !strings.Contains(domain, ".") {
					continue // Go's own library
				}
				assert.True(t, slices.Contains(allowed[name], place(path)), "%s may not import %s", name, place(path))
			}
		}
	}
	check(goList(t, "linux", "amd64", "./..."))
	check(goList(t, "js", "wasm", "./jsbridge", "./wasm"))
	for name := range allowed {
		assert.True(t, seen[name], "%s is in the table, but not in the work tree", name)
	}
	assert.Len(t, allowed, len(seen), "every package is in the table: %v", seen)
}

// TestPurity asks under linux: under js, Go's own time brings syscall/js along.
func TestPurity(t *testing.T) {
	for _, p := range goList(t, "linux", "amd64", "./bsock", "./middleware") {
		assert.NotContains(t, p.Imports, "os", "%s imports it", place(p.ImportPath))
		for _, path := range noIO {
			assert.False(t, slices.Contains(p.Deps, path), "%s reaches %s", place(p.ImportPath), path)
		}
	}
}
