package native_test

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

func TestOrigins(t *testing.T) {
	tests := []struct {
		sentence string
		opts     native.ServerOptions
		origin   string
		want     int
	}{
		{"programs name no origin", native.ServerOptions{}, "", http.StatusSwitchingProtocols},
		{"the server's own pages may connect", native.ServerOptions{}, "http://node.test", http.StatusSwitchingProtocols},
		{"pages of others may not", native.ServerOptions{}, "http://evil.test", http.StatusForbidden},
		{"nor those of a host that begins alike", native.ServerOptions{}, "http://node.test.evil.test", http.StatusForbidden},
		{"unless they match a pattern", native.ServerOptions{OriginPatterns: []string{"*.good.test"}}, "https://www.good.test", http.StatusSwitchingProtocols},
		{"and only then", native.ServerOptions{OriginPatterns: []string{"*.good.test"}}, "https://good.test.evil.test", http.StatusForbidden},
		{"or all may", native.ServerOptions{AnyOrigin: true}, "http://evil.test", http.StatusSwitchingProtocols},
		{"what is no origin is none", native.ServerOptions{}, "null", http.StatusForbidden},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, test.opts)
			var header []string
			if test.origin != "" {
				header = []string{"Origin: " + test.origin}
			}
			assert.Equal(t, test.want, w.status("/socket.io/?transport=websocket", header...), test.sentence)
		})
	}
}

// status returns how the server answers a handshake.
func (w *world) status(target string, header ...string) int {
	w.Helper()
	conn, err := w.net.Load().dial(w.ctx)
	require.NoError(w, err)
	_, resp := upgrade(w.T, conn, target, header...)
	conn.Close()
	return resp.StatusCode
}

func TestTransports(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		assert.Equal(t, http.StatusBadRequest, w.status("/socket.io/?EIO=3&transport=polling"), "polling is not spoken")
		assert.Equal(t, http.StatusSwitchingProtocols, w.status("/any/path?EIO=3&transport=websocket"), "any path is served")
		assert.Equal(t, http.StatusSwitchingProtocols, w.status("/"), "the transport may be left out")
	})
}

// A plainWriter hides that the connection can be given away.
type plainWriter struct{ http.ResponseWriter }

// A lateWriter is like gin's: the header is written when it is asked for.
type lateWriter struct {
	http.ResponseWriter
	status int
}

func (w *lateWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *lateWriter) WriteHeader(status int) { w.status = status }

func (w *lateWriter) WriteHeaderNow() { w.ResponseWriter.WriteHeader(w.status) }

func TestWrappedResponseWriters(t *testing.T) {
	for want, wrap := range map[int]func(http.ResponseWriter) http.ResponseWriter{
		http.StatusNotImplemented:     func(w http.ResponseWriter) http.ResponseWriter { return plainWriter{w} },
		http.StatusSwitchingProtocols: func(w http.ResponseWriter) http.ResponseWriter { return &lateWriter{ResponseWriter: w} },
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, native.ServerOptions{MaxSockets: 1})
			require.NoError(t, w.http.Close())
			w.serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.server.ServeHTTP(wrap(rw), r) }))
			for range 2 { // who is refused takes no place
				assert.Equal(t, want, w.status("/"))
				synctest.Wait()
			}
		})
	}
}

func TestRequestIsAtHand(t *testing.T) {
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		require.NoError(t, w.http.Close())
		w.serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			w.server.ServeHTTP(rw, r.WithContext(context.WithValue(r.Context(), key{}, "value")))
		}))
		w.rawDialTo("/node-1/?transport=websocket", "X-Header: x").conn.Close()
		s := w.socket()
		assert.Equal(t, "/node-1/", s.Request().URL.Path)
		assert.Equal(t, "x", s.Request().Header.Get("X-Header"))
		assert.NotEmpty(t, s.RemoteAddr())
		assert.Equal(t, "value", s.Context().Value(key{}), "the context has the values of the request's")
		assert.Equal(t, "value", s.Request().Context().Value(key{}), "and so has the request that is kept")
	})
}

