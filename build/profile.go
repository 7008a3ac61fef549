package main

import (
	"context"
	"flag"
	"strings"

	"github.com/bsock-wasm/bsock-wasm/build/wasmbuild"
)

// profileRunner tells where the time of a case of the bench goes.
const profileRunner = "www/test/bench/profile.mjs"

// profileVerb needs the names of functions, which the module is shipped
// without: it profiles what the linker makes of the same sources with names.
func profileVerb(*flag.FlagSet) action {
	return func(ctx context.Context, p *project, args []string) error {
		m, err := dist(ctx, p)
		if err != nil {
			return err
		}
		flags := wasmbuild.Flags()
		for i := range flags {
			flags[i] = strings.TrimPrefix(flags[i], "-s -w ")
		}
		out := p.path(".cache/profile/named.wasm")
		named, err := link(ctx, p, out, wasmbuild.Package, flags)
		if err != nil {
			return err
		}
		if named, err = begun(ctx, p, named, m.inputs, m.build); err != nil {
			return err
		}
		if err := writeFile(out, named); err != nil {
			return err
		}
		chrome, err := findChrome()
		if err != nil {
			return err
		}
		cmd := p.command(ctx, "node", append([]string{profileRunner, out, p.path(".cache/profile")}, args...)...)
		cmd.Env = append(cmd.Environ(), "CHROME="+chrome)
		return cmd.Run()
	}
}
