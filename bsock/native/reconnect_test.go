package native_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// dialLogged connects a client that notes what happens to it.
func (w *world) dialLogged(log chan string, opts native.DialOptions) *native.Client {
	w.Helper()
	opts.OnDisconnect = func(err error) { log <- "disconnected: " + err.Error() }
	opts.OnError = func(err error) { log <- "error: " + err.Error() }
	return w.dialOnly(opts)
}

func TestReconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := make(chan string, 100)
		w := newWorld(t, native.ServerOptions{OnSocket: func(s *native.Socket) {
			_, err := s.Bind("work", func(args native.Args) { text, _ := args.Text(0); log <- "served: " + text })
			assert.NoError(t, err)
			assert.NoError(t, s.Hook("auth", func(_ context.Context, args native.Args) (any, error) {
				key, _ := args.Text(0)
				time.Sleep(time.Second) // what must wait has time to go wrong
				log <- "served: auth " + key
				return nil, nil
			}))
			assert.NoError(t, s.Hook("hang", func(ctx context.Context, _ native.Args) (any, error) { <-ctx.Done(); return nil, nil }))
		}})
		c := w.dialLogged(log, native.DialOptions{OnConnect: func(ctx context.Context, c *native.Client) error {
			if _, err := c.Call(ctx, "auth", "key"); err != nil {
				return err
			}
			return c.Fire(ctx, "work", "subscribe")
		}})
		s := w.socket()
		require.NoError(t, c.Fire(w.ctx, "work", "one"))
		for _, want := range []string{"served: auth key", "served: subscribe", "served: one"} {
			assert.Equal(t, want, receive(t, log, want), "OnConnect comes first")
		}

		lost := make(chan error, 1)
		go func() { _, err := c.Call(w.ctx, "hang"); lost <- err }()
		synctest.Wait()
		require.NoError(t, s.CloseWith(bsock.CloseGoingAway, "restart"))
		assert.ErrorIs(t, receive(t, lost, "the call"), native.ErrLost, "a call that is under way is lost")
		want := "disconnected: Websocket Closed: restart (code=GOING_AWAY)."
		assert.Equal(t, want, receive(t, log, want), "the application is told at once")

		require.NoError(t, c.Fire(w.ctx, "work", "two"), "what is sent meanwhile waits")
		for _, want := range []string{"served: auth key", "served: subscribe", "served: two"} {
			assert.Equal(t, want, receive(t, log, want), "OnConnect comes first, again")
		}
		synctest.Wait()
		assert.Empty(t, log, "nothing is sent twice")
		assert.Equal(t, 1, w.server.Sockets(), "there is one connection")
	})
}

func TestFireGivesUpWaitingForTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		c, s := w.dial(native.DialOptions{Reconnect: bsock.Backoff{Min: time.Hour, Max: time.Hour}})
		require.NoError(t, s.Close())
		synctest.Wait()
		ctx, cancel := context.WithTimeout(w.ctx, time.Millisecond)
		defer cancel()
		err := c.Fire(ctx, "work")
		assert.ErrorIs(t, err, native.ErrNotConnected)
		assert.ErrorIs(t, err, context.DeadlineExceeded)

		waiting := make(chan error, 1)
		go func() { _, err := c.Call(w.ctx, "work"); waiting <- err }()
		synctest.Wait()
		require.NoError(t, c.Close())
		assert.Equal(t, native.ErrClosed, receive(t, waiting, "the call"), "Close ends what waits")
		assert.Equal(t, native.ErrClosed, c.Err())
		assert.Equal(t, native.ErrClosed, c.Fire(w.ctx, "work"))
	})
}

func TestNoReconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := make(chan string, 100)
		w := newWorld(t, native.ServerOptions{})
		c := w.dialLogged(log, native.DialOptions{Reconnect: bsock.Backoff{Off: true}})
		require.NoError(t, w.socket().CloseWith(bsock.ClosePolicy, "banned"))
		<-c.Done()
		want := "disconnected: Websocket Closed: banned (code=POLICY_VIOLATION)."
		assert.Equal(t, want, receive(t, log, want))
		var closed *bsock.CloseError
		require.ErrorAs(t, c.Err(), &closed, "Err says why")
		assert.Equal(t, bsock.ClosePolicy, closed.Code)
		err := c.Fire(w.ctx, "work")
		assert.ErrorIs(t, err, native.ErrClosed)
		assert.EqualError(t, err, "Socket destroyed. Websocket Closed: banned (code=POLICY_VIOLATION).")
		assert.NoError(t, c.Close(), "Close may be called late, and twice")
		assert.NoError(t, c.Close())
	})
}

func TestReconnectLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := make(chan string, 100)
		w := newWorld(t, native.ServerOptions{})
		c := w.dialLogged(log, native.DialOptions{Reconnect: bsock.Backoff{Limit: 3}})
		s := w.socket()
		require.NoError(t, w.http.Close())
		require.NoError(t, s.Close())
		<-c.Done()
		assert.Len(t, log, 1+3, "one loss and three attempts")
		var failed *native.DialError
		assert.ErrorAs(t, c.Err(), &failed, "the last is the reason of the end")
	})
}

func TestCloseIsFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := make(chan error, 1)
		w := newWorld(t, native.ServerOptions{OnDisconnect: func(_ *native.Socket, err error) { gone <- err }})
		log := make(chan string, 10)
		c := w.dialLogged(log, native.DialOptions{})
		s := w.socket()
		got := inbox(t, s, "last")
		require.NoError(t, c.Fire(w.ctx, "last"))
		require.NoError(t, c.Close())
		receive(t, got, "what was queued before Close")
		assert.Equal(t, &bsock.CloseError{Code: bsock.CloseNormal}, receive(t, gone, "the end"), "the server is told with code 1000")
		<-c.Done()
		assert.Equal(t, "disconnected: Socket destroyed.", receive(t, log, "the news"))
		time.Sleep(time.Hour)
		assert.Zero(t, w.server.Sockets(), "it does not come back")
		assert.Empty(t, log)
	})
}

func TestServerThatIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := make(chan string, 100)
		w := newWorld(t, native.ServerOptions{})
		c := w.dialLogged(log, native.DialOptions{Reconnect: bsock.Backoff{Min: time.Second, Max: 4 * time.Second}})
		s := w.socket()
		require.NoError(t, w.http.Close())
		require.NoError(t, s.Close())
		receive(t, log, "the loss")
		time.Sleep(20 * time.Second)
		assert.Contains(t, receive(t, log, "an attempt"), "error: dial ws://node.test/socket.io/: dial memory: ", "every attempt is reported with its reason")
		attempts := len(log)
		assert.Greater(t, attempts, 4, "it tries again")
		assert.Less(t, attempts, 200, "but not without pause")

		w.serve(w.server)
		waiting := make(chan error, 1)
		go func() { waiting <- c.Fire(w.ctx, "work") }()
		assert.NoError(t, receive(t, waiting, "the event"), "and goes on when the server is back")
	})
}

func TestNewClientWaitsForItsServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		require.NoError(t, w.http.Close())
		c, err := native.NewClient("ws://node.test", &native.DialOptions{HTTPClient: w.httpClient()})
		require.NoError(t, err)
		defer func() { _ = c.Close(); <-c.Done() }()
		time.Sleep(10 * time.Second)
		w.serve(w.server)
		require.NoError(t, c.Fire(w.ctx, "hello"))
		w.socket()

		_, err = native.NewClient("node.test:80", nil)
		assert.ErrorContains(t, err, "scheme must be ws, wss, http or https", "a bad URL is an error at once")
	})
}

func TestOnConnectThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var served atomic.Int32
		w := newWorld(t, native.ServerOptions{OnSocket: func(s *native.Socket) {
			assert.NoError(t, s.Hook("auth", func(context.Context, native.Args) (any, error) { return nil, errors.New("Bad key.") }))
			_, err := s.Bind("work", func(native.Args) { served.Add(1) })
			assert.NoError(t, err)
		}})
		auth := func(ctx context.Context, c *native.Client) error {
			_, err := c.Call(ctx, "auth", "wrong")
			return err
		}
		_, err := native.Dial(w.ctx, "ws://node.test", &native.DialOptions{
			HTTPClient: w.httpClient(), OnConnect: auth,
			OnError:      func(err error) { assert.Fail(t, "Dial's error is told once", err) },
			OnDisconnect: func(err error) { assert.Fail(t, "there was no connection", err) },
		})
		assert.EqualError(t, err, "dial ws://node.test: OnConnect: Bad key.", "Dial fails with it")
		var remote *bsock.RemoteError
		assert.ErrorAs(t, err, &remote, "and wraps it")
		synctest.Wait()
		assert.Zero(t, w.server.Sockets(), "and leaves nothing behind")

		var attempts atomic.Int32
		c, err := native.NewClient("ws://node.test", &native.DialOptions{
			HTTPClient: w.httpClient(), OnConnect: auth,
			OnError: func(err error) { assert.EqualError(t, err, "OnConnect: Bad key."); attempts.Add(1) },
		})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(w.ctx, time.Hour/2)
		defer cancel()
		assert.ErrorIs(t, c.Fire(ctx, "work"), native.ErrNotConnected, "nothing goes out before OnConnect has succeeded")
		assert.Zero(t, served.Load())
		assert.Greater(t, attempts.Load(), int32(50), "it is tried again")
		assert.Less(t, attempts.Load(), int32(500), "without hammering")
		require.NoError(t, c.Close())
		<-c.Done()
	})
}

func TestOnConnectThatNeverReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{OnSocket: func(s *native.Socket) {
			assert.NoError(t, s.Hook("auth", func(ctx context.Context, _ native.Args) (any, error) { <-ctx.Done(); return nil, nil }))
		}})
		start := time.Now()
		_, err := native.Dial(w.ctx, "ws://node.test", &native.DialOptions{
			HTTPClient:     w.httpClient(),
			ConnectTimeout: 3 * time.Second,
			OnConnect: func(ctx context.Context, c *native.Client) error {
				_, err := c.Call(ctx, "auth", nil)
				return err
			},
		})
		assert.ErrorIs(t, err, context.DeadlineExceeded, "its context ends")
		assert.Equal(t, 3*time.Second, time.Since(start))
	})
}

func TestOnConnectThatIsOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		var stale *native.Client
		var n atomic.Int32
		late := make(chan error, 1)
		c := w.dialOnly(native.DialOptions{OnConnect: func(ctx context.Context, c *native.Client) error {
			if n.Add(1) != 2 {
				return nil
			}
			stale = c
			<-ctx.Done() // the second connection is lost before it is through
			late <- c.Fire(context.Background(), "subscribe")
			return ctx.Err()
		}})
		require.NoError(t, w.socket().Close())
		require.NoError(t, w.socket().Close())
		assert.ErrorIs(t, receive(t, late, "its event"), native.ErrLost, "what it sends does not go to the next connection")
		w.socket()
		require.NoError(t, c.Fire(w.ctx, "work"))
		assert.ErrorIs(t, stale.Fire(w.ctx, "subscribe"), native.ErrLost)
	})
}

func TestSilentPeers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{PingInterval: 20 * time.Second, PingTimeout: 10 * time.Second})
		p := w.rawDial()
		s := w.socket()
		start := time.Now()
		go func() {
			time.Sleep(15 * time.Second)
			p.text("2")
			p.wantText()
		}()
		<-s.Context().Done()
		assert.Equal(t, 45*time.Second, time.Since(start), "a client that neither pings nor speaks is cut off")
		assert.ErrorIs(t, context.Cause(s.Context()), bsock.ErrStalled)
		p.conn.Close()
	})
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{PingInterval: 20 * time.Second, PingTimeout: 10 * time.Second})
		frozen := make(chan struct{})
		log := make(chan string, 10)
		client := w.httpClient()
		w.freezeAfter(client, frozen)
		c, err := native.Dial(w.ctx, "ws://node.test", &native.DialOptions{
			HTTPClient: client, Reconnect: bsock.Backoff{Off: true},
			OnDisconnect: func(err error) { log <- err.Error() },
		})
		require.NoError(t, err)
		start := time.Now()
		time.Sleep(50 * time.Second)
		assert.Empty(t, log, "pings keep a silent connection")
		close(frozen)
		assert.Equal(t, "Connection is stalling (ping).", receiveAfter(t, log, time.Minute), "a server that answers no ping is given up")
		assert.Equal(t, 70*time.Second, time.Since(start), "PingTimeout after the ping of second 60")
		<-c.Done()
	})
}

func receiveAfter(t *testing.T, ch <-chan string, d time.Duration) string {
	t.Helper()
	select {
	case s := <-ch:
		return s
	case <-time.After(d):
		require.FailNow(t, "waited too long")
		return ""
	}
}

// freezeAfter makes the connections of client swallow all that is written once
// frozen is closed.
func (w *world) freezeAfter(client *http.Client, frozen chan struct{}) {
	transport := client.Transport.(*http.Transport)
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		return frozenConn{conn, frozen}, err
	}
}

type frozenConn struct {
	net.Conn
	frozen chan struct{}
}

func (c frozenConn) Write(p []byte) (int, error) {
	select {
	case <-c.frozen:
		return len(p), nil
	default:
		return c.Conn.Write(p)
	}
}
