package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"time"

	"github.com/bsock-wasm/bsock-wasm/build/flood"
)

// The flood verb has more browsers come to the app server than any site of this
// kind has, and many that mean no good.

func floodVerb(flags *flag.FlagSet) action {
	c := flood.Config{}
	flags.IntVar(&c.Citizens, "browsers", 10_000, "browsers that behave")
	flags.IntVar(&c.Deaf, "deaf", 250, "browsers that hear every block 250 times over and never read")
	flags.IntVar(&c.Asking, "asking", 250, "browsers that ask for far too much and never read")
	flags.IntVar(&c.Strangers, "strangers", 2_000, "browsers that never authenticate")
	flags.IntVar(&c.Rush, "rush", 100, "connections that come and go, in each second")
	flags.IntVar(&c.Quiet, "quiet", 10, "blocks mined before the others come")
	flags.IntVar(&c.Attack, "attack", 40, "blocks mined while they are there")
	flags.DurationVar(&c.Every, "every", time.Second, "time between two blocks")
	flags.DurationVar(&c.Patience, "patience", 2*time.Minute, "how long those who do not read may stay after that")
	serve := flags.Bool("serve", false, "be the server that is flooded")
	return func(ctx context.Context, p *project, _ []string) error {
		all := c.Citizens + c.Deaf + c.Asking + c.Strangers
		if *serve {
			return flood.Serve(flood.Limits(2*all), os.Stdin, p.stdout)
		}
		return runFlood(ctx, p, c)
	}
}

func runFlood(ctx context.Context, p *project, c flood.Config) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	c.Program = []string{program, "flood", "-serve"}
	c.Progress = p.stdout
	report, err := flood.Run(ctx, c)
	if err != nil {
		return err
	}
	report.Print(p.stdout)
	if len(report.Wrong()) > 0 {
		return errors.New("those who behave have noticed")
	}
	return nil
}
