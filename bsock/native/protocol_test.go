package native_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

const (
	bsockOnly = native.ProtocolBsock
	socketIO  = native.ProtocolSocketIO
	socketIO2 = native.ProtocolSocketIO2
	socketIO4 = native.ProtocolSocketIO4
)

func TestAccept(t *testing.T) {
	const refused = -1
	tests := []struct {
		sentence string
		accept   []native.Protocol
		eio      string
		want     int
	}{
		{"who says nothing speaks bsock", nil, "", int(bsockOnly)},
		{"who says 3 speaks Socket.IO 2", nil, "&EIO=3", int(socketIO2)},
		{"who says 4 speaks Socket.IO 4", nil, "&EIO=4", int(socketIO4)},
		{"nobody else is understood", nil, "&EIO=5", refused},
		{"bsock's clients may say 3 where they are alone", []native.Protocol{bsockOnly}, "&EIO=3", int(bsockOnly)},
		{"but not 4", []native.Protocol{bsockOnly}, "&EIO=4", refused},
		{"Socket.IO 2's may say nothing", []native.Protocol{socketIO2}, "", int(socketIO2)},
		{"both may come", []native.Protocol{socketIO}, "", int(socketIO2)},
		{"or the later", []native.Protocol{socketIO}, "&EIO=4", int(socketIO4)},
		{"or only the later", []native.Protocol{socketIO4}, "&EIO=4", int(socketIO4)},
		{"and nobody else", []native.Protocol{socketIO4}, "&EIO=3", refused},
		{"nor who says nothing", []native.Protocol{socketIO4}, "", refused},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, native.ServerOptions{Accept: test.accept})
			target := "/socket.io/?transport=websocket" + test.eio
			if test.want == refused {
				assert.Equal(t, http.StatusBadRequest, w.status(target), test.sentence)
				return
			}
			p := w.rawDialAs(target)
			assert.Contains(t, p.wantText(), `0{"sid":`)
			if test.want == int(socketIO4) {
				p.text("40")
			}
			assert.Equal(t, native.Protocol(test.want), w.socket().Protocol(), test.sentence)
			p.conn.Close()
		})
	}
}

func TestFindsOut(t *testing.T) {
	for _, want := range []native.Protocol{socketIO2, socketIO4} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, native.ServerOptions{Accept: []native.Protocol{want}})
			c, s := w.dial(native.DialOptions{Protocol: socketIO})
			assert.Equal(t, want, c.Protocol(), "of a server that refuses all other protocols, too")
			assert.Equal(t, want, s.Protocol())
		})
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{Accept: []native.Protocol{bsockOnly}})
		require.NoError(t, w.http.Close())
		w.serve(http.NotFoundHandler())
		_, err := native.Dial(w.ctx, "ws://node.test", &native.DialOptions{Protocol: socketIO, HTTPClient: w.httpClient()})
		var failed *native.DialError
		require.ErrorAs(t, err, &failed)
		assert.Equal(t, http.StatusNotFound, failed.Status)
	})
}

func TestProtocolNames(t *testing.T) {
	names := map[native.Protocol]string{
		bsockOnly: "bsock", socketIO: "socket.io", socketIO2: "socket.io@2", socketIO4: "socket.io@4", 9: "unknown protocol",
	}
	for p, name := range names {
		assert.Equal(t, name, p.String())
	}
}

// rawDialAs connects and has read nothing yet.
func (w *world) rawDialAs(target string) *rawPeer {
	w.Helper()
	conn, err := w.net.Load().dial(w.ctx)
	require.NoError(w, err)
	p, resp := upgrade(w.T, conn, target)
	require.Equal(w, http.StatusSwitchingProtocols, resp.StatusCode, "the handshake is accepted")
	return p
}

const fourth = "/socket.io/?EIO=4&transport=websocket"

