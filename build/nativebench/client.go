//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A client is what is measured: it receives, fires and calls. Each answer is how
// long that took, in seconds.
type client struct {
	bsock *native.Client
	left  atomic.Int64
	done  chan error
	read  bool // the arguments are
}

func (c *client) do(cmd *command) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	begin := time.Now()
	var err error
	switch cmd.Do {
	case "connect":
		return nil, c.connect(ctx, cmd.URL)
	case "receive":
		err = c.receive(ctx, cmd)
	case "fire":
		err = c.fire(ctx, cmd.Count)
	case "calls":
		err = c.calls(ctx, cmd.Count, cmd.InFlight)
	default:
		err = unknown(cmd)
	}
	return time.Since(begin).Seconds(), err
}

func (c *client) connect(ctx context.Context, url string) (err error) {
	c.done = make(chan error, 1)
	c.bsock, err = native.Dial(ctx, url, &native.DialOptions{Limits: native.Limits{MaxFrame: 100e6}})
	if err == nil {
		_, err = c.bsock.Bind(eventName, c.heard)
	}
	return err
}

func (c *client) heard(args native.Args) {
	if c.read {
		var ev event
		if err := args.Decode(0, &ev); err != nil || ev.Height != 200000 {
			c.done <- errors.Join(errors.New("this is not what was sent"), err)
		}
	}
	if c.left.Add(-1) == 0 {
		c.done <- nil
	}
}

func (c *client) receive(ctx context.Context, cmd *command) error {
	c.read = !cmd.Unread
	c.left.Store(int64(cmd.Count))
	if err := c.bsock.Fire(ctx, "send", cmd.Count, cmd.Size); err != nil {
		return err
	}
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("%d of %d events are missing: %w", c.left.Load(), cmd.Count, ctx.Err())
	}
}

// fire returns when the server has seen all events: it answers what came after.
func (c *client) fire(ctx context.Context, count int) error {
	for range count {
		if err := c.bsock.Fire(ctx, eventName, event{Height: 200000, At: clock(), Hash: hash}); err != nil {
			return err
		}
	}
	_, err := c.bsock.Call(ctx, "echo")
	return err
}

func (c *client) calls(ctx context.Context, count, inFlight int) error {
	var running sync.WaitGroup
	var left atomic.Int64
	left.Store(int64(count))
	failed := make(chan error, inFlight)
	for range inFlight {
		running.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := c.bsock.Call(ctx, "echo", event{Height: 200000, At: clock(), Hash: hash}); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	running.Wait()
	close(failed)
	return <-failed
}
