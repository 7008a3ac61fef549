package wasmbuild

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// An input is a package of the module that the Go installation does not
// bring along, as `go list -json` tells it.
type input struct {
	ImportPath string
	Dir        string
	Standard   bool
	Module     *struct {
		Path    string
		Version string
		Dir     string
		Main    bool
	}
	Imports                     []string
	GoFiles, SFiles, EmbedFiles []string
}

// A Module is what the build is made from, besides its sources: another
// module linked into it.
type Module struct {
	Path    string
	Version string
	Dir     string
}

// Inputs is everything that decides what the module's bytes are.
type Inputs struct {
	// GoVersion is the compiler's, such as "go1.26.8".
	GoVersion string
	// GoRoot is the folder of that Go, where its wasm_exec.js is.
	GoRoot string
	// Imports are all packages, Go's own among them, with what each imports.
	Imports map[string][]string
	// Modules are the other modules linked in.
	Modules []Module

	sources []input
}

// List asks the go command what the module in the folder root is made from.
func List(ctx context.Context, root string, extra ...string) (*Inputs, error) {
	in := &Inputs{Imports: map[string][]string{}}
	env, err := goOutput(ctx, root, extra, "env", "GOVERSION", "GOROOT")
	if err != nil {
		return nil, err
	}
	var ok bool
	in.GoVersion, in.GoRoot, ok = strings.Cut(strings.TrimSpace(string(env)), "\n")
	if !ok {
		return nil, fmt.Errorf("`go env GOVERSION GOROOT` printed %q, not two lines", env)
	}

	list, err := goOutput(ctx, root, extra, "list", "-mod=readonly", "-deps", "-json=ImportPath,Dir,Standard,Module,Imports,GoFiles,SFiles,EmbedFiles", Package)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(list))
	for {
		var p input
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return in, nil
		}
		if err != nil {
			return nil, err
		}
		in.add(p)
	}
}

func (in *Inputs) add(p input) {
	in.Imports[p.ImportPath] = p.Imports
	if p.Standard || p.Module == nil {
		return
	}
	in.sources = append(in.sources, p)
	m := Module{p.Module.Path, p.Module.Version, p.Module.Dir}
	if !p.Module.Main && !slices.Contains(in.Modules, m) {
		in.Modules = append(in.Modules, m)
	}
}

// ID is the build's name: a hash of all inputs and of the files named beside
// them. It is the same on every machine and in every folder.
func (in *Inputs) ID(root string, beside ...string) (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, in.GoVersion, Flags(), pinned, finishing)
	for _, p := range in.sources {
		fmt.Fprintln(sum, p.ImportPath, p.Module.Version)
		if !p.Module.Main {
			continue // its version names its files, and go.sum holds it to them
		}
		for _, name := range slices.Concat(p.GoFiles, p.SFiles, p.EmbedFiles) {
			if err := addFile(sum, root, filepath.Join(p.Dir, name)); err != nil {
				return "", err
			}
		}
	}
	for _, path := range beside {
		if err := addFile(sum, root, path); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:16], nil
}

func addFile(sum hash.Hash, root, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	// A file of the work tree goes by its place in it; one from elsewhere, by
	// its own name, since the folder differs from machine to machine.
	name, err := filepath.Rel(root, path)
	if err != nil || strings.HasPrefix(name, "..") {
		name = filepath.Base(path)
	}
	fmt.Fprintf(sum, "%s %d\n", filepath.ToSlash(name), len(data))
	sum.Write(data)
	return nil
}

// GoRoot is the folder of the Go installation that the go command belongs to.
func GoRoot(ctx context.Context, root string) (string, error) {
	out, err := goOutput(ctx, root, nil, "env", "GOROOT")
	return strings.TrimSpace(string(out)), err
}

func goOutput(ctx context.Context, root string, extra []string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = root
	cmd.Env = Env(extra...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}