func TestWireOfSocketIO4(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		p := w.rawDialAs(fourth)
		assert.Regexp(t, `^0\{"sid":"\w{20,}","upgrades":\[\],"pingInterval":25000,"pingTimeout":60000,"maxPayload":100000000\}$`, p.wantText())
		p.text("40")
		assert.Regexp(t, `^40\{"sid":"\w{20,}"\}$`, p.wantText(), "the server says 40 second")
		s := w.socket()
		got := inbox(t, s, "raw")
		require.NoError(t, s.Fire(w.ctx, "raw", []byte{4, 5}))
		assert.Equal(t, `451-["raw",{"_placeholder":true,"num":0}]`, p.wantText())
		op, data, err := p.next()
		require.NoError(t, err)
		assert.Equal(t, byte(opBinary), op)
		assert.Equal(t, []byte{4, 5}, data, "binary data have nothing in front")

		p.text(`451-["raw",{"_placeholder":true,"num":0}]`)
		p.frame(opBinary, []byte{4, 5})
		back, _ := receive(t, got, "the event").Bytes(0)
		assert.Equal(t, []byte{4, 5}, back)
		p.conn.Close()
	})
}

func TestHeartbeatOfSocketIO4(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := make(chan error, 1)
		w := newWorld(t, native.ServerOptions{
			PingInterval: 5 * time.Second, PingTimeout: 2 * time.Second,
			OnDisconnect: func(_ *native.Socket, err error) { gone <- err },
		})
		p := w.rawDialAs(fourth)
		p.wantText()
		p.text("40")
		p.wantText()
		for range 3 {
			start := time.Now()
			assert.Equal(t, "2", p.wantText(), "the server pings")
			assert.Equal(t, 5*time.Second, time.Since(start), "at its interval")
			p.text("3")
		}
		assert.Equal(t, "2", p.wantText())
		start := time.Now()
		go p.drain()
		assert.ErrorIs(t, receive(t, gone, "the end"), bsock.ErrStalled, "a client that does not answer is cut off")
		assert.Equal(t, 2*time.Second, time.Since(start))
		p.conn.Close()
	})
}

func TestClientIsPinged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRawServer(t)
		lost := make(chan error, 1)
		p, client := s.connect(native.DialOptions{Protocol: socketIO4, OnDisconnect: func(err error) { lost <- err }})
		assert.Equal(t, "/socket.io/?transport=websocket&EIO=4", receive(t, s.urls, "the URL"))
		p.text(`0{"sid":"x","upgrades":[],"pingInterval":5000,"pingTimeout":4000}`)
		assert.Equal(t, "40", p.wantText(), "the client says 40 first")
		p.text(`40{"sid":"y"}`)
		c := receive(t, client, "the client")
		time.Sleep(5 * time.Second)
		p.text("2")
		assert.Equal(t, "3", p.wantText(), "it answers pings")
		go p.drain()
		start := time.Now()
		assert.ErrorIs(t, receive(t, lost, "the loss"), bsock.ErrStalled, "and misses those that do not come")
		assert.Equal(t, 9*time.Second, time.Since(start), "the server's interval and timeout")
		require.NoError(t, c.Close())
		<-c.Done()
	})
}

func TestNobodyStaysOutside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{JoinTimeout: 3 * time.Second})
		p := w.rawDialAs(fourth)
		p.wantText()
		start := time.Now()
		p.wantClose()
		assert.Equal(t, 3*time.Second, time.Since(start), "a client that joins nothing is cut off")
		assert.Empty(t, w.sockets)
		p.conn.Close()
	})
}

func TestReservedNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		fourth, s4 := w.dial(native.DialOptions{Protocol: socketIO4})
		_, err := fourth.Bind("ping", func(native.Args) {})
		assert.NoError(t, err, "an event like any other in Socket.IO 4")
		_, err = fourth.Bind("newListener", func(native.Args) {})
		assert.ErrorIs(t, err, bsock.ErrBadEvent)
		assert.ErrorIs(t, s4.Fire(w.ctx, "disconnecting"), bsock.ErrBadEvent)
		assert.NoError(t, s4.Fire(w.ctx, "error"))

		second, s2 := w.dial(native.DialOptions{Protocol: socketIO2})
		assert.ErrorIs(t, second.Fire(w.ctx, "ping"), bsock.ErrBadEvent, "reserved in Socket.IO 2")
		assert.NoError(t, s2.Fire(w.ctx, "disconnecting"))
		for _, event := range []string{"ping", "disconnecting", "connect"} {
			assert.ErrorIs(t, w.server.All(event), bsock.ErrBadEvent, "a broadcast is for all clients")
		}
	})
}
