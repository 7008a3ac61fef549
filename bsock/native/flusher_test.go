package native_test

import (
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A wired is a server on the system's own network, where writes need not wait.
type wired struct {
	*testing.T
	server *native.Server
	http   *httptest.Server
}

func newWired(t *testing.T, secure bool, opts native.ServerOptions) *wired {
	onSocket := opts.OnSocket
	opts.OnSocket = func(s *native.Socket) {
		if onSocket != nil {
			onSocket(s)
		}
		s.Join("all")
	}
	server := native.NewServer(&opts)
	w := &wired{T: t, server: server, http: httptest.NewUnstartedServer(server)}
	if secure {
		w.http.StartTLS()
	} else {
		w.http.Start()
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), longEnough)
		defer cancel()
		assert.NoError(t, server.Shutdown(ctx))
		w.http.Close()
	})
	return w
}

func (w *wired) dial(setup func(c *native.Client)) *native.Client {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), longEnough)
	defer cancel()
	c, err := native.Dial(ctx, w.http.URL, &native.DialOptions{HTTPClient: w.http.Client(), Setup: setup})
	require.NoError(w, err)
	w.Cleanup(func() { _ = c.Close(); <-c.Done() })
	return c
}

// wantMembers waits until so many have joined.
func (w *wired) wantMembers(n int) {
	w.Helper()
	require.Eventually(w, func() bool { return w.server.Members("all") == n }, longEnough, time.Millisecond)
}

// deaf opens a connection that takes in as little as can be, and never reads.
func (w *wired) deaf() {
	w.Helper()
	conn, err := net.Dial("tcp", w.http.Listener.Addr().String())
	require.NoError(w, err)
	require.NoError(w, conn.(*net.TCPConn).SetReadBuffer(1<<12))
	p, _ := upgrade(w.T, conn, "/socket.io/?transport=websocket")
	p.wantText()
	p.wantText()
}

func onEachNetwork(t *testing.T, test func(t *testing.T, secure bool)) {
	for _, secure := range []bool{false, true} {
		t.Run(fmt.Sprintf("secure=%t", secure), func(t *testing.T) { test(t, secure) })
	}
}

// Whoever broadcasts, and how many at once, all is heard by all, and what comes
// from one in its order. What is fired in between has its place too.
func TestBroadcastsFromManyGoroutines(t *testing.T) {
	onEachNetwork(t, func(t *testing.T, secure bool) {
		const clients, senders, events = 20, 4, 300
		w := newWired(t, secure, native.ServerOptions{Limits: native.Limits{MaxQueue: 2 * senders * events}})
		var heard sync.WaitGroup
		for range clients {
			heard.Add(1)
			next, left := [senders]int{}, senders*events
			w.dial(func(c *native.Client) {
				_, err := c.Bind("n", func(args native.Args) {
					var from, n int
					assert.NoError(t, args.Decode(0, &from))
					assert.NoError(t, args.Decode(1, &n))
					assert.Equal(t, next[from], n, "what one sends comes in its order")
					next[from]++
					if left--; left == 0 {
						heard.Done()
					}
				})
				assert.NoError(t, err)
			})
		}
		w.wantMembers(clients)
		for from := range senders {
			go func() {
				for n := range events {
					assert.NoError(t, w.server.To("all", "n", from, n))
					if n%100 == 0 {
						time.Sleep(time.Millisecond) // the flusher ends in between
					}
				}
			}()
		}
		wait(t, &heard, "all to be heard")
	})
}

func wait(t *testing.T, wg *sync.WaitGroup, what string) {
	t.Helper()
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	receive(t, done, what)
}

// One that does not read holds nobody up, and is cut off.
func TestBroadcastToOneThatDoesNotRead(t *testing.T) {
	onEachSize(t, func(t *testing.T, size int) {
		slow := make(chan error, 1)
		w := newWired(t, false, native.ServerOptions{
			WriteBuffer: 1 << 12,
			Limits:      native.Limits{MaxQueueBytes: 1 << 20},
			OnError:     func(_ *native.Socket, err error) { slow <- err },
		})
		got := make(chan int, 1)
		listen := func(c *native.Client) {
			_, err := c.Bind("e", func(args native.Args) {
				var n int
				assert.NoError(t, args.Decode(0, &n))
				got <- n
			})
			assert.NoError(t, err)
		}
		w.deaf()
		w.dial(listen)
		w.wantMembers(2)
		text := make([]byte, size)
		for n := 0; len(slow) == 0; n++ {
			require.Less(t, n, 1<<16, "the queue of one that does not read is full in the end")
			require.NoError(t, w.server.To("all", "e", n, string(text)))
			require.Equal(t, n, receive(t, got, "the event"), "who reads misses nothing")
		}
		assert.ErrorIs(t, <-slow, native.ErrSlowConsumer)
		assert.Eventually(t, func() bool { return w.server.Sockets() == 1 }, longEnough, time.Millisecond, "who does not read is gone")
	})
}

// onEachSize runs a test with events that are written together, and with such as
// are written from where they are.
func onEachSize(t *testing.T, test func(t *testing.T, size int)) {
	for _, size := range []int{100, 100_000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) { test(t, size) })
	}
}

// Connections that end while they are written to end as others do: what was
// broadcast before is heard, and then comes the end.
func TestCloseBehindBroadcasts(t *testing.T) {
	onEachNetwork(t, func(t *testing.T, secure bool) {
		const clients, events = 50, 200
		w := newWired(t, secure, native.ServerOptions{})
		var ended sync.WaitGroup
		for range clients {
			ended.Add(1)
			heard := 0
			ctx, cancel := context.WithTimeout(t.Context(), longEnough)
			c, err := native.Dial(ctx, w.http.URL, &native.DialOptions{
				HTTPClient: w.http.Client(),
				Reconnect:  bsock.Backoff{Off: true},
				Setup: func(c *native.Client) {
					_, err := c.Bind("e", func(native.Args) { heard++ })
					assert.NoError(t, err)
				},
				OnDisconnect: func(err error) {
					assert.Equal(t, events, heard, "all that was queued is heard before the end")
					assert.ErrorContains(t, err, "GOING_AWAY")
					ended.Done()
				},
			})
			cancel()
			require.NoError(t, err)
			t.Cleanup(func() { _ = c.Close(); <-c.Done() })
		}
		w.wantMembers(clients)
		for n := range events {
			require.NoError(t, w.server.To("all", "e", n))
		}
		ctx, cancel := context.WithTimeout(t.Context(), longEnough)
		defer cancel()
		require.NoError(t, w.server.Shutdown(ctx))
		wait(t, &ended, "the end")
	})
}

// Calls and answers are written by who makes them, if there is only one, and
// reach the other end however many there are.
func TestCallsOnEachNetwork(t *testing.T) {
	onEachNetwork(t, func(t *testing.T, secure bool) {
		w := newWired(t, secure, native.ServerOptions{OnSocket: func(s *native.Socket) {
			assert.NoError(t, s.Hook("echo", echo))
		}})
		c := w.dial(nil)
		ctx, cancel := context.WithTimeout(t.Context(), longEnough)
		defer cancel()
		var callers sync.WaitGroup
		for n := range 10 {
			callers.Go(func() {
				for i := range 100 {
					sent := strings.Repeat("x", i%7*n*1000) // some are written from where they are
					var got string
					answer, err := c.Call(ctx, "echo", sent)
					assert.NoError(t, err)
					assert.NoError(t, answer.Decode(&got))
					assert.Equal(t, len(sent), len(got))
				}
			})
			if n == 0 {
				callers.Wait() // the first makes its calls alone
			}
		}
		callers.Wait()
	})
}
