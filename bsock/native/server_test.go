package native_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
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
	})
}

func TestSubprotocol(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{Protocols: []string{"bsock.v1", "bsock.v2"}})
		_, s := w.dial(native.DialOptions{Protocols: []string{"bsock.v2", "other"}})
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

func TestMalformedFrames(t *testing.T) {
	frames := []struct{ frame, want string }{
		{``, "Empty frame."},
		{`x`, `Unknown frame type 'x'.`},
		{`4`, "Empty packet."},
		{`49`, `Unknown packet type '9'.`},
		{`42`, "'args' must be a(n) array."},
		{`42{}`, "'args' must be a(n) array."},
		{`42[1]`, "'event' must be a(n) string."},
		{`42["a",`, "Packet is not valid JSON."},
		{`42["a"]]`, "Packet is not valid JSON."},
		{`43[null]`, "'id' must be a(n) uint32."},
		{`437[null]`, "Job not found for 7."},
		{`42/admin,["a"]`, `Packet for the unknown namespace "/admin".`},
		{`4299999999999["a"]`, "Number with more than 10 digits."},
		{`4599999-["a"]`, "Packet with 99999 attachments, above the limit of 65536."},
		{`42["disconnect"]`, "Cannot emit blacklisted event: disconnect."},
		{"42[\"\xff\"]", "Text frame is not valid UTF-8."},
		{`b4!`, "Binary frame is not valid base64."},
		{`40`, "Inbound socket sent connect packet."},
		{`3`, "Inbound socket sent a pong frame."},
	}
	synctest.Test(t, func(t *testing.T) {
		errs := make(chan error, 100)
		w := newWorld(t, native.ServerOptions{OnError: func(_ *native.Socket, err error) { errs <- err }})
		p := w.rawDial()
		got := inbox(t, w.socket(), "fine")
		go func() { // reads the errors it is sent
			for {
				if _, _, err := p.next(); err != nil {
					return
				}
			}
		}()
		for _, test := range frames {
			p.text(test.frame)
			err := receive(t, errs, "the report of "+test.frame)
			var malformed *bsock.ProtocolError
			assert.ErrorAs(t, err, &malformed, "%s is the peer's fault", test.frame)
			assert.EqualError(t, err, test.want, "%s is reported", test.frame)
			p.text(`42["fine"]`)
			receive(t, got, "an event behind "+test.frame)
		}
		p.binary([]byte{1})
		assert.EqualError(t, receive(t, errs, "the report"), "Received binary frame as a message.")
		p.text(`44{"message":"boom","code":"EBOOM"}`)
		var remote *bsock.RemoteError
		require.ErrorAs(t, receive(t, errs, "the report"), &remote, "an ERROR packet is the peer's own words")
		assert.Equal(t, "EBOOM", remote.Code)
		p.conn.Close()
	})
}

func TestFrameTooLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{MaxFrame: 1000})
		p := w.rawDial()
		s := w.socket()
		got := inbox(t, s, "x")
		fits := `42["x","` + strings.Repeat("x", 1000-len(`42["x",""]`)) + `"]`
		p.text(fits)
		receive(t, got, "a message of just the size that is allowed")
		assert.ErrorIs(t, s.Fire(w.ctx, "x", strings.Repeat("x", 2000)), bsock.ErrTooLarge, "nothing larger is sent")
		assert.ErrorIs(t, w.server.All("x", make([]byte, 1000)), bsock.ErrTooLarge)
		go p.tryFrame(opText, []byte(fits+" "))
		assert.Equal(t, "1009 Frame too large.", p.wantClose(), "nor received")
		<-s.Context().Done()
		assert.ErrorIs(t, context.Cause(s.Context()), bsock.ErrTooLarge)
		p.conn.Close()
	})
}

func TestResultTooLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errs := make(chan error, 10)
		w := newWorld(t, native.ServerOptions{MaxFrame: 1000, OnError: func(_ *native.Socket, err error) { errs <- err }})
		c, s := w.dial(native.DialOptions{})
		assert.NoError(t, s.Hook("large", func(context.Context, native.Args) (any, error) { return make([]byte, 1000), nil }))
		_, err := c.Call(w.ctx, "large")
		assert.EqualError(t, err, "Internal error.", "the caller is not left waiting")
		err = receive(t, errs, "the report")
		assert.ErrorIs(t, err, bsock.ErrTooLarge)
		assert.EqualError(t, err, `answer to "large": Frame too large.`)
	})
}

func TestCloseReasonIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		p := w.rawDial()
		go func() { _ = w.socket().CloseWith(bsock.ClosePolicy, strings.Repeat("é", 100)) }()
		assert.Equal(t, "1008 "+strings.Repeat("é", 61), p.wantClose(), "a close frame has room for 123 bytes, and no half of a character")
		p.conn.Close()
	})
}

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
	assert.Contains(t, logged.String(), "server_test.go", "with its stack")
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

func TestShutdownThatTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		w.rawDial() // which does not read, and so takes no close frame
		s := w.socket()
		require.NoError(t, s.Fire(w.ctx, "never read"))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(w.ctx, time.Second)
		defer cancel()
		assert.ErrorIs(t, w.server.Shutdown(ctx), context.DeadlineExceeded)
		<-s.Done()
	})
}

func TestRequestContextEndsTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		require.NoError(t, w.http.Close())
		ctx, cancel := context.WithCancel(w.ctx)
		w.serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			w.server.ServeHTTP(rw, r.WithContext(ctx))
		}))
		p := w.rawDial()
		cancel()
		assert.Equal(t, "1001 Server is shutting down.", p.wantClose())
		p.conn.Close()
		<-w.socket().Done()
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

func TestRequestThatHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		require.NoError(t, w.http.Close())
		ctx, cancel := context.WithCancel(w.ctx)
		cancel()
		w.serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			w.server.ServeHTTP(rw, r.WithContext(ctx))
		}))
		p := w.rawDial()
		assert.Equal(t, "1001 Server is shutting down.", p.wantClose(), "a client that was gone before it was served leaves nothing behind")
		p.conn.Close()
		<-w.socket().Done()
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

func TestDialErrors(t *testing.T) {
	answer := func(status int, kind, body string) *httptest.Server {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}))
		t.Cleanup(s.Close)
		return s
	}
	forbidden := answer(http.StatusForbidden, "text/plain; charset=utf-8", "Wrong \x1b[31mdoor\xff.\nsecond line")
	page := answer(http.StatusOK, "text/html", "<html>")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	nobody := l.Addr().String()

	host := strings.TrimPrefix(forbidden.URL, "http://")
	tests := []struct {
		sentence, url, want string
		status              int
	}{
		{"a refusal with its words", forbidden.URL, "dial http://" + host + "/socket.io/: HTTP 403 Forbidden (Wrong [31mdoor.)", http.StatusForbidden},
		{"secrets are not said", "ws://user:hunter2@" + host + "/node/?token=hunter2", "dial ws://" + host + "/node/: HTTP 403 Forbidden (Wrong [31mdoor.)", http.StatusForbidden},
		{"a page", page.URL, "dial " + page.URL + "/socket.io/: HTTP 200 OK", http.StatusOK},
		{"nobody is there", "ws://" + nobody, "dial ws://" + nobody + "/socket.io/: dial tcp " + nobody + ": connect: connection refused", 0},
		{"no scheme", "127.0.0.1", `dial: the URL's scheme must be ws, wss, http or https, not ""`, -1},
		{"another scheme", "ftp://x", `dial: the URL's scheme must be ws, wss, http or https, not "ftp"`, -1},
		{"no host", "ws:///x", "dial: the URL names no host; it must be like ws://host:port/namespace/", -1},
		{"no URL", "ws://user:hunter2@[", "dial: the URL cannot be parsed; it must be like ws://host:port/namespace/", -1},
	}
	for _, test := range tests {
		_, err := native.Dial(t.Context(), test.url, nil)
		require.EqualError(t, err, test.want, test.sentence)
		var failed *native.DialError
		if test.status >= 0 {
			require.ErrorAs(t, err, &failed, test.sentence)
			assert.Equal(t, test.status, failed.Status, test.sentence)
		}
	}
}

func TestDialEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		hanging := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			here, _ := net.Pipe() // nobody reads the request
			return here, nil
		}}}
		ctx, cancel := context.WithTimeout(w.ctx, time.Second)
		defer cancel()
		_, err := native.Dial(ctx, "ws://node.test", &native.DialOptions{HTTPClient: hanging})
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.EqualError(t, err, "dial ws://node.test: context deadline exceeded")

		_, err = native.Dial(w.ctx, "ws://node.test", &native.DialOptions{HTTPClient: hanging, ConnectTimeout: time.Minute})
		assert.ErrorIs(t, err, bsock.ErrConnectTimeout, "or after ConnectTimeout")
	})
}

func TestDialedURL(t *testing.T) {
	tests := []struct{ url, want string }{
		{"ws://node.test", "/socket.io/?transport=websocket"},
		{"ws://node.test/", "/socket.io/?transport=websocket"},
		{"ws://node.test/node-1", "/node-1/?transport=websocket"},
		{"ws://node.test/a%2Fb/", "/a%2Fb/?transport=websocket"},
		{"ws://node.test/x/?b64=1&transport=polling#top", "/x/?transport=websocket&b64=1"},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, native.ServerOptions{})
			c, err := native.Dial(w.ctx, test.url, &native.DialOptions{HTTPClient: w.httpClient()})
			require.NoError(t, err)
			assert.Equal(t, test.want, w.socket().Request().RequestURI, "%s is completed", test.url)
			require.NoError(t, c.Close())
			<-c.Done()
		})
	}
}
