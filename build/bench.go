package main

import (
	"context"
	"flag"
	"fmt"
	"os"
)

// benchRunner measures the built package beside its peers. It takes what it is
// to measure from the environment: QUICK, ONLY and OUT.
const benchRunner = "www/test/bench.mjs"

func benchVerb(*flag.FlagSet) action {
	return func(ctx context.Context, p *project, _ []string) error {
		if !exists(p.path("www/test/node_modules")) {
			return fmt.Errorf("the peers are not installed: run `npm ci` in www/test, or `make bench`")
		}
		if _, err := dist(ctx, p); err != nil {
			return err
		}
		env, err := benchBrowsers(ctx, p)
		if err != nil {
			return err
		}
		cmd := p.command(ctx, "node", benchRunner)
		cmd.Env = append(cmd.Environ(), env...)
		return cmd.Run()
	}
}

// benchBrowsers names the browsers' programs as the bench looks for them. A
// quick run measures in Chromium alone, and has no time to install Firefox.
func benchBrowsers(ctx context.Context, p *project) ([]string, error) {
	chrome, err := findChrome()
	if err != nil {
		return nil, err
	}
	env := []string{"CHROME=" + chrome}
	if os.Getenv("QUICK") != "" {
		return env, nil
	}
	firefox, err := haveBrowser(ctx, p, browsers["firefox"])
	if err != nil {
		fmt.Fprintf(p.stderr, "nothing is measured in Firefox: %v\n", err)
		return env, nil
	}
	return append(env, "FIREFOX="+firefox), nil
}
