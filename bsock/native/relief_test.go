package native_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// often makes calls that come alone and often, so that the reader runs the hooks.
func (p *rawPeer) often() {
	p.Helper()
	for i := range 10 {
		p.text(fmt.Sprintf(`42%d["echo",%d]`, i, i))
		assert.Equal(p, fmt.Sprintf(`43%d[null,%d]`, i, i), p.wantText())
	}
}

// newEchoing returns a raw client, and its socket, which has the hook echo.
func newEchoing(t *testing.T) (*world, *rawPeer, *native.Socket) {
	w := newWorld(t, native.ServerOptions{})
	p := w.rawDial()
	s := w.socket()
	require.NoError(t, s.Hook("echo", echo))
	return w, p, s
}

func echo(_ context.Context, args native.Args) (any, error) { return args.Value(0), nil }

// A hook that waits for what comes behind its call gets it, whoever runs it.
func TestHookThatWaitsForWhatComesLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, p, s := newEchoing(t)
		got := inbox(t, s, "go on")
		require.NoError(t, s.Hook("wait", func(context.Context, native.Args) (any, error) { <-got; return "went on", nil }))
		for range 3 { // the second time it is known to wait
			p.often()
			p.text(`4299["wait"]`)
			start := time.Now()
			p.text(`42["go on"]`)
			assert.LessOrEqual(t, time.Since(start), 2*time.Millisecond, "somebody reads on soon")
			assert.Equal(t, `4399[null,"went on"]`, p.wantText())
		}
		p.often()
	})
}

// Calls and events that came with the call of a hook that waits do not wait for it
// long, nor do the answers to those before it.
func TestHookThatWaitsAmongOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, p, s := newEchoing(t)
		got := inbox(t, s, "e")
		release := make(chan struct{})
		require.NoError(t, s.Hook("wait", func(context.Context, native.Args) (any, error) { <-release; return "late", nil }))
		for range 3 {
			p.often()
			var together []byte
			for _, text := range []string{`421["echo",1]`, `422["wait"]`, `42["e"]`, `423["echo",3]`} {
				together = append(together, rawFrame(final|opText, text)...)
			}
			start := time.Now()
			_, err := p.conn.Write(together)
			require.NoError(t, err)
			assert.Equal(t, `431[null,1]`, p.wantText())
			assert.Equal(t, `433[null,3]`, p.wantText())
			receive(t, got, "the event")
			assert.LessOrEqual(t, time.Since(start), 2*time.Millisecond)
			release <- struct{}{}
			assert.Equal(t, `432[null,"late"]`, p.wantText())
		}
	})
}

// A handler that waits, behind a call, keeps nobody from reading.
func TestHandlerThatWaitsBehindACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, p, s := newEchoing(t)
		answered := make(chan error, 1)
		_, err := s.Bind("e", func(native.Args) { _, err := s.Call(s.Context(), "who"); answered <- err })
		require.NoError(t, err)
		p.often()
		_, err = p.conn.Write(append(rawFrame(final|opText, `421["echo",1]`), rawFrame(final|opText, `42["e"]`)...))
		require.NoError(t, err)
		assert.ElementsMatch(t, []string{`431[null,1]`, `420["who"]`}, []string{p.wantText(), p.wantText()})
		p.text(`430[null]`)
		assert.NoError(t, receive(t, answered, "the answer"))
	})
}

// A hook that calls the client itself is not in its own way.
func TestHookThatCallsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, p, s := newEchoing(t)
		require.NoError(t, s.Hook("back", func(ctx context.Context, _ native.Args) (any, error) { return s.Call(ctx, "who") }))
		p.often()
		p.text(`427["back"]`)
		require.Equal(t, `420["who"]`, p.wantText())
		p.text(`430[null,"me"]`)
		assert.Equal(t, `437[null,"me"]`, p.wantText())
		p.often()
	})
}

// The end of the connection reaches a hook that waits for nothing else.
func TestHookThatWaitsForTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, p, s := newEchoing(t)
		ended := make(chan error, 1)
		require.NoError(t, s.Hook("wait", func(ctx context.Context, _ native.Args) (any, error) {
			<-ctx.Done()
			ended <- context.Cause(ctx)
			return nil, nil
		}))
		p.often()
		p.text(`427["wait"]`)
		p.conn.Close()
		assert.Error(t, receive(t, ended, "the end"))
		<-s.Done()
	})
}

// A hook that ends its goroutine does not end the reading.
func TestHookThatEndsTheReadersGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, p, s := newEchoing(t)
		require.NoError(t, s.Hook("exit", func(context.Context, native.Args) (any, error) {
			runtime.Goexit()
			return nil, nil
		}))
		require.NoError(t, s.Hook("wait and exit", func(context.Context, native.Args) (any, error) {
			time.Sleep(time.Second)
			runtime.Goexit()
			return nil, nil
		}))
		for _, event := range []string{"exit", "wait and exit", "exit"} {
			p.often()
			p.text(fmt.Sprintf(`427[%q]`, event))
			p.often()
		}
		synctest.Wait()
		assert.Equal(t, 1, w.server.Sockets(), "the connection is served on")
	})
}
