package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/bsock-wasm/bsock-wasm/build/wasmbuild"
	"github.com/evanw/esbuild/pkg/api"
)

// The exec verb runs a test binary of `GOOS=js GOARCH=wasm go test` in a
// headless browser. wasmbrowsertest does the work, and only two things keep it
// from doing all of it: it serves the wasm_exec.js of its GOROOT, which knows
// no imports but Go's own; and it starts whichever browser it finds first. So
// it gets a GOROOT that has only that one file, the stock text with
// jsbridge/testing.js after it, and a PATH on which our browser comes first.

// testingPath is the script that adds this project's imports to the stock
// class Go, for the packages under test that have any.
func (p *project) testingPath() string { return p.path("jsbridge/testing.js") }

// chromeFlags are added to those that wasmbrowsertest starts a browser with:
// without them it looks up hosts of its maker, which a test has no use for.
var chromeFlags = []string{
	"--disable-gpu",
	"--disable-quic",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--no-first-run",
}

func execVerb(flags *flag.FlagSet) action {
	return func(ctx context.Context, p *project, args []string) error {
		if len(args) == 0 {
			return usageError("exec needs the test binary's file: use `go test -exec`, as `make test-wasm` does")
		}
		// `go test` ends a test that takes too long with this signal.
		ctx, stop := signal.NotifyContext(ctx, syscall.SIGQUIT)
		defer stop()
		return execInBrowser(ctx, p, args)
	}
}

func execInBrowser(ctx context.Context, p *project, args []string) (err error) {
	runner, err := toolPath(ctx, p, "wasmbrowsertest")
	if err != nil {
		return err
	}
	chrome, err := findChrome()
	if err != nil {
		return err
	}
	shadow, err := os.MkdirTemp("", "bsock-exec-")
	if err != nil {
		return err
	}
	defer func() {
		if removeErr := os.RemoveAll(shadow); err == nil {
			err = removeErr
		}
	}()
	if err := fillShadow(ctx, p, shadow, chrome); err != nil {
		return err
	}

	cmd := p.command(ctx, runner, args...)
	cmd.Dir = "" // the package's folder, where its testdata are
	cmd.Env = browserEnv(shadow)
	return cmd.Run()
}

// fillShadow lays out the folder that stands in for GOROOT.
func fillShadow(ctx context.Context, p *project, shadow, chrome string) error {
	goRoot, err := wasmbuild.GoRoot(ctx, p.root)
	if err != nil {
		return err
	}
	script, err := testScript(p, goRoot)
	if err != nil {
		return err
	}
	if err := writeFile(wasmExecPath(shadow), script); err != nil {
		return err
	}
	launcher := filepath.Join(shadow, "bin", "headless_shell") // the first name that is looked for
	text := fmt.Sprintf("#!/bin/sh\nexec %s %s \"$@\"\n", quoted(chrome), strings.Join(chromeFlags, " "))
	if err := writeFile(launcher, []byte(text)); err != nil {
		return err
	}
	return os.Chmod(launcher, 0o755)
}

// testScript is the stock wasm_exec.js, and after it our imports.
func testScript(p *project, goRoot string) ([]byte, error) {
	stock, err := os.ReadFile(wasmExecPath(goRoot))
	if err != nil || !exists(p.testingPath()) {
		return stock, err
	}
	ours, err := esbuild(api.BuildOptions{
		EntryPoints:   []string{p.testingPath()},
		AbsWorkingDir: p.root,
		Bundle:        true,
		Format:        api.FormatIIFE,
		Platform:      api.PlatformBrowser,
		Target:        target,
	})
	if err != nil {
		return nil, fmt.Errorf("bundle %s: %w", p.rel(p.testingPath()), err)
	}
	return append(append(stock, '\n'), ours...), nil
}

// browserEnv is a small environment, because all of it is passed on to the
// program in the browser, where it shares 8 KB with the arguments.
func browserEnv(shadow string) []string {
	env := []string{
		"GOROOT=" + shadow,
		"PATH=" + filepath.Join(shadow, "bin") + string(os.PathListSeparator) + os.Getenv("PATH"),
	}
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		switch {
		case name == "HOME", name == "TMPDIR", name == "USER", name == "WASM_HEADLESS", strings.HasPrefix(name, "BSOCK_"):
			env = append(env, entry)
		}
	}
	return env
}

// quoted is a string as one word of a shell command.
func quoted(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// toolPath is the executable of a tool pinned in build/tools.
func toolPath(ctx context.Context, p *project, name string) (string, error) {
	var out strings.Builder
	cmd := p.command(ctx, "go", "-C", p.path("build/tools"), "tool", "-n", name)
	cmd.Env = wasmbuild.HostEnv("GOFLAGS=", "GOWORK=off")
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("build the tool %s of build/tools: %w", name, err)
	}
	return strings.TrimSpace(out.String()), nil
}
