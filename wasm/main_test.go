//go:build js && wasm

package main

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/hack-pad/safejs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/jsbridge"
)

// These tests run in a browser, and stand where a page's Store does: what it
// would do is written down by jsbridge/testing.js.

func TestMain(m *testing.M) {
	if err := jsbridge.Publish(&guest{}, create); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// run runs a statement of JavaScript, and returns what it returns.
func run(t *testing.T, statement string) safejs.Value {
	t.Helper()
	constructor, err1 := safejs.Global().Get("Function")
	border, err2 := safejs.Global().Get("border")
	function, err3 := constructor.New("border", "const { guest } = border; "+statement)
	require.NoError(t, errors.Join(err1, err2, err3))
	result, err := function.Invoke(border)
	require.NoError(t, err, "JavaScript runs to its end: %s", statement)
	return result
}

// begin makes a store, which is the variable store of JavaScript until the next.
func begin(t *testing.T, options string) {
	t.Helper()
	number := strconv.Itoa(len(stores))
	problem := run(t, `border.reset(); globalThis.store = `+number+`; return createStore(`+options+`)`)
	require.True(t, problem.IsNull(), "the options are in order: %s", options)
}

// did runs a statement, spoils what it put into memory, and returns what the
// module asked for meanwhile, all but its alarms, and without the moments that
// are up to chance.
func did(t *testing.T, statement string) []string {
	t.Helper()
	lines, err := run(t, statement+"; border.spoil(); return border.take()").String()
	require.NoError(t, err)
	asked := []string{}
	for line := range strings.Lines(lines) {
		_, what, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ") // but for the store
		switch words := strings.Fields(what); words[0] {
		case "wakeAt":
		case "dispatchStatus", "dispatchReconnecting":
			asked = append(asked, words[0]+" "+words[1])
		default:
			asked = append(asked, what)
		}
	}
	return asked
}

// TestSession goes once through all that a store does, with what is borrowed
// spoiled as soon as it may be. In which order the middleware asks for things
// is held by its own scripts.
func TestSession(t *testing.T) {
	begin(t, `{reconnect: {min: 500, max: 500, factor: 1}}`)
	run(t, `border.poison();
		border.on("dial", () => "");
		border.on("askKey", (attempt) => guest.handleKey(store, attempt, 7));
		for (const name of ["dispatch", "dispatchConnecting", "dispatchClosed", "dispatchReconnecting", "dispatchStatus", "dispatchError",
			"sendText", "sendBinary"]) {
			border.on(name, () => true);
		}
		globalThis.realNow = Date.now;
		Date.now = () => 1_000_000`)
	defer run(t, `Date.now = realNow`)

	const dial = `dial "ws://localhost:5000/node/?transport=websocket" "a,b"`
	nothing := []string{}
	for _, step := range []struct {
		statement string
		want      []string
	}{
		{
			`guest.handleConnect(store, 1, true, {port: 5000, host: "localhost", namespace: "node", protocols: ["a", "b"]},
				[{event: "new block", actionType: "NEW"}, {event: "rescan", actionType: "RE", ack: "ok"}])`,
			[]string{`settle 1 0 0`, `dispatchStatus 1`, `dispatchConnecting 1`, dial},
		},
		{`guest.handleEmit(store, 2, 0, {type: "broadcast", message: "early"}, null, "")`, nothing},
		{`guest.handleEmit(store, 3, 1, {type: "dispatch", message: "early", acknowledge() {}}, {timeout: 9000}, "")`, nothing},
		{`guest.handleOpen(store)`, nothing},
		{`guest.handleHead(store, '0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":60000}', 4)`, nothing},
		{`guest.handleHead(store, "40", 4)`, []string{`askKey 1`, `sendText "420" 7 0`, `drop 7`}},
		{
			`guest.handleHead(store, "430[null]", 4)`,
			[]string{
				`drop 4`, `dispatchStatus 2`, `dispatch "SOCKET_CONNECTED"`,
				`sendText "42" 2 0`, `settle 2 0 0`,
				`sendText "451-1" 3 1`, `sendBinary 3 false`,
			},
		},
		{`guest.handleHead(store, '42["new block",{"height":1}]', 5)`, []string{`route 5 2`, `deliver 0 5 2 true`}},
		{`guest.handleHead(store, '451-["new block",{"_placeholder":true,"num":0}]', 10)`, nothing},
		{`guest.handleBinaryHead(store, 4, 81)`, []string{`route 10 4`, `deliver 0 10 4 true`}},
		{`guest.handleHead(store, '431[null,{"height":1}]', 6)`, []string{`settle 3 6 3`}},
		{
			`border.on("answer", () => 2 ** 32 + 8); guest.handleHead(store, '427["rescan"]', 5)`,
			[]string{`deliver 1 5 3 false`, `answer 1 1 5 3`, `sendText "461-7" 8 1`, `sendBinary 8 false`},
		},
		{
			`guest.handleHead(store, '43x', 5)`,
			[]string{`dispatchError 0 {"message":"'id' must be a(n) uint32.","name":"","type":"","code":"PROTOCOL_ERROR"}`},
		},
		{
			`guest.handleMalformed(store, "Message is neither text nor binary.")`,
			[]string{`dispatchError 0 {"message":"Message is neither text nor binary.","name":"","type":"","code":"PROTOCOL_ERROR"}`},
		},
		{
			`guest.handleClose(store, 1006, "")`,
			[]string{
				`dispatchStatus 3`, `dispatchClosed 1006 "" true`, `dispatchReconnecting 1`,
				`dispatchError 0 {"message":"Websocket Closed: Unknown reason (code=ABNORMAL_CLOSURE).","name":"","type":"","code":"ABNORMAL_CLOSURE"}`,
			},
		},
		{`Date.now = () => 1_000_500; guest.advance(store)`, []string{`dispatchStatus 1`, `dispatchConnecting 1`, dial}},
		{
			`guest.handleDisconnect(store, 9)`,
			[]string{`hangup 1000 ""`, `dispatchStatus 0`, `dispatch "SOCKET_DISCONNECTED"`, `settle 9 0 0`},
		},
	} {
		assert.ElementsMatch(t, step.want, did(t, step.statement), step.statement)
	}
}

// TestQueuedNameIsKept: an emit that waits has a name that the protocol allows,
// whatever comes to stand where that was written.
func TestQueuedNameIsKept(t *testing.T) {
	begin(t, `{}`)
	run(t, `border.on("dial", () => "");
		border.on("sendText", () => true);
		border.on("askKey", (attempt) => guest.handleKey(store, attempt, 7));
		border.on("dispatch", () => {
			border.memory.begin(9);
			border.memory.put("reconnect");
			return true;
		});`)
	did(t, `guest.handleConnect(store, 1, true, {port: 5000}, [])`)
	did(t, `guest.handleEmit(store, 2, 0, {type: "broadcast", message: "early"}, null, "")`)
	did(t, `guest.handleOpen(store)`)
	did(t, `guest.handleHead(store, '0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":60000}', 4)`)
	did(t, `guest.handleHead(store, "40", 4)`)
	lines := did(t, `guest.handleHead(store, "430[null]", 4)`)
	require.NotEmpty(t, lines)
	assert.Equal(t, "settle 2 0 0", lines[len(lines)-1], "it was sent: %q", lines)
}

// TestUnknownStore: a panic of the guest, here for a number that no store has,
// does not end the module.
func TestUnknownStore(t *testing.T) {
	run(t, `border.reset()`)
	lines := did(t, `guest.advance(99)`)
	require.Len(t, lines, 1)
	assert.Contains(t, lines[0], `dispatchError 0 {"message":"bsock-wasm failed inside: runtime error: index out of range [99]`)
	assert.Contains(t, lines[0], `"code":"INTERNAL_ERROR"`)
}

// TestBadOptions: what is wrong with them goes to the page, and no store is
// made.
func TestBadOptions(t *testing.T) {
	before := len(stores)
	problem, err := run(t, `return createStore({queueLimit: "many"})`).String()
	require.NoError(t, err)
	assert.Equal(t, "the option queueLimit must be a number of at least 1", problem)
	assert.Len(t, stores, before)
}
