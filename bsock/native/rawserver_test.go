package native_test

import (
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// hello is what a server says first.
const hello = `0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000}`

// A rawServer accepts WebSockets and leaves all else to the test.
type rawServer struct {
	*world
	peers chan *rawPeer
	urls  chan string
}

func newRawServer(t *testing.T) *rawServer {
	t.Helper()
	w := newWorld(t, native.ServerOptions{})
	require.NoError(t, w.http.Close())
	s := &rawServer{world: w, peers: make(chan *rawPeer, 10), urls: make(chan string, 10)}
	w.serve(s)
	return s
}

// ServeHTTP implements http.Handler.
func (s *rawServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if !assert.NoError(s, err) {
		return
	}
	s.Cleanup(func() { conn.Close() })
	_, err = fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		acceptKey(r))
	if !assert.NoError(s, err) {
		return
	}
	s.urls <- r.URL.String()
	s.peers <- &rawPeer{T: s.T, conn: conn, r: rw.Reader, server: true}
}

// acceptKey is how a server shows that it has understood.
// RFC 6455, section 1.3
func acceptKey(r *http.Request) string {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// connect dials the server and returns its end, which has said nothing yet. The
// channel gives the client.
func (s *rawServer) connect(opts native.DialOptions) (*rawPeer, <-chan *native.Client) {
	s.Helper()
	client := make(chan *native.Client, 1)
	go func() {
		opts.HTTPClient = s.httpClient()
		c, err := native.Dial(s.ctx, "ws://node.test/", &opts)
		if assert.NoError(s, err, "the server can be dialed") {
			client <- c
		}
	}()
	return receive(s, s.peers, "a WebSocket"), client
}
