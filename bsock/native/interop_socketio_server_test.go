package native_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

func TestInteropSocketIOToServer(t *testing.T) {
	tests := []struct {
		generation string
		protocol   native.Protocol
	}{
		{"2", native.ProtocolSocketIO2},
		{"4", native.ProtocolSocketIO4},
	}
	for _, test := range tests {
		t.Run(test.generation, func(t *testing.T) {
			h := newHost(t)
			h.join(t, test.generation)
			assert.Equal(t, test.protocol, h.socket.Protocol(), "the protocol of its client")
			testSocketIO(t, place{h.peer, ""}, h.socket, h.heard)
			t.Run("namespace", h.testNamespace)
			t.Run("refused", h.testRefused)
			t.Run("rooms", h.testRooms)
			t.Run("put out", h.testPutOut)
			t.Run("restart", h.testRestart)
			t.Run("end", h.testEnd)
		})
	}
}

// A host is a server of ours with a client of Socket.IO.
type host struct {
	addr   string
	http   *http.Server
	server *native.Server
	admin  *native.ServerNamespace

	peer   *npmPeer
	socket *native.Socket // in the default namespace
	inside *native.Socket // in /admin

	sockets, insiders chan *native.Socket
	heard, said       chan string // in the default namespace, and in /admin
	gone, left        chan error  // from the default namespace, and from /admin
}

func newHost(t *testing.T) *host {
	h := &host{
		addr:    "127.0.0.1:0",
		sockets: make(chan *native.Socket, 10), insiders: make(chan *native.Socket, 10),
		heard: make(chan string, 2000), said: make(chan string, 2000),
		gone: make(chan error, 10), left: make(chan error, 10),
	}
	h.start(t)
	t.Cleanup(func() { h.stop(t) })
	return h
}

func (h *host) start(t *testing.T) {
	h.server = native.NewServer(&native.ServerOptions{
		OnSocket:     func(s *native.Socket) { listenPlain(t, s, h.heard); h.sockets <- s },
		OnDisconnect: func(_ *native.Socket, err error) { h.gone <- err },
		OnError:      func(_ *native.Socket, err error) { t.Log("reported:", err) },
	})
	var err error
	h.admin, err = h.server.Namespace(admin, native.NamespaceOptions{
		OnSocket:     func(s *native.Socket) { listenPlain(t, s, h.said); h.insiders <- s },
		OnDisconnect: func(_ *native.Socket, err error) { h.left <- err },
	})
	require.NoError(t, err)
	_, err = h.server.Namespace("/closed", native.NamespaceOptions{Auth: checkKey})
	require.NoError(t, err)
	_, err = h.server.Namespace(unicodePlace, native.NamespaceOptions{})
	require.NoError(t, err)

	listener, err := net.Listen("tcp", h.addr)
	require.NoError(t, err)
	h.addr = listener.Addr().String()
	h.http = &http.Server{Handler: h.server}
	go h.http.Serve(listener)
}

func (h *host) stop(t *testing.T) {
	assert.NoError(t, h.http.Close())
	assert.NoError(t, h.server.Shutdown(within(t)), "the server shuts down")
}

// checkKey lets in who knows the key.
func checkKey(_ context.Context, _ *native.Socket, auth native.Value) error {
	var said struct{ Key string }
	if err := auth.Decode(&said); err != nil || said.Key != "open sesame" {
		return &bsock.RemoteError{Message: refusal, Data: `{"code":"E_KEY"}`}
	}
	return nil
}

// join has a client of Socket.IO connect.
func (h *host) join(t *testing.T, generation string) {
	h.peer = startPeer(t, "socketio-client.mjs", generation, "http://"+h.addr, `{}`, "tick", unicode)
	h.socket = next(t, h.sockets)
	h.peer.take("connected", "")
}

