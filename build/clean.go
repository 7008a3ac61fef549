package main

import (
	"context"
	"flag"
	"os"
)

// made are the folders that hold nothing but what this tool has written. The
// npm packages stay: they are installed, not made.
var made = []string{".cache", "www/dist", "www/demo/dist"}

func cleanVerb(flags *flag.FlagSet) action {
	return func(_ context.Context, p *project, _ []string) error {
		for _, name := range made {
			if err := os.RemoveAll(p.path(name)); err != nil {
				return err
			}
		}
		return nil
	}
}
