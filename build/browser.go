package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// A browser is one that the tests run in besides Chromium.
type browser struct {
	named    string   // the variable that may name its program
	programs []string // all of which it takes
	packages []string // Debian's, which have them
}

var browsers = map[string]browser{
	"firefox": {"FIREFOX", []string{"firefox-esr"}, []string{"firefox-esr"}},
	// The driver's package brings WebKitGTK's MiniBrowser, which needs a screen.
	"webkit": {"", []string{"WebKitWebDriver", "Xvfb"}, []string{"webkit2gtk-driver", "xvfb"}},
}

func browserVerb(*flag.FlagSet) action {
	return func(ctx context.Context, p *project, args []string) error {
		if len(args) < 2 || len(browsers[args[0]].programs) == 0 {
			return usageError("browser takes firefox or webkit, and a command to run with it")
		}
		name := args[0]
		path, err := haveBrowser(ctx, p, browsers[name])
		if err != nil {
			return untested(p, name, err)
		}
		cmd := p.command(ctx, args[1], args[2:]...)
		cmd.Env = append(cmd.Environ(), "BROWSER="+name)
		if named := browsers[name].named; named != "" {
			cmd.Env = append(cmd.Env, named+"="+path)
		}
		return cmd.Run()
	}
}

// untested says that a browser is left out. That may be on somebody's own
// machine; where CI=true says that this is nobody's, it is a failure.
func untested(p *project, name string, err error) error {
	if os.Getenv("CI") == "true" {
		return fmt.Errorf("there is no %s to test with: %w", name, err)
	}
	line := strings.Repeat("!", 72)
	fmt.Fprintf(p.stderr, "%s\nNOT TESTED IN %s: %v\n%s\n", line, strings.ToUpper(name), err, line)
	return nil
}

// haveBrowser is the path of a browser's first program, once it is there.
func haveBrowser(ctx context.Context, p *project, b browser) (string, error) {
	path, err := b.find()
	if !errors.Is(err, exec.ErrNotFound) || os.Getenv(b.named) != "" {
		return path, err
	}
	if err := aptInstall(ctx, p, b.packages...); err != nil {
		return "", fmt.Errorf("install Debian's %s by hand: %w", strings.Join(b.packages, " and "), err)
	}
	return b.find()
}

func (b browser) find() (string, error) {
	if named := os.Getenv(b.named); named != "" {
		return exec.LookPath(named)
	}
	first := ""
	for _, program := range b.programs {
		path, err := exec.LookPath(program)
		if err != nil {
			return "", err
		}
		if first == "" {
			first = path
		}
	}
	return first, nil
}