func (h *host) testNamespace(t *testing.T) {
	h.peer.do("enter", admin)
	h.peer.takeIn(admin, "connected", "")
	h.inside = next(t, h.insiders)
	assert.Equal(t, admin, h.inside.Namespace())
	assert.Equal(t, 1, h.admin.Sockets())
	testSocketIO(t, place{h.peer, admin}, h.inside, h.said)

	h.peer.do("enter", unicodePlace)
	h.peer.takeIn(unicodePlace, "connected", "")
}

func (h *host) testRefused(t *testing.T) {
	h.peer.do("enter", "/closed")
	h.peer.do("enter", "/nowhere")
	closed := string(h.peer.takeIn("/closed", "refused", "")["refused"])
	nowhere := string(h.peer.takeIn("/nowhere", "refused", "")["refused"])
	if h.socket.Protocol() == native.ProtocolSocketIO2 {
		assert.JSONEq(t, `{"message":"not authorized"}`, closed)
		assert.JSONEq(t, `{"message":"Invalid namespace"}`, nowhere)
		return
	}
	assert.JSONEq(t, `{"message":"not authorized","data":{"code":"E_KEY"}}`, closed)
	assert.JSONEq(t, `{"message":"Invalid namespace","data":null}`, nowhere)
	h.peer.do("enter", "/closed", map[string]string{"key": "open sesame"})
	h.peer.takeIn("/closed", "connected", "")
}

func (h *host) testRooms(t *testing.T) {
	require.True(t, h.socket.Join("room"))
	require.True(t, h.inside.Join("inner room"))
	for _, data := range []any{"text", []byte{7}} {
		require.NoError(t, h.server.To("inner room", "tick", "rooms are the namespace's own"))
		require.NoError(t, h.server.To("room", "tick", data))
		require.NoError(t, h.admin.To("room", "tick", "rooms are the namespace's own"))
		require.NoError(t, h.admin.To("inner room", "tick", data))
		require.NoError(t, h.server.All("tick", "all", data))
		require.NoError(t, h.admin.All("tick", "all", data))
		text, err := json.Marshal(tagged([]any{data}))
		require.NoError(t, err)
		for _, p := range []place{{h.peer, ""}, {h.peer, admin}} {
			assert.Equal(t, string(text), p.heard("tick"))
			assert.Equal(t, `["all",`+string(text[1:]), p.heard("tick"))
		}
	}
}

func (h *host) testPutOut(t *testing.T) {
	require.NoError(t, h.inside.Close())
	h.peer.takeIn(admin, "disconnected", `"io server disconnect"`)
	assert.ErrorIs(t, next(t, h.left), native.ErrClosed)
	next(t, h.inside.Done())
	assert.ErrorIs(t, h.inside.Fire(within(t), "tick"), native.ErrClosed)
	assert.Zero(t, h.admin.Sockets())
	assert.Zero(t, h.admin.Members("inner room"))

	h.peer.do("enter", admin)
	h.peer.takeIn(admin, "connected", "")
	h.inside = next(t, h.insiders)
	place{h.peer, admin}.do("close")
	assert.ErrorContains(t, next(t, h.left), "Disconnect packet.", "a client that leaves a namespace")
	next(t, h.inside.Done())
	_, err := h.socket.Call(within(t), "nothing")
	assert.NoError(t, err, "the connection lives on")

	h.peer.do("enter", admin)
	h.peer.takeIn(admin, "connected", "")
	h.inside = next(t, h.insiders)
}

func (h *host) testRestart(t *testing.T) {
	h.stop(t)
	next(t, h.gone)
	next(t, h.left)
	h.start(t)
	h.socket, h.inside = next(t, h.sockets), next(t, h.insiders)
	value, err := h.inside.Call(within(t), "first", "again")
	require.NoError(t, err)
	assert.Equal(t, `"again"`, string(value.JSON()))
	assert.Equal(t, `"again"`, place{h.peer, ""}.do("call", "first", "again"))
}

