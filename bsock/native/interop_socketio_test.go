package native_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// What holds between this package and npm's Socket.IO, of both generations, in
// every namespace, whichever of the two is the server.

const (
	admin         = "/admin"
	unicodePlace  = "/größe雪"
	megabyte      = 1 << 20
	pipelined     = 200
	refusal       = "not authorized"
	notServedHere = "Invalid namespace"
)

// listenPlain is listen, and hooks what only plain acknowledgements can answer.
func listenPlain(t *testing.T, e end, heard chan<- string) {
	t.Helper()
	listen(t, e, heard)
	require.NoError(t, e.Hook("several", func(_ context.Context, args native.Args) (any, error) { return args, nil }))
}

// A place is the peer in one namespace, "" for the default one.
type place struct {
	*npmPeer
	nsp string
}

func (p place) begin(command string, args ...any) func() string {
	p.t.Helper()
	if p.nsp != "" {
		args = append([]any{p.nsp, command}, args...)
		command = "in"
	}
	wait := p.npmPeer.begin(command, args...)
	return func() string {
		p.t.Helper()
		value, err := wait()
		require.Nil(p.t, err, "the peer carries out %s", command)
		return value
	}
}

func (p place) do(command string, args ...any) string {
	p.t.Helper()
	return p.begin(command, args...)()
}

func (p place) heard(event string) string {
	p.t.Helper()
	return string(p.takeIn(p.nsp, "event", `"`+event+`"`)["args"])
}

// A talker is our end in one namespace.
type talker interface {
	end
	CallAll(ctx context.Context, event string, args ...any) (native.Args, error)
}

// testSocketIO holds in every namespace, for both roles.
func testSocketIO(t *testing.T, peer place, us talker, heard <-chan string) {
	t.Helper()
	t.Run("events", func(t *testing.T) { testSocketIOEvents(t, peer, us, heard) })
	t.Run("binary", func(t *testing.T) { testSocketIOBinary(t, peer, us, heard) })
	t.Run("order", func(t *testing.T) { testSocketIOOrder(t, peer, us, heard) })
	t.Run("we call", func(t *testing.T) { testSocketIOWeCall(t, us) })
	t.Run("we are called", func(t *testing.T) { testSocketIOWeAreCalled(t, peer) })
	t.Run("1 MB", func(t *testing.T) { testLarge(t, peer, us, heard, megabyte) })
}

func testSocketIOEvents(t *testing.T, peer place, us talker, heard <-chan string) {
	require.NoError(t, us.Fire(within(t), "tick"))
	assert.Equal(t, `[]`, peer.heard("tick"))
	require.NoError(t, us.Fire(within(t), "tick", 1, "two", nil, map[string]any{"a": []int{3}}))
	assert.Equal(t, `[1,"two",null,{"a":[3]}]`, peer.heard("tick"))
	peer.do("fire", "tick", 1, "two", nil, map[string]any{"a": []int{3}})
	assert.Equal(t, `[1,"two",null,{"a":[3]}]`, next(t, heard))

	require.NoError(t, us.Fire(within(t), unicode, unicode))
	assert.Equal(t, `["`+unicode+`"]`, peer.heard(unicode))
	peer.do("fire", unicode, unicode)
	assert.Equal(t, `["`+unicode+`"]`, next(t, heard))
}

func testSocketIOBinary(t *testing.T, peer place, us talker, heard <-chan string) {
	data := []byte{0, 0xff, 0x10}
	const want = `[{"$hex":"00ff10"},[{"$hex":"00ff10"},{"$hex":""}],{"raw":{"$hex":"00ff10"}}]`
	require.NoError(t, us.Fire(within(t), "tick", data, []any{data, []byte{}}, map[string]any{"raw": data}))
	assert.Equal(t, want, peer.heard("tick"))
	peer.do("fire", "tick", hexOf(data), []any{hexOf(data), hexOf(nil)}, map[string]any{"raw": hexOf(data)})
	assert.Equal(t, want, next(t, heard))
}

func testSocketIOOrder(t *testing.T, peer place, us talker, heard <-chan string) {
	for i := range pipelined {
		require.NoError(t, us.Fire(within(t), "tick", i, []byte{byte(i)}))
		peer.begin("fire", "tick", i, hexOf([]byte{byte(i)}))
	}
	for i := range pipelined {
		want := fmt.Sprintf(`[%d,{"$hex":"%02x"}]`, i, byte(i))
		require.Equal(t, want, peer.heard("tick"), "the peer hears in order")
		require.Equal(t, want, next(t, heard), "we hear in order")
	}
}

func testSocketIOWeCall(t *testing.T, us talker) {
	value, err := us.Call(within(t), "echo", 1, []byte{2}, map[string]any{"three": []any{[]byte{3}}})
	require.NoError(t, err)
	var echo []any
	require.NoError(t, value.Decode(&echo))
	assert.Equal(t, []any{1.0, []byte{2}, map[string]any{"three": []any{[]byte{3}}}}, echo)

	values, err := us.CallAll(within(t), "several", 1, []byte{2})
	require.NoError(t, err)
	assert.Equal(t, `[1,{"$hex":"02"}]`, show(values), "all values of an acknowledgement")
	value, err = us.Call(within(t), "several", 1, 2)
	require.NoError(t, err)
	assert.Equal(t, "1", string(value.JSON()), "or the first")
	values, err = us.CallAll(within(t), "nothing")
	require.NoError(t, err)
	assert.Zero(t, values.Len())
	value, err = us.Call(within(t), "nothing")
	require.NoError(t, err)
	assert.True(t, value.IsNull())

	value, err = us.Call(within(t), unicode, "\u2028<&>\x00")
	require.NoError(t, err)
	text, _ := value.Text()
	assert.Equal(t, "\u2028<&>\x00", text)
}

func testSocketIOWeAreCalled(t *testing.T, peer place) {
	assert.Equal(t, `{"a":[{"$hex":"02"}]}`, peer.do("call", "first", map[string]any{"a": []any{hexOf([]byte{2})}}))
	assert.Equal(t, `[1,{"$hex":"02"}]`, peer.do("callAll", "several", 1, hexOf([]byte{2})))
	assert.Equal(t, `[]`, peer.do("callAll", "several"))
	assert.JSONEq(t, `[{"message":"broken","name":"TypeError","type":"Hook","code":"E_X"}]`, peer.do("callAll", "fail"),
		"an error takes the place of the value")
	assert.JSONEq(t, `[{"message":"Call not found: missing.","name":"Error","type":null,"code":null}]`, peer.do("callAll", "missing"))
}
