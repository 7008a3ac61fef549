package native_test

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A world is a bsock server on a network in memory, and those who connect to
// it. It works inside a synctest bubble, and without buffers: what one end
// writes stays with it until the other end reads.
type world struct {
	*testing.T
	server  *native.Server
	sockets chan *native.Socket
	net     atomic.Pointer[network]
	http    *http.Server
	ctx     context.Context
}

// longEnough bounds what a test waits for; it is reached only by a failure.
const longEnough = 20 * time.Second

func newWorld(t *testing.T, opts native.ServerOptions) *world {
	t.Helper()
	w := &world{T: t, sockets: make(chan *native.Socket, 2000)}
	onSocket := opts.OnSocket
	opts.OnSocket = func(s *native.Socket) {
		if onSocket != nil {
			onSocket(s)
		}
		w.sockets <- s
	}
	w.server = native.NewServer(&opts)
	w.serve(w.server)
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	t.Cleanup(cancel)
	w.ctx = ctx
	return w
}

// serve puts a server on the network, a new one or one that comes back.
func (w *world) serve(h http.Handler) {
	listener := &network{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: h}
	w.net.Store(listener)
	w.http = server
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // it ends with the test
	}()
	w.Cleanup(func() {
		_ = server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), longEnough)
		defer cancel()
		require.NoError(w, w.server.Shutdown(ctx), "the server can be shut down")
		<-done
	})
}

func (w *world) httpClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return w.net.Load().dial(ctx) },
	}}
}

// dial connects a client and returns both ends.
func (w *world) dial(opts native.DialOptions) (*native.Client, *native.Socket) {
	w.Helper()
	c := w.dialOnly(opts)
	return c, w.socket()
}

func (w *world) dialOnly(opts native.DialOptions) *native.Client {
	w.Helper()
	opts.HTTPClient = w.httpClient()
	c, err := native.Dial(w.ctx, "ws://node.test/", &opts)
	require.NoError(w, err, "the server can be dialed")
	w.Cleanup(func() { _ = c.Close(); <-c.Done() })
	return c
}

// socket returns the server's end of the connection that was opened next.
func (w *world) socket() *native.Socket {
	w.Helper()
	return receive(w, w.sockets, "a socket")
}

// tester is what the helpers need of a test or a benchmark.
type tester interface {
	require.TestingT
	Helper()
}

// receive takes one value from ch.
func receive[T any](t tester, ch <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-ch:
	case <-time.After(longEnough):
		require.FailNow(t, "waited too long for "+what)
	}
	return v
}

// inbox binds an event and returns the channel its arguments come on.
func inbox(t tester, c binder, event string) <-chan native.Args {
	t.Helper()
	ch := make(chan native.Args, 10000)
	_, err := c.Bind(event, func(args native.Args) { ch <- args })
	require.NoError(t, err)
	return ch
}

type binder interface {
	Bind(event string, fn func(native.Args)) (func(), error)
}

// A network is a listener and the way to dial it.
type network struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (n *network) dial(ctx context.Context) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case n.conns <- there:
		return here, nil
	case <-n.closed:
		return nil, &net.OpError{Op: "dial", Net: "memory", Err: net.ErrClosed}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept implements net.Listener.
func (n *network) Accept() (net.Conn, error) {
	select {
	case c := <-n.conns:
		return c, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (n *network) Close() error {
	select {
	case <-n.closed:
	default:
		close(n.closed)
	}
	return nil
}

// Addr implements net.Listener.
func (n *network) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }
