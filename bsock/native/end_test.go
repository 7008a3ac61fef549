package native_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

func TestCloseReasonIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		p := w.rawDial()
		go func() { _ = w.socket().CloseWith(bsock.ClosePolicy, strings.Repeat("é", 100)) }()
		assert.Equal(t, "1008 "+strings.Repeat("é", 61), p.wantClose(), "a close frame has room for 123 bytes, and no half of a character")
		p.conn.Close()
	})
}

func TestShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		w := newWorld(t, native.ServerOptions{OnSocket: func(s *native.Socket) {
			assert.NoError(t, s.Hook("slow", func(context.Context, native.Args) (any, error) { <-release; return nil, nil }))
		}})
		log := make(chan string, 10)
		c := w.dialLogged(log, native.DialOptions{Reconnect: bsock.Backoff{Off: true}})
		s := w.socket()
		got := inbox(t, c, "last words")
		lost := make(chan error, 1)
		go func() { _, err := c.Call(w.ctx, "slow"); lost <- err }()
		synctest.Wait()
		require.NoError(t, s.Fire(w.ctx, "last words"))

		down := make(chan error, 1)
		go func() { down <- w.server.Shutdown(w.ctx) }()
		receive(t, got, "what was queued")
		want := "disconnected: Websocket Closed: Server is shutting down. (code=GOING_AWAY)."
		assert.Equal(t, want, receive(t, log, want), "clients are told")
		assert.ErrorIs(t, receive(t, lost, "the call"), native.ErrLost)
		synctest.Wait()
		assert.Empty(t, down, "Shutdown waits for the handlers")
		assert.Equal(t, http.StatusServiceUnavailable, w.status("/"), "nobody is let in meanwhile")
		close(release)
		assert.NoError(t, receive(t, down, "the end"))
		assert.NoError(t, w.server.Shutdown(w.ctx), "it may be called again")
		ended, cancel := context.WithCancel(w.ctx)
		cancel()
		assert.NoError(t, w.server.Shutdown(ended), "and does not need time for nothing")
		assert.ErrorIs(t, context.Cause(s.Context()), native.ErrShutdown)
	})
}

// deaf returns the socket of a client that does not read, and so takes no close
// frame.
func (w *world) deaf() *native.Socket {
	w.Helper()
	w.rawDial()
	s := w.socket()
	require.NoError(w, s.Fire(w.ctx, "never read"))
	return s
}

// shutdownInVain has the server shut down for a second, which is too short.
func (w *world) shutdownInVain() {
	w.Helper()
	synctest.Wait()
	ctx, cancel := context.WithTimeout(w.ctx, time.Second)
	defer cancel()
	require.ErrorIs(w, w.server.Shutdown(ctx), context.DeadlineExceeded)
}

func TestShutdownThatTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		s := w.deaf()
		w.shutdownInVain()
		<-s.Done()
	})
}

// A heldHandshake is not answered before it is let go.
type heldHandshake struct {
	http.ResponseWriter
	begun, let chan struct{}
}

func (h *heldHandshake) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	close(h.begun)
	<-h.let
	return http.NewResponseController(h.ResponseWriter).Hijack()
}

func TestShutdownDuringTheHandshake(t *testing.T) {
	for _, target := range []string{"/socket.io/?transport=websocket", fourth} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, native.ServerOptions{})
			require.NoError(t, w.http.Close())
			held := &heldHandshake{begun: make(chan struct{}), let: make(chan struct{})}
			w.serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				held.ResponseWriter = rw
				w.server.ServeHTTP(held, r)
			}))
			conn, err := w.net.Load().dial(w.ctx)
			require.NoError(t, err)
			ended := make(chan error, 1)
			go func() {
				<-held.begun
				go func() { ended <- w.server.Shutdown(w.ctx) }()
				synctest.Wait()
				close(held.let)
			}()
			p, _ := upgrade(t, conn, target)
			assert.Equal(t, "1001 Server is shutting down.", p.wantClose())
			assert.Empty(t, ended, "the connection is waited for")
			conn.Close()
			require.NoError(t, receive(t, ended, "the end of Shutdown"))
			assert.Zero(t, w.server.Sockets())
			assert.Empty(t, w.sockets, "nobody has met it")
		})
	}
}

// What was closing already when Shutdown came is cut off like all else.
func TestShutdownCutsWhatIsClosing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		s := w.deaf()
		closed := make(chan struct{})
		go func() { _ = s.Close(); close(closed) }()
		w.shutdownInVain()
		start := time.Now()
		<-closed
		assert.Zero(t, time.Since(start))
	})
}

// A socket that errors are reported with ends with its connection, even if the
// client never joined the default namespace.
func TestSocketThatHasNotJoinedEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wrong := make(chan *native.Socket, 1)
		w := newWorld(t, native.ServerOptions{OnError: func(s *native.Socket, _ error) { wrong <- s }})
		p := w.rawDialAs(fourth)
		p.wantText() // the greeting
		p.text("4xyz")
		s := receive(t, wrong, "the error")
		assert.NoError(t, s.Context().Err())
		p.conn.Close()
		receive(t, s.Done(), "the end of the socket")
		assert.Error(t, s.Context().Err())
		assert.False(t, s.Join("room"))
	})
}

// What a handler around the server ends with the request, ends without the
// connection.
func TestConnectionOutlivesItsRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		require.NoError(t, w.http.Close())
		returned := make(chan struct{}, 1)
		w.serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithCancel(r.Context())
			defer cancel()
			w.server.ServeHTTP(rw, r.WithContext(ctx))
			returned <- struct{}{}
		}))
		c, s := w.dial(native.DialOptions{})
		receive(t, returned, "the end of ServeHTTP")
		require.NoError(t, s.Hook("echo", echo))
		answer, err := c.Call(w.ctx, "echo", 1)
		require.NoError(t, err)
		assert.Equal(t, "1", string(answer.JSON()))
		assert.NoError(t, s.Context().Err())
		assert.NoError(t, s.Request().Context().Err())
		assert.Equal(t, 1, w.server.Sockets())
	})
}

func TestPeerThatDoesNotClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		p := w.rawDial()
		go p.wantClose() // which it does not answer
		start := time.Now()
		require.NoError(t, w.socket().Close())
		assert.LessOrEqual(t, time.Since(start), 10*time.Second, "a peer that does not answer the close frame is not waited for long")
	})
}

func TestConnectionThatBreaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := make(chan error, 1)
		w := newWorld(t, native.ServerOptions{OnDisconnect: func(_ *native.Socket, err error) { gone <- err }})
		p := w.rawDial()
		got := inbox(t, w.socket(), "last")
		p.text(`42["last"]`)
		p.conn.Close()
		receive(t, got, "what came before the end")
		assert.EqualError(t, receive(t, gone, "the end"), "Websocket Closed: Unknown reason (code=ABNORMAL_CLOSURE).")
	})
}
