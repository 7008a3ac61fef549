package native_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// tellKey is an Auth that lets in who knows the key, and notes what was said.
func tellKey(said chan<- string) func(context.Context, *native.Socket, native.Value) error {
	return func(ctx context.Context, s *native.Socket, auth native.Value) error {
		said <- fmt.Sprintf("%s %s", s.Namespace(), auth.JSON())
		return checkKey(ctx, s, auth)
	}
}

func TestAuth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := make(chan string, 10)
		w := newWorld(t, native.ServerOptions{Auth: tellKey(said)})
		_, sockets := w.serveAdmin(native.NamespaceOptions{Auth: tellKey(said)})
		asked := 0
		c, outside := w.dial(native.DialOptions{Protocol: socketIO, Auth: func(_ context.Context, namespace string) (any, error) {
			asked++
			return map[string]any{"key": "open sesame", "try": asked, "for": namespace}, nil
		}})
		assert.Equal(t, ` {"for":"","key":"open sesame","try":1}`, receive(t, said, "what was said"))
		require.NoError(t, c.Namespace(admin).Join(w.ctx))
		receive(t, sockets, "the socket")
		assert.Equal(t, `/admin {"for":"/admin","key":"open sesame","try":2}`, receive(t, said, "what was said"))
		require.NoError(t, outside.CloseWith(bsock.CloseGoingAway, "restart"))
		receive(t, sockets, "the socket, again")
		assert.Equal(t, ` {"for":"","key":"open sesame","try":3}`, receive(t, said, "it is asked at each connection"))
		assert.Equal(t, `/admin {"for":"/admin","key":"open sesame","try":4}`, receive(t, said, "and for each namespace"))
	})
}

func TestAuthIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := make(chan string, 10)
		w := newWorld(t, native.ServerOptions{Auth: tellKey(said)})
		_, err := native.Dial(w.ctx, "ws://node.test/", &native.DialOptions{Protocol: socketIO4, HTTPClient: w.httpClient()})
		var failed *native.DialError
		require.ErrorAs(t, err, &failed)
		var remote *bsock.RemoteError
		require.ErrorAs(t, err, &remote)
		assert.Equal(t, &bsock.RemoteError{Message: refusal, Data: `{"code":"E_KEY"}`}, remote)
		assert.Equal(t, " null", receive(t, said, "what was said"), "who says nothing says null")
		assert.Empty(t, w.sockets, "who is refused is nobody's socket")
	})
}

func TestAuthFails(t *testing.T) {
	noKey := errors.New("no key today")
	tests := []struct {
		sentence string
		auth     func() (any, error)
		want     string
	}{
		{"its error", func() (any, error) { return nil, noKey }, "DialOptions.Auth: no key today"},
		{"what is no object", func() (any, error) { return "key", nil }, "DialOptions.Auth: it must return a struct or a map, which becomes a JSON object"},
		{"what cannot be encoded", func() (any, error) { return nan(), nil }, "DialOptions.Auth: json: unsupported value: NaN"},
		{"a panic", func() (any, error) { panic("oops") }, `DialOptions.Auth: panic in function "Auth": oops`},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, native.ServerOptions{})
			_, _ = w.serveAdmin(native.NamespaceOptions{})
			broken := true
			auth := func(context.Context, string) (any, error) {
				if broken {
					return test.auth()
				}
				return nil, nil
			}
			opts := native.DialOptions{Protocol: socketIO4, HTTPClient: w.httpClient(), Auth: auth}
			_, err := native.Dial(w.ctx, "ws://node.test/", &opts)
			assert.EqualError(t, err, "dial ws://node.test/: "+test.want, "%s fails the attempt", test.sentence)
			broken = false
			c := w.dialOnly(opts)
			broken = true
			assert.EqualError(t, c.Namespace(admin).Join(w.ctx), test.want, "%s fails a join", test.sentence)
			broken = false
			assert.NoError(t, c.Namespace(admin).Join(w.ctx))
		})
	}
}

func TestAuthIsNotAskedWhereItIsNotSaid(t *testing.T) {
	for _, p := range []native.Protocol{bsockOnly, socketIO2} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, native.ServerOptions{})
			_, _ = w.serveAdmin(native.NamespaceOptions{})
			c := w.dialOnly(native.DialOptions{Protocol: p, Auth: func(context.Context, string) (any, error) {
				assert.Fail(t, "it is asked", "%v has no place for it", p)
				return nil, nil
			}})
			assert.NoError(t, c.Namespace(admin).Join(w.ctx))
		})
	}
}

func TestAuthOfEngineIO3(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{Auth: func(_ context.Context, s *native.Socket, auth native.Value) error {
			assert.True(t, auth.IsNull())
			if s.Protocol() == bsockOnly {
				return nil // which authenticates by a call
			}
			return errors.New("say who you are")
		}})
		w.dial(native.DialOptions{})

		p := w.rawDialTo("/socket.io/?EIO=3&transport=websocket")
		assert.JSONEq(t, `{"message":"say who you are","name":"Error","type":null,"code":null}`, p.wantText()[2:])
		assert.Equal(t, "1008 say who you are", p.wantClose())
		p.conn.Close()
		assert.Empty(t, w.sockets)
	})
}

func TestAuthTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		decisions := make(chan error)
		w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxHooks: 2}})
		gone := make(chan error, 10)
		_, sockets := w.serveAdmin(native.NamespaceOptions{
			Auth: func(ctx context.Context, _ *native.Socket, _ native.Value) error {
				select {
				case err := <-decisions:
					return err
				case <-ctx.Done():
					return ctx.Err()
				}
			},
			OnDisconnect: func(_ *native.Socket, err error) { gone <- err },
		})
		c, s := w.dial(native.DialOptions{Protocol: socketIO4})
		got := inbox(t, s, "e")
		a := c.Namespace(admin)
		join := func(ctx context.Context) <-chan error {
			done := make(chan error, 1)
			go func() { done <- a.Join(ctx) }()
			synctest.Wait()
			return done
		}
		joined := join(w.ctx)
		require.NoError(t, c.Fire(w.ctx, "e"))
		receive(t, got, "an event, while it is decided")
		decisions <- nil
		assert.NoError(t, receive(t, joined, "the decision"))
		receive(t, sockets, "the socket")
		a.Leave()
		receive(t, gone, "the end")

		ctx, cancel := context.WithTimeout(w.ctx, time.Second)
		defer cancel()
		assert.ErrorIs(t, receive(t, join(ctx), "the end"), native.ErrNotJoined, "who waits no longer")
		decisions <- nil
		synctest.Wait()
		assert.Len(t, gone, len(sockets), "leaves as soon as it is let in, if it was noticed at all")
		for range len(sockets) {
			<-sockets
			<-gone
		}

		joined = join(w.ctx)
		require.NoError(t, c.Close())
		assert.ErrorIs(t, receive(t, joined, "the end"), native.ErrClosed, "who goes is decided on no more")
		<-s.Done()
		assert.Empty(t, sockets)
		assert.Empty(t, gone)
	})
}

func TestPanicsOfNamespaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errs := make(chan error, 10)
		w := newWorld(t, native.ServerOptions{
			OnError:      func(_ *native.Socket, err error) { errs <- err },
			OnDisconnect: func(*native.Socket, error) { panic("too late") },
		})
		_, err := w.server.Namespace("/auth", native.NamespaceOptions{Auth: func(context.Context, *native.Socket, native.Value) error { panic("who") }})
		require.NoError(t, err)
		_, err = w.server.Namespace("/socket", native.NamespaceOptions{OnSocket: func(*native.Socket) { panic("what") }})
		require.NoError(t, err)
		c, s := w.dial(native.DialOptions{Protocol: socketIO4, Reconnect: bsock.Backoff{Off: true}})
		assert.EqualError(t, c.Namespace("/auth").Join(w.ctx), "namespace /auth is refused: Internal error.")
		assert.EqualError(t, receive(t, errs, "the report"), `panic in function "Auth": who`)
		_ = c.Namespace("/socket").Join(w.ctx)
		assert.EqualError(t, receive(t, errs, "the report"), `panic in function "OnSocket": what`)
		<-s.Done()
		assert.EqualError(t, receive(t, errs, "the report"), `panic in function "OnDisconnect": too late`)
		<-c.Done()
	})
}

func TestAuthIsOneOfTheClientsWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		heard := make(chan map[string]any, 1)
		w := newWorld(t, native.ServerOptions{Auth: func(_ context.Context, s *native.Socket, auth native.Value) error {
			assert.Equal(t, "x", s.Request().Header.Get("X-Header"), "the request is at hand")
			var said map[string]any
			err := auth.Decode(&said)
			heard <- said
			return err
		}})
		type account struct {
			User string   `json:"user"`
			Keys []string `json:"keys"`
		}
		w.dial(native.DialOptions{
			Protocol:   socketIO4,
			HTTPHeader: map[string][]string{"X-Header": {"x"}},
			Auth: func(context.Context, string) (any, error) {
				return account{"größe", []string{"<a>"}}, nil
			},
		})
		want := map[string]any{"user": "größe", "keys": []any{"<a>"}}
		assert.Equal(t, want, receive(t, heard, "what was said"))
	})
}

// A socket that is not let in ends, and is in no room any more, even if the
// client did not wait to be told.
func TestRefusedSocketEnds(t *testing.T) {
	for _, impatient := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			asked := make(chan *native.Socket, 1)
			w := newWorld(t, native.ServerOptions{Auth: func(ctx context.Context, s *native.Socket, _ native.Value) error {
				assert.True(t, s.Join("hopefuls"))
				asked <- s
				if impatient {
					<-ctx.Done()
				}
				return errors.New(refusal)
			}})
			_, err := native.Dial(w.ctx, "ws://node.test/", &native.DialOptions{
				Protocol: socketIO4, HTTPClient: w.httpClient(), ConnectTimeout: time.Second,
			})
			require.Error(t, err)
			refused := receive(t, asked, "the socket")
			receive(t, refused.Done(), "the end of the socket")
			assert.Zero(t, w.server.Members("hopefuls"))
			assert.False(t, refused.Join("hopefuls"))
			require.ErrorIs(t, refused.Fire(w.ctx, "too late"), native.ErrClosed)
		})
	}
}

// Who is asked and ends the goroutine has not let anybody in.
func TestAuthThatEndsItsGoroutine(t *testing.T) {
	for _, modern := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, native.ServerOptions{Auth: func(_ context.Context, s *native.Socket, _ native.Value) error {
				assert.True(t, s.Join("hopefuls"))
				runtime.Goexit()
				return nil
			}})
			var p *rawPeer
			if modern {
				p = w.rawDialAs(fourth)
				p.wantText() // the greeting
				p.text("40")
				assert.Equal(t, `44{"message":"Internal error.","name":"Error"}`, p.wantText())
			} else {
				p = w.rawDial()
				assert.Equal(t, "1008 Internal error.", p.wantClose())
			}
			synctest.Wait()
			assert.Zero(t, w.server.Members("hopefuls"))
			assert.Empty(t, w.sockets)
			p.conn.Close()
		})
	}
}
