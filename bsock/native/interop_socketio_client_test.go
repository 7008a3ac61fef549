package native_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// soon is how fast a client of these tests comes back.
var soon = bsock.Backoff{Min: 20 * time.Millisecond, Max: 200 * time.Millisecond}

func TestInteropClientToSocketIO(t *testing.T) {
	const two, four, any = native.ProtocolSocketIO2, native.ProtocolSocketIO4, native.ProtocolSocketIO
	tests := []struct {
		name, generation, options string
		say, spoken               native.Protocol
	}{
		{"2", "2", `{}`, two, two},
		{"2, found out", "2", `{}`, any, two},
		{"4 with allowEIO3, as 2", "4", `{"allowEIO3":true}`, two, two},
		{"4 with allowEIO3, as 4", "4", `{"allowEIO3":true}`, four, four},
		{"4 with allowEIO3, found out", "4", `{"allowEIO3":true}`, any, four},
		{"4", "4", `{}`, four, four},
		{"4, found out", "4", `{}`, any, four},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v := newVisit(t, test.generation, test.options, native.DialOptions{Protocol: test.say})
			assert.Equal(t, test.spoken, v.client.Protocol(), "the protocol that is spoken")
			v.peer.take("connected", "")
			if test.generation == "4" && test.spoken == two {
				v.other = "/other" // the server answers in escapes if it must, for its own client just as well
			}
			v.run(t)
		})
	}
}

// A visit is a client of ours at a server of Socket.IO.
type visit struct {
	peer   *npmPeer
	url    string
	client *native.Client
	admin  *native.Namespace
	other  string      // one namespace more
	heard  chan string // in the default namespace
	inside chan string // in /admin
	lost   chan error  // connections
	left   chan error  // namespaces
}

func newVisit(t *testing.T, generation, options string, opts native.DialOptions) *visit {
	v := &visit{
		other: unicodePlace,
		heard: make(chan string, 2000), inside: make(chan string, 2000),
		lost: make(chan error, 10), left: make(chan error, 10),
	}
	v.peer = startPeer(t, "socketio-server.mjs", generation, options, "tick", unicode)
	v.url = fmt.Sprintf("ws://127.0.0.1:%s", v.peer.take("listening", "")["listening"])
	opts.Reconnect = soon
	opts.Setup = func(c *native.Client) {
		listenPlain(t, c, v.heard)
		v.admin = c.Namespace(admin)
		listenPlain(t, v.admin, v.inside)
	}
	opts.OnDisconnect = func(err error) { v.lost <- err }
	opts.OnLeave = func(_ *native.Namespace, err error) { v.left <- err }
	opts.OnError = func(err error) { t.Log("reported:", err) }
	client, err := native.Dial(within(t), v.url, &opts)
	require.NoError(t, err, "the client connects")
	t.Cleanup(func() { _ = client.Close() })
	v.client = client
	return v
}

func (v *visit) run(t *testing.T) {
	testSocketIO(t, place{v.peer, ""}, v.client, v.heard)
	t.Run("namespace", v.testNamespace)
	t.Run("refused", v.testRefused)
	t.Run("put out", v.testPutOut)
	t.Run("restart", v.testRestart)
	t.Run("hung up on", v.testHungUpOn)
	t.Run("end", v.testEnd)
}

func (v *visit) testNamespace(t *testing.T) {
	assert.ErrorIs(t, v.admin.Fire(within(t), "tick"), native.ErrNotJoined)
	require.NoError(t, v.admin.Join(within(t)))
	v.peer.takeIn(admin, "connected", "")
	testSocketIO(t, place{v.peer, admin}, v.admin, v.inside)

	other := v.client.Namespace(v.other)
	require.NoError(t, other.Join(within(t)), "a name may hold any letter")
	value, err := other.Call(within(t), "first", v.other)
	require.NoError(t, err)
	text, _ := value.Text()
	assert.Equal(t, v.other, text)

	other.Leave()
	v.peer.takeIn(v.other, "disconnected", `"client namespace disconnect"`)
	assert.ErrorIs(t, other.Fire(within(t), "tick"), native.ErrNotJoined)
	_, err = v.admin.Call(within(t), "nothing")
	assert.NoError(t, err, "other namespaces live on")
	require.NoError(t, other.Join(within(t)), "one that was left can be joined again")
	other.Leave()
}

