package native_test

import (
	"bytes"
	"context"
	"log"
	"os"
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

func TestPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errs := make(chan error, 10)
		w := newWorld(t, native.ServerOptions{
			OnError: func(_ *native.Socket, err error) { errs <- err },
			OnSocket: func(s *native.Socket) {
				assert.NoError(t, s.Hook("hook", func(context.Context, native.Args) (any, error) { panic("key=hunter2") }))
				assert.NoError(t, s.Hook("nan", func(context.Context, native.Args) (any, error) { return nan(), nil }))
				_, err := s.Bind("event", func(native.Args) { panic("key=hunter2") })
				assert.NoError(t, err)
			},
		})
		c, s := w.dial(native.DialOptions{})
		got := inbox(t, s, "event")

		_, err := c.Call(w.ctx, "hook")
		assert.Equal(t, &bsock.RemoteError{Message: "Internal error.", Name: "Error"}, err, "the peer learns no more than that")
		var p *native.PanicError
		require.ErrorAs(t, receive(t, errs, "the report"), &p, "the application learns all")
		assert.EqualError(t, p, `panic in hook "hook": key=hunter2`)
		assert.Contains(t, string(p.Stack), "TestPanics")

		require.NoError(t, c.Fire(w.ctx, "event"))
		assert.EqualError(t, receive(t, errs, "the report"), `panic in handler "event": key=hunter2`)
		receive(t, got, "the event, for the next handler")

		_, err = c.Call(w.ctx, "nan")
		assert.EqualError(t, err, "Internal error.")
		assert.ErrorContains(t, receive(t, errs, "the report"), `result of hook "nan": json: unsupported value`)
	})
}

func TestPanicsAreLoggedIfNobodyListens(t *testing.T) {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		c, s := w.dial(native.DialOptions{})
		assert.NoError(t, s.Hook("hook", func(context.Context, native.Args) (any, error) { panic("no") }))
		_, err := c.Call(w.ctx, "hook")
		assert.EqualError(t, err, "Internal error.")
	})
	assert.Contains(t, logged.String(), `bsock/native: panic in hook "hook": no`)
	assert.Contains(t, logged.String(), "panic_test.go", "with its stack")
}

func TestHandlerThatEndsItsGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		c, s := w.dial(native.DialOptions{})
		_, err := s.Bind("last", func(native.Args) { runtime.Goexit() })
		require.NoError(t, err)
		got := inbox(t, s, "next")
		require.NoError(t, c.Fire(w.ctx, "last"))
		require.NoError(t, c.Fire(w.ctx, "next"))
		receive(t, got, "the event behind it")
	})
}

func TestPanicInOnSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errs := make(chan error, 10)
		w := newWorld(t, native.ServerOptions{
			OnError:  func(_ *native.Socket, err error) { errs <- err },
			OnSocket: func(*native.Socket) { panic("no") },
		})
		p := w.rawDial()
		assert.Equal(t, "1011 Internal error.", p.wantClose())
		p.conn.Close()
		assert.EqualError(t, receive(t, errs, "the report"), `panic in function "OnSocket": no`)
	})
}
