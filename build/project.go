package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// modulePath tells this project's go.mod from the one of build/tools, and from
// any other a caller may stand in.
const modulePath = "github.com/bsock-wasm/bsock-wasm"

// A project is the work tree a verb works on. Every path it hands out is
// absolute: a verb may be started from any folder, as `go test -exec` does.
type project struct {
	root   string
	stdout io.Writer
	stderr io.Writer
	// modules is where npm has installed what www/test is written with.
	modules string
	// tools is where npm has installed what the package is built with.
	tools string
	// env is added to the environment of the go command.
	env []string
}

// findProject looks for the work tree around the current folder.
func findProject() (*project, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	start := dir
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.Contains("\n"+string(text), "\nmodule "+modulePath+"\n") {
			return &project{
				root:    dir,
				modules: filepath.Join(dir, "www/test/node_modules"),
				tools:   filepath.Join(dir, "build/tools/node_modules"),
				stdout:  os.Stdout,
				stderr:  os.Stderr,
			}, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return nil, fmt.Errorf("%s is not inside the work tree of %s: run this from there", start, modulePath)
		}
		dir = parent
	}
}

// path is the absolute path of a file of the work tree, written with slashes.
func (p *project) path(elem ...string) string {
	return filepath.Join(append([]string{p.root}, elem...)...)
}

// dist is the npm package's folder.
func (p *project) dist(name string) string { return p.path("www/dist", name) }

// rel is a path as a person in the work tree's top folder would write it.
func (p *project) rel(path string) string {
	if rel, err := filepath.Rel(p.root, path); err == nil {
		return filepath.ToSlash(rel)
	}
	return path
}

// printf tells the person at the terminal what is going on.
func (p *project) printf(format string, args ...any) {
	fmt.Fprintf(p.stdout, format, args...)
}

// command is an external program in the work tree's top folder. When ctx ends
// it is interrupted first, so that it can clean up, and killed a while later.
func (p *project) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = p.root
	cmd.Stdout, cmd.Stderr = p.stdout, p.stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// exists reports whether there is a file of that name.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// writeFile replaces a file in one step, so that whoever reads it meanwhile
// sees the old bytes or the new ones, and makes the folders it is in.
func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // fails, rightly, once the file has its name
	_, err = temp.Write(data)
	if err := errors.Join(err, temp.Chmod(0o644), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