func (h *host) testEnd(t *testing.T) {
	place{h.peer, ""}.do("close")
	next(t, h.gone)
	next(t, h.socket.Done())
	_, err := h.inside.Call(within(t), "nothing")
	assert.NoError(t, err, "a client may be in other namespaces than the default one")
	require.NoError(t, h.inside.CloseWith(bsock.CloseGoingAway, "bye"))
	next(t, h.left)
	next(t, h.inside.Done())
}

// A client of Socket.IO 4 need not join the default namespace.
func TestInteropOneNamespaceAlone(t *testing.T) {
	h := newHost(t)
	peer := startPeer(t, "socketio-client.mjs", "4", "http://"+h.addr, `{"nsp":"/admin"}`, "tick")
	peer.takeIn(admin, "connected", "")
	inside := next(t, h.insiders)
	require.NoError(t, inside.Fire(within(t), "tick", 1))
	assert.Equal(t, "[1]", place{peer, admin}.heard("tick"))
	assert.Empty(t, h.sockets, "it is in no other")
	assert.Equal(t, 1, h.server.Sockets(), "but is a connection")
	require.NoError(t, h.server.All("tick", "not for you"))
	require.NoError(t, h.admin.All("tick", 2))
	assert.Equal(t, "[2]", place{peer, admin}.heard("tick"))
	require.NoError(t, inside.CloseWith(bsock.CloseNormal, ""))
	next(t, h.left)
	assert.Empty(t, h.gone, "who was not in does not leave")
}

// One server serves them all, each in its own words.
func TestInteropMixedClients(t *testing.T) {
	h := newHost(t)
	_, port, err := net.SplitHostPort(h.addr)
	require.NoError(t, err)
	peers := map[native.Protocol]*npmPeer{
		native.ProtocolBsock:     startPeer(t, "bsock-client.mjs", port, "tick"),
		native.ProtocolSocketIO2: startPeer(t, "socketio-client.mjs", "2", "http://"+h.addr, `{}`, "tick"),
		native.ProtocolSocketIO4: startPeer(t, "socketio-client.mjs", "4", "http://"+h.addr, `{}`, "tick"),
	}
	for range peers {
		s := next(t, h.sockets)
		require.Contains(t, peers, s.Protocol())
		peers[s.Protocol()].take("connected", "")
		require.True(t, s.Join("room"))
	}
	require.NoError(t, h.server.To("room", "tick", []byte{7}, map[string]any{"raw": []byte{8}}))
	for p, peer := range peers {
		assert.Equal(t, `[{"$hex":"07"},{"raw":{"$hex":"08"}}]`, peer.heard("tick"), "%v hears what all hear", p)
		assert.Equal(t, `{"$hex":"09"}`, peer.do("call", "first", hexOf([]byte{9})), "%v is answered", p)
	}
	_, failure := peers[native.ProtocolBsock].begin("call", "fail")()
	require.NotNil(t, failure, "bsock has a slot for errors")
	assert.Equal(t, "broken", failure.Message)
}

func TestInteropServerAuth(t *testing.T) {
	sockets := make(chan *native.Socket, 10)
	server := native.NewServer(&native.ServerOptions{Auth: checkKey, OnSocket: func(s *native.Socket) { sockets <- s }})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	web := &http.Server{Handler: server}
	go web.Serve(listener)
	defer func() { assert.NoError(t, web.Close()); assert.NoError(t, server.Shutdown(within(t))) }()
	url := "http://" + listener.Addr().String()

	stranger := startPeer(t, "socketio-client.mjs", "4", url, `{}`)
	assert.JSONEq(t, `{"message":"not authorized","data":{"code":"E_KEY"}}`, string(stranger.take("refused", "")["refused"]))
	friend := startPeer(t, "socketio-client.mjs", "4", url, `{"auth":{"key":"open sesame"}}`)
	friend.take("connected", "")
	next(t, sockets)

	old := startPeer(t, "socketio-client.mjs", "2", url, `{"reconnection":false}`)
	old.take("disconnected", "")
	assert.Empty(t, sockets, "a client that cannot say anything is not let in")
}