func (v *visit) testRefused(t *testing.T) {
	closed := v.client.Namespace("/closed")
	var refused *native.RefusedError
	require.ErrorAs(t, closed.Join(within(t)), &refused)
	assert.Equal(t, "/closed", refused.Namespace)
	if v.client.Protocol() == native.ProtocolSocketIO4 {
		assert.Equal(t, refusal, refused.Remote.Message)
		assert.JSONEq(t, `{"code":"E_KEY"}`, refused.Remote.Data)
	} else {
		assert.Equal(t, "E_KEY", refused.Remote.Code, "a server of Socket.IO 2 sends the data in place of the error")
	}
	assert.ErrorAs(t, closed.Fire(within(t), "tick"), &refused, "what is sent there says why it is not")

	require.ErrorAs(t, v.client.Namespace("/nowhere").Join(within(t)), &refused)
	assert.Equal(t, notServedHere, refused.Remote.Message)
	_, err := v.client.Call(within(t), "nothing")
	assert.NoError(t, err, "the connection lives on")
	assert.Empty(t, v.left, "who was never in does not leave")
}

func (v *visit) testPutOut(t *testing.T) {
	place{v.peer, admin}.do("close")
	assert.ErrorIs(t, next(t, v.left), native.ErrNotJoined)
	assert.ErrorIs(t, v.admin.Fire(within(t), "tick"), native.ErrNotJoined)
	_, err := v.client.Call(within(t), "nothing")
	assert.NoError(t, err, "the connection lives on")
	require.NoError(t, v.admin.Join(within(t)))
	v.peer.takeIn(admin, "connected", "")
}

func (v *visit) testRestart(t *testing.T) {
	v.peer.do("restart")
	next(t, v.lost)
	v.peer.take("connected", "")
	v.peer.takeIn(admin, "connected", "")
	value, err := v.admin.Call(within(t), "first", "again")
	require.NoError(t, err, "a namespace is joined again")
	assert.Equal(t, `"again"`, string(value.JSON()))
	place{v.peer, admin}.do("fire", "tick", "again")
	assert.Equal(t, `["again"]`, next(t, v.inside))
	place{v.peer, ""}.do("fire", "tick", "again")
	assert.Equal(t, `["again"]`, next(t, v.heard), "handlers are bound once")
	assert.Empty(t, v.left, "a namespace that is joined again was not left")
}

func (v *visit) testHungUpOn(t *testing.T) {
	place{v.peer, ""}.begin("hangup")
	next(t, v.lost)
	v.peer.take("connected", "")
	_, err := v.admin.Call(within(t), "nothing")
	assert.NoError(t, err, "the server's own disconnect is retried too")
}

func (v *visit) testEnd(t *testing.T) {
	drained(v.peer)
	require.NoError(t, v.client.Close())
	v.peer.take("disconnected", "")
	assert.ErrorIs(t, v.admin.Fire(within(t), "tick"), native.ErrClosed)
	assert.ErrorIs(t, v.admin.Join(within(t)), native.ErrClosed)
	next(t, v.client.Done())
}

// drained forgets what the peer has said so far.
func drained(p *npmPeer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = nil
}

func TestInteropEIO3IsRefused(t *testing.T) {
	peer := startPeer(t, "socketio-server.mjs", "4", `{}`)
	url := fmt.Sprintf("ws://127.0.0.1:%s", peer.take("listening", "")["listening"])
	_, err := native.Dial(within(t), url, &native.DialOptions{Protocol: native.ProtocolSocketIO2})
	assert.ErrorIs(t, err, native.ErrNotUnderstood)
}

func TestInteropAuth(t *testing.T) {
	token := "letmein"
	asked := make(chan string, 10)
	auth := func(_ context.Context, namespace string) (any, error) {
		asked <- namespace
		return map[string]any{"token": token, "größe": "雪"}, nil
	}
	v := newVisit(t, "4", `{"token":"letmein"}`, native.DialOptions{Protocol: native.ProtocolSocketIO, Auth: auth})
	want := `{"token":"letmein","größe":"雪"}`
	assert.JSONEq(t, want, string(v.peer.take("connected", "")["auth"]))
	require.NoError(t, v.admin.Join(within(t)))
	assert.JSONEq(t, want, string(v.peer.takeIn(admin, "connected", "")["auth"]))
	assert.Equal(t, "", next(t, asked))
	assert.Equal(t, admin, next(t, asked))

	v.peer.do("restart")
	v.peer.takeIn(admin, "connected", "")
	assert.Equal(t, "", next(t, asked), "it is asked at each connection")
	assert.Equal(t, admin, next(t, asked))
	require.NoError(t, v.client.Close())
	next(t, v.client.Done())

	token = "wrong"
	_, err := native.Dial(within(t), v.url, &native.DialOptions{Protocol: native.ProtocolSocketIO4, Auth: auth})
	var remote *bsock.RemoteError
	require.ErrorAs(t, err, &remote, "a client that is refused does not connect")
	assert.Equal(t, refusal, remote.Message)
	assert.JSONEq(t, `{"code":"E_KEY"}`, remote.Data)
	_, err = native.Dial(within(t), v.url, &native.DialOptions{Protocol: native.ProtocolSocketIO4})
	require.ErrorAs(t, err, &remote, "nor does one that says nothing")
}