// On which nothing happens: neither net/http's nor the WebSocket module's are
// left, nor a writer's or a dispatcher's.
func TestConnectionIsOneGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		before := runtime.NumGoroutine()
		var peers []*rawPeer
		for range 20 {
			peers = append(peers, w.rawDial())
			w.socket()
		}
		synctest.Wait()
		assert.InDelta(t, before+20, runtime.NumGoroutine(), 5, "the program may have others that come and go")
		for _, p := range peers {
			p.conn.Close()
		}
		synctest.Wait()
		assert.InDelta(t, before, runtime.NumGoroutine(), 5)
	})
}

func TestSubprotocol(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{Subprotocols: []string{"bsock.v1", "bsock.v2"}})
		_, s := w.dial(native.DialOptions{Subprotocols: []string{"bsock.v2", "other"}})
		assert.Equal(t, "bsock.v2", s.Subprotocol())
		_, s = w.dial(native.DialOptions{})
		assert.Empty(t, s.Subprotocol(), "none is needed")
	})
}

func TestBase64Client(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		p := w.rawDialTo("/socket.io/?transport=websocket&b64=1")
		s := w.socket()
		got := inbox(t, s, "raw")
		s.Join("room")
		for _, send := range []func() error{
			func() error { return s.Fire(w.ctx, "raw", []byte{1, 2, 3}) },
			func() error { return w.server.To("room", "raw", []byte{1, 2, 3}) },
		} {
			require.NoError(t, send())
			assert.Equal(t, `451-["raw",{"_placeholder":true,"num":0}]`, p.wantText())
			assert.Equal(t, "b4AQID", p.wantText(), "binary data are sent as text")
		}
		p.text(`451-["raw",{"_placeholder":true,"num":0}]`)
		p.text("b4AQID")
		data, _ := receive(t, got, "the event").Bytes(0)
		assert.Equal(t, []byte{1, 2, 3}, data, "and taken as text")
	})
}

func TestTLS(t *testing.T) {
	server := native.NewServer(&native.ServerOptions{OnSocket: func(s *native.Socket) {
		assert.NotNil(t, s.Request().TLS, "the connection is encrypted")
		assert.NoError(t, s.Hook("echo", func(_ context.Context, args native.Args) (any, error) { return args.Value(0), nil }))
	}})
	ts := httptest.NewUnstartedServer(server)
	ts.Config.ErrorLog = log.New(io.Discard, "", 0) // a client that hangs up is expected
	ts.EnableHTTP2 = true                           // which WebSockets must not be drawn into
	ts.StartTLS()
	defer ts.Close()
	for _, url := range []string{ts.URL, strings.Replace(ts.URL, "https", "wss", 1)} {
		c, err := native.Dial(t.Context(), url, &native.DialOptions{HTTPClient: ts.Client()})
		require.NoError(t, err)
		v, err := c.Call(t.Context(), "echo", []byte("secret"))
		require.NoError(t, err)
		data, _ := v.Bytes()
		assert.Equal(t, "secret", string(data))
		require.NoError(t, c.Close())
		<-c.Done()
	}
	plain := &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	_, err := native.Dial(t.Context(), ts.URL, &native.DialOptions{HTTPClient: &http.Client{Transport: plain}})
	assert.ErrorContains(t, err, "certificate", "a certificate nobody has signed is refused")
}

func TestMaxSockets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{MaxSockets: 2})
		w.dial(native.DialOptions{})
		c, s := w.dial(native.DialOptions{})
		assert.Equal(t, 2, w.server.Sockets())
		assert.Equal(t, http.StatusServiceUnavailable, w.status("/"))
		require.NoError(t, c.Close())
		<-s.Done()
		synctest.Wait()
		assert.Equal(t, http.StatusSwitchingProtocols, w.status("/"), "a place that is free can be taken")
	})
}
