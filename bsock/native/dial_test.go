package native_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

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
