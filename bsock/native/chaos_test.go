package native_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// Many clients do everything at once, over real sockets that are cut at random.
// No answer reaches another's call, and in the end everything ends.
func TestChaos(t *testing.T) {
	const clients, rounds = 8, 150
	var server *native.Server
	server = native.NewServer(&native.ServerOptions{Limits: native.Limits{MaxQueue: 16, MaxInbox: 8, MaxHooks: 2}, OnSocket: func(s *native.Socket) {
		s.Join("all")
		assert.NoError(t, s.Hook("echo", func(_ context.Context, args native.Args) (any, error) { return args.Value(0), nil }))
		_, err := s.Bind("say", func(args native.Args) { _ = server.To("all", "heard", args) })
		assert.NoError(t, err)
		_, err = s.Bind("die", func(native.Args) { go func() { _ = s.CloseWith(bsock.CloseTryAgain, "chaos") }() })
		assert.NoError(t, err)
	}})
	web := httptest.NewServer(server)
	defer web.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var group sync.WaitGroup
	for id := range clients {
		c, err := native.Dial(ctx, web.URL, &native.DialOptions{
			Reconnect: bsock.Backoff{Min: time.Millisecond, Max: 5 * time.Millisecond},
			OnConnect: func(ctx context.Context, c *native.Client) error { return ask(ctx, c, "hello") },
		})
		require.NoError(t, err)
		inbox(t, c, "heard")
		for worker := range 3 {
			group.Go(func() {
				for i := range rounds {
					what := fmt.Sprint(id, worker, i)
					assert.NoError(t, act(ctx, c, what))
				}
			})
		}
		defer func() { _ = c.Close(); <-c.Done() }()
	}
	group.Wait()
	assert.NoError(t, server.Shutdown(ctx))
	assert.Zero(t, server.Sockets())
	assert.Zero(t, server.Members("all"))
}

// act does something at random. A connection that is lost is no error.
func act(ctx context.Context, c *native.Client, what string) error {
	var err error
	switch rand.IntN(20) {
	case 0:
		err = c.Fire(ctx, "die")
	case 1, 2, 3:
		err = c.Fire(ctx, "say", what, []byte(what))
	case 4, 5, 6:
		short, cancel := context.WithTimeout(ctx, time.Duration(rand.IntN(1000))*time.Microsecond)
		defer cancel()
		if err = ask(short, c, what); short.Err() != nil {
			err = nil
		}
	default:
		err = ask(ctx, c, what)
	}
	if errors.Is(err, native.ErrLost) {
		return nil
	}
	return err
}

// ask calls echo and checks the answer.
func ask(ctx context.Context, c *native.Client, what string) error {
	v, err := c.Call(ctx, "echo", []any{what, []byte(what)})
	if err != nil {
		return err
	}
	var list []any
	if err := v.Decode(&list); err != nil {
		return err
	}
	if list[0] != what || string(list[1].([]byte)) != what {
		return fmt.Errorf("asked %q, was answered %v", what, list)
	}
	return nil
}
