package main

import (
	"context"
	"flag"
	"fmt"
)

// benchRunner measures the built package in a browser, beside its peers.
const benchRunner = "www/test/bench.mjs"

func benchVerb(flags *flag.FlagSet) action {
	return func(ctx context.Context, p *project, args []string) error {
		if !exists(p.path("www/test/node_modules")) {
			return fmt.Errorf("the peers are not installed: run `npm ci` in www/test, or `make bench`")
		}
		if _, err := dist(ctx, p); err != nil {
			return err
		}
		chrome, err := findChrome()
		if err != nil {
			return err
		}
		cmd := p.command(ctx, "node", append([]string{benchRunner}, args...)...)
		cmd.Env = append(cmd.Environ(), "CHROME="+chrome)
		return cmd.Run()
	}
}
