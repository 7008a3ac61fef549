package native_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// This package and npm's bsock understand each other, live, whichever of the
// two is the server. What the one end can do the other can, so the same tests
// run in both roles.

const (
	large   = 10 << 20
	unicode = "größe 雪 🚀"
)

// An end is our end of a connection: a Client or a Socket.
type end interface {
	Bind(event string, fn func(args native.Args)) (unbind func(), err error)
	Hook(event string, fn func(ctx context.Context, args native.Args) (any, error)) error
	Fire(ctx context.Context, event string, args ...any) error
	Call(ctx context.Context, event string, args ...any) (native.Value, error)
}

func TestInteropClientToNpmServer(t *testing.T) {
	peer := startPeer(t, "bsock-server.mjs", "tick", unicode)
	url := fmt.Sprintf("ws://127.0.0.1:%s", peer.take("listening", "")["listening"])
	heard := make(chan string, 2000)
	client, err := native.Dial(within(t), url, &native.DialOptions{
		Reconnect: bsock.Backoff{Off: true},
		Setup:     func(c *native.Client) { listen(t, c, heard) },
		OnError:   func(err error) { t.Log("reported:", err) },
	})
	require.NoError(t, err, "the client connects")
	t.Cleanup(func() { _ = client.Close() })
	assert.JSONEq(t, `"/socket.io/?transport=websocket"`, string(peer.take("connected", "")["connected"]))

	testInterop(t, peer, client, heard)

	t.Run("an event to all and to a room", func(t *testing.T) {
		peer.do("all", "tick", "all")
		peer.do("join", "room")
		peer.do("to", "room", "tick", hexOf([]byte{7}))
		peer.do("to", "empty room", "tick", "nobody")
		assert.Equal(t, `["all"]`, next(t, heard))
		assert.Equal(t, `[{"$hex":"07"}]`, next(t, heard))
	})
	t.Run("the peer's end is ours", func(t *testing.T) {
		peer.do("close")
		next(t, client.Done())
		assert.ErrorIs(t, client.Fire(within(t), "tick"), native.ErrClosed)
	})
}

func TestInteropBase64AndNamespace(t *testing.T) {
	peer := startPeer(t, "bsock-server.mjs", "tick")
	url := fmt.Sprintf("ws://127.0.0.1:%s/my node/?b64=1", peer.take("listening", "")["listening"])
	heard := make(chan string, 1)
	client, err := native.Dial(within(t), url, &native.DialOptions{
		Setup: func(c *native.Client) { listen(t, c, heard) },
	})
	require.NoError(t, err, "the client connects")
	t.Cleanup(func() { _ = client.Close() })
	assert.JSONEq(t, `"/my%20node/?transport=websocket&b64=1"`, string(peer.take("connected", "")["connected"]))
	peer.do("fire", "tick", hexOf([]byte{0, 0xff}), hexOf(nil))
	assert.Equal(t, `[{"$hex":"00ff"},{"$hex":""}]`, next(t, heard), "base64 frames are binary data")
}

func TestInteropNpmClientToServer(t *testing.T) {
	heard := make(chan string, 2000)
	sockets := make(chan *native.Socket, 1)
	server := native.NewServer(&native.ServerOptions{
		OnSocket: func(s *native.Socket) {
			listen(t, s, heard)
			sockets <- s
		},
		OnError: func(_ *native.Socket, err error) { t.Log("reported:", err) },
	})
	web := httptest.NewServer(server)
	t.Cleanup(func() {
		assert.NoError(t, server.Shutdown(within(t)), "the server shuts down")
		web.Close()
	})
	_, port, _ := strings.Cut(strings.TrimPrefix(web.URL, "http://"), ":")
	peer := startPeer(t, "bsock-client.mjs", port, "tick", unicode)
	peer.take("connected", "")
	socket := next(t, sockets)

	testInterop(t, peer, socket, heard)

	t.Run("an event to all and to a room", func(t *testing.T) {
		require.NoError(t, server.All("tick", "all"))
		assert.Equal(t, `["all"]`, peer.heard("tick"))
		require.True(t, socket.Join("room"))
		require.NoError(t, server.To("room", "tick", []byte{7}))
		require.NoError(t, server.To("empty room", "tick", "nobody"))
		assert.Equal(t, `[{"$hex":"07"}]`, peer.heard("tick"))
	})
	t.Run("our end is the peer's", func(t *testing.T) {
		require.NoError(t, socket.Close())
		peer.take("disconnected", "")
	})
}

