package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
)

// chromeNames are the names the browser goes by, Debian's first.
var chromeNames = []string{
	"chromium",
	"chromium-browser",
	"google-chrome",
	"google-chrome-stable",
	"chrome",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
}

func chromeVerb(flags *flag.FlagSet) action {
	install := flags.Bool("install", true, "install Debian's chromium where there is no browser")
	return func(ctx context.Context, p *project, _ []string) error {
		chrome, err := findChrome()
		var missing noChromeError
		if errors.As(err, &missing) && *install {
			chrome, err = installChrome(ctx, p)
		}
		if err != nil {
			return err
		}
		p.printf("%s\n", chrome)
		return nil
	}
}

// A noChromeError says that there is no browser, and what to do about it.
type noChromeError string

func (e noChromeError) Error() string {
	return "no Chromium or Chrome was found: " + string(e) + "; or name one with CHROME=/path/to/chrome"
}

// findChrome is the browser that CHROME names, or else the first that the
// machine has.
func findChrome() (string, error) {
	if named := os.Getenv("CHROME"); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("CHROME=%s names no program that can be run: %w", named, err)
		}
		return path, nil
	}
	for _, name := range chromeNames {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", noChromeError("install it (on Debian: apt-get install chromium)")
}

// installChrome gets the browser from Debian's packages.
func installChrome(ctx context.Context, p *project) (string, error) {
	if err := aptInstall(ctx, p, "chromium"); err != nil {
		return "", noChromeError("install it (on Debian: apt-get install chromium), as was tried: " + err.Error())
	}
	return findChrome()
}
