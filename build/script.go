package main

import (
	"bytes"
	"context"
	"fmt"
)

// A library is a file that npm has installed, and what it is called.
type library struct {
	title string
	// folder is what to run `npm ci` in if it is not there.
	folder string
	path   string
}

// filter runs a script under Node, with a library, and returns what it makes of
// its input.
func (p *project) filter(ctx context.Context, script string, with library, input []byte) ([]byte, error) {
	if !exists(with.path) {
		return nil, fmt.Errorf("%s is not installed: run `npm ci` in %s, or `make dist`", with.title, with.folder)
	}
	var out bytes.Buffer
	cmd := p.command(ctx, "node", "--input-type=module", "--eval", script, "--", with.path)
	cmd.Stdin, cmd.Stdout = bytes.NewReader(input), &out
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("node, with %s: %w", with.title, err)
	}
	return out.Bytes(), nil
}
