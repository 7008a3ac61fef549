// Package flood shows that the app server stands: thousands of browsers that
// behave, some that do not read, some that never say who they are, some that come
// and go without pause; and what of all that those who behave can notice.
package flood

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock/appserver"
)

// A Config says who comes, and what happens to them.
type Config struct {
	Citizens  int // browsers that behave
	Deaf      int // that hear every event 250 times over and never read
	Asking    int // that ask for far too much and never read
	Strangers int // that never authenticate
	Rush      int // that come and go, in each second

	Quiet  int           // blocks mined while those who behave are alone
	Attack int           // blocks mined while all others are there
	Every  time.Duration // between two blocks
	// Patience is how long those who misbehave may stay after the last block.
	Patience time.Duration

	// Program and its arguments run [Serve] in a process of its own; without it
	// the server is run in this one.
	Program []string
	// Limits are the app server's, where the server is run in this process.
	Limits appserver.Config
	// Progress is told what goes on; nil is nobody.
	Progress io.Writer
}

// Limits are the app server's limits for so many connections.
func Limits(connections int) appserver.Config {
	return appserver.Config{MaxSockets: connections}
}

// Run floods a server, and reports what came of it. What the server does wrong
// is in the report; an error says that there is none.
func Run(ctx context.Context, config Config) (report *Report, err error) {
	if config.Progress == nil {
		config.Progress = io.Discard
	}
	t, err := config.target(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	f := &run{Config: config, target: t, report: &Report{}}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer f.leave()
	for _, step := range []func(context.Context) error{f.gather, f.quiet, f.attack, f.await, f.count} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return f.report, nil
}

func (c *Config) target(ctx context.Context) (target, error) {
	if len(c.Program) > 0 {
		return start(ctx, c.Program[0], c.Program[1:]...)
	}
	return NewServer(c.Limits)
}

// A run is one flood.
type run struct {
	Config
	target
	report   *Report
	citizens []*citizen
	mutes    []*peer
	blocks   []Block
	parted   bool // leave has been said
}

func (f *run) say(format string, args ...any) {
	fmt.Fprintf(f.Progress, format+"\n", args...)
}

// gather lets those who behave in.
func (f *run) gather(ctx context.Context) error {
	var err error
	if f.report.Before, err = f.Stats(); err != nil {
		return err
	}
	f.citizens = make([]*citizen, f.Citizens)
	var settled atomic.Int32
	begin := time.Now()
	err = each(f.Citizens, func(i int) error {
		c, err := settleCitizen(ctx, f.Addr(), i)
		if err != nil {
			return err
		}
		f.citizens[i] = c
		go c.listen()
		if n := settled.Add(1); n%1000 == 0 {
			f.say("  %d browsers have connected, authenticated and subscribed, %.1f s", n, time.Since(begin).Seconds())
		}
		return nil
	})
	if err != nil {
		return err
	}
	f.report.Gathering = time.Since(begin)
	go keepAlive(ctx, f.citizens)
	f.report.Gathered, err = f.Stats()
	return err
}

// quiet mines blocks for those who behave alone.
func (f *run) quiet(ctx context.Context) error {
	f.say("Mining %d blocks.", f.Quiet)
	if err := f.mine(ctx, f.Quiet); err != nil {
		return err
	}
	f.report.Quiet = f.delays(f.blocks)
	return nil
}

// mine mines blocks at the pace of Every.
func (f *run) mine(ctx context.Context, blocks int) error {
	for range blocks {
		b, err := f.Mine()
		if err != nil {
			return err
		}
		f.blocks = append(f.blocks, b)
		select {
		case <-time.After(f.Every):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return f.heard(ctx)
}

// heard waits until all blocks have come to all who behave, or nothing comes any
// more.
func (f *run) heard(ctx context.Context) error {
	const giveUp = 20 * time.Second
	for begin := time.Now(); time.Since(begin) < giveUp && !f.allHeard(); {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (f *run) allHeard() bool {
	for _, c := range f.citizens {
		if int(c.heard.Load()) < len(f.blocks) {
			return false
		}
	}
	return true
}

// attack mines blocks for all.
func (f *run) attack(ctx context.Context) error {
	f.say("Letting in %d that do not read, %d that do not say who they are, %d a second that come and go.", f.Deaf+f.Asking, f.Strangers, f.Rush)
	rushing, stop := context.WithCancel(ctx)
	defer stop()
	f.report.AttackAt = time.Now()
	var running sync.WaitGroup
	running.Go(func() { f.report.Rushed, f.report.RushRefused = rush(rushing, f.Addr(), f.Rush) })
	strangers := f.letStrangersIn(ctx)
	if err := f.letMutesIn(ctx); err != nil {
		return err
	}
	f.say("Mining %d blocks.", f.Attack)
	before := len(f.blocks)
	if err := f.mine(ctx, f.Attack); err != nil {
		return err
	}
	f.report.Attack = f.delays(f.blocks[before:])
	var err error
	f.report.Attacked, err = f.Stats()
	stop()
	running.Wait()
	f.report.Strangers = <-strangers
	return err
}

func (f *run) letMutesIn(ctx context.Context) error {
	f.mutes = make([]*peer, f.Deaf+f.Asking)
	return each(len(f.mutes), func(i int) (err error) {
		if i < f.Deaf {
			f.mutes[i], err = goDeaf(ctx, f.Addr())
		} else {
			f.mutes[i], err = keepAsking(ctx, f.Addr())
		}
		return err
	})
}

// letStrangersIn returns at once; what became of them follows.
func (f *run) letStrangersIn(ctx context.Context) <-chan []Departure {
	told := make(chan []Departure, 1)
	go func() {
		departures := make([]Departure, f.Strangers)
		var running sync.WaitGroup
		for i := range departures {
			running.Go(func() { departures[i].Farewell, departures[i].After = stay(ctx, f.Addr()) })
			time.Sleep(time.Millisecond)
		}
		running.Wait()
		told <- departures
	}()
	return told
}

// await waits until those who misbehave are gone, or should be.
func (f *run) await(ctx context.Context) (err error) {
	f.say("Waiting until those who do not read are gone.")
	for begin := time.Now(); ; {
		if f.report.After, err = f.Stats(); err != nil {
			return err
		}
		if f.report.After.Sockets <= f.Citizens || time.Since(begin) > f.Patience {
			return nil
		}
		select {
		case <-time.After(time.Second / 2):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// count finds out what those who behave have heard.
func (f *run) count(context.Context) error {
	f.leave()
	f.report.Config = f.Config
	for _, c := range f.citizens {
		f.report.Heard.add(c.came, f.blocks)
	}
	return nil
}

// leave ends all connections, and waits until those who behave know it.
func (f *run) leave() {
	for _, p := range f.mutes {
		if p != nil {
			p.drop()
		}
	}
	for _, c := range f.citizens {
		if c != nil && !f.parted {
			f.part(c)
		}
	}
	f.mutes, f.parted = nil, true
}

func (f *run) part(c *citizen) {
	select {
	case <-c.done: // before its time
		if f.report.Lost == "" {
			f.report.Lost = fmt.Sprint(c.end)
		}
		f.report.LostCitizens++
		return
	default:
	}
	c.drop()
	<-c.done
}