// listen binds and hooks at our end what peers/control.mjs does at the other.
func listen(t *testing.T, e end, heard chan<- string) {
	t.Helper()
	for _, event := range []string{"tick", unicode} {
		_, err := e.Bind(event, func(args native.Args) { heard <- show(args) })
		require.NoError(t, err)
	}
	require.NoError(t, e.Hook("first", func(_ context.Context, args native.Args) (any, error) {
		var first any
		err := args.Decode(0, &first)
		return first, err
	}))
	require.NoError(t, e.Hook("fail", func(context.Context, native.Args) (any, error) {
		return nil, &bsock.RemoteError{Message: "broken", Name: "TypeError", Type: "Hook", Code: "E_X"}
	}))
}

// show writes the arguments of an event as JSON; what is long is not shown.
func show(args native.Args) string {
	values := make([]any, args.Len())
	for i := range values {
		if err := args.Decode(i, &values[i]); err != nil {
			return err.Error()
		}
	}
	if len(values) == 1 {
		if long := digestOf(values[0]); long != "" {
			return long
		}
	}
	text, err := json.Marshal(tagged(values))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// tagged puts {"$hex"} in place of bytes, as peers/payload.mjs does.
func tagged(v any) any {
	switch v := v.(type) {
	case []byte:
		return hexOf(v)
	case []any:
		for i := range v {
			v[i] = tagged(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = tagged(v[key])
		}
	}
	return v
}

func hexOf(data []byte) map[string]any {
	return map[string]any{"$hex": hex.EncodeToString(data)}
}

// testInterop holds for both roles.
func testInterop(t *testing.T, peer *npmPeer, us end, heard <-chan string) {
	t.Run("fire", func(t *testing.T) {
		require.NoError(t, us.Fire(within(t), "tick"))
		assert.Equal(t, `[]`, peer.heard("tick"))
		require.NoError(t, us.Fire(within(t), "tick", 1, "two", nil, map[string]any{"a": []int{3}}))
		assert.Equal(t, `[1,"two",null,{"a":[3]}]`, peer.heard("tick"))
		peer.do("fire", "tick", 1, "two", nil, map[string]any{"a": []int{3}})
		assert.Equal(t, `[1,"two",null,{"a":[3]}]`, next(t, heard))
	})
	t.Run("unicode in names and values", func(t *testing.T) {
		require.NoError(t, us.Fire(within(t), unicode, unicode))
		assert.Equal(t, `["`+unicode+`"]`, peer.heard(unicode))
		peer.do("fire", unicode, unicode)
		assert.Equal(t, `["`+unicode+`"]`, next(t, heard))
		value, err := us.Call(within(t), unicode, "\u2028<&>\x00")
		require.NoError(t, err)
		var text string
		require.NoError(t, value.Decode(&text))
		assert.Equal(t, "\u2028<&>\x00", text)
	})
	t.Run("binary", func(t *testing.T) {
		data := []byte{0, 0xff, 0x10}
		require.NoError(t, us.Fire(within(t), "tick", data, []any{data, []byte{}}, map[string]any{"raw": data}))
		assert.Equal(t, `[{"$hex":"00ff10"},[{"$hex":"00ff10"},{"$hex":""}],{"raw":{"$hex":"00ff10"}}]`, peer.heard("tick"))
		peer.do("fire", "tick", hexOf(data), []any{hexOf(data), hexOf(nil)})
		assert.Equal(t, `[{"$hex":"00ff10"},[{"$hex":"00ff10"},{"$hex":""}]]`, next(t, heard))
	})
	t.Run("order", func(t *testing.T) { testInteropOrder(t, peer, us, heard) })
	t.Run("we call", func(t *testing.T) { testInteropWeCall(t, us) })
	t.Run("we are called", func(t *testing.T) { testInteropWeAreCalled(t, peer) })
	t.Run("10 MB", func(t *testing.T) { testLarge(t, peer, us, heard, large) })
}

func testInteropOrder(t *testing.T, peer *npmPeer, us end, heard <-chan string) {
	for i := range 500 {
		require.NoError(t, us.Fire(within(t), "tick", i, []byte{byte(i)}))
		peer.begin("fire", "tick", i, hexOf([]byte{byte(i)}))
	}
	for i := range 500 {
		want := fmt.Sprintf(`[%d,{"$hex":"%02x"}]`, i, byte(i))
		require.Equal(t, want, peer.heard("tick"), "the peer hears in order")
		require.Equal(t, want, <-heard, "we hear in order")
	}
}

func testInteropWeCall(t *testing.T, us end) {
	value, err := us.Call(within(t), "echo", 1, []byte{2}, "three")
	require.NoError(t, err)
	var echo []any
	require.NoError(t, value.Decode(&echo))
	assert.Equal(t, []any{1.0, []byte{2}, "three"}, echo)

	value, err = us.Call(within(t), "nothing")
	require.NoError(t, err)
	var nothing any
	require.NoError(t, value.Decode(&nothing))
	assert.Nil(t, nothing)

	var remote *bsock.RemoteError
	_, err = us.Call(within(t), "fail", "broken")
	require.ErrorAs(t, err, &remote, "what a hook threw")
	assert.Equal(t, &bsock.RemoteError{Message: "broken", Name: "TypeError", Type: "Hook", Code: "E_X"}, remote)

	_, err = us.Call(within(t), "missing")
	require.ErrorAs(t, err, &remote, "a call nobody answers")
	assert.Equal(t, "Call not found: missing.", remote.Message)
}

func testInteropWeAreCalled(t *testing.T, peer *npmPeer) {
	assert.Equal(t, `{"a":[{"$hex":"02"}]}`, peer.do("call", "first", map[string]any{"a": []any{hexOf([]byte{2})}}))
	_, failure := peer.begin("call", "fail")()
	assert.Equal(t, &bsock.RemoteError{Message: "broken", Name: "TypeError", Type: "Hook", Code: "E_X"}, failure)
	_, failure = peer.begin("call", "missing")()
	require.NotNil(t, failure)
	assert.Equal(t, "Call not found: missing.", failure.Message)
}

// A correspondent is a peer of npm's that does what it is told, and tells what
// it hears.
type correspondent interface {
	do(command string, args ...any) string
	heard(event string) string
}

func testLarge(t *testing.T, peer correspondent, us end, heard <-chan string, size int) {
	data, text := pattern(size), patternText(size)
	require.NoError(t, us.Fire(within(t), "tick", data))
	assert.Equal(t, "["+digest(data, true)+"]", peer.heard("tick"))
	require.NoError(t, us.Fire(within(t), "tick", text))
	assert.Equal(t, "["+digest([]byte(text), false)+"]", peer.heard("tick"))
	peer.do("fire", "tick", map[string]int{"$bytes": size})
	assert.Equal(t, digest(data, true), next(t, heard))
	peer.do("fire", "tick", map[string]int{"$text": size})
	assert.Equal(t, digest([]byte(text), false), next(t, heard))

	value, err := us.Call(within(t), "first", data)
	require.NoError(t, err)
	var back []byte
	require.NoError(t, value.Decode(&back))
	assert.Equal(t, digest(data, true), digest(back, true), "there and back")
	assert.Equal(t, digest(data, true), peer.do("call", "first", map[string]int{"$bytes": size}), "and the other way")
}
