//go:build js && wasm

package jsbridge

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// texts are strings that a border may get wrong.
var texts = map[string]string{
	"empty":             "",
	"short":             "SOCKET_ERROR",
	"not ASCII":         "größer: 東京 🚀",
	"not ASCII, short":  "ö",
	"at its end only":   strings.Repeat("a", 15) + "é",
	"a byte order mark": "\ufeffa",
	"a NUL and a quote": "a\x00\"b\\",
	"a page":            strings.Repeat("x", bufferSize),
	"longer than that":  strings.Repeat("日本", bufferSize),
}

// quote writes a string as testing.js does.
func quote(t *testing.T, text string) string {
	t.Helper()
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(text))
	return strings.TrimSuffix(out.String(), "\n")
}

func TestImports(t *testing.T) {
	h := host(3)
	for _, test := range []struct {
		call func()
		want string
	}{
		{func() { h.Dispatch("SOCKET_CONNECTED") }, `3 dispatch "SOCKET_CONNECTED"`},
		{func() { h.DispatchConnecting(1) }, `3 dispatchConnecting 1`},
		{func() { h.DispatchReconnecting(2, 1500, 1234567890123) }, `3 dispatchReconnecting 2 1500 1234567890123`},
		{func() { h.DispatchFailed(5) }, `3 dispatchFailed 5`},
		{func() { h.DispatchResumed(1<<40, 3) }, `3 dispatchResumed 1099511627776 3`},
		{func() { h.DispatchStatus(3, 1234567890123, 2, 1234567890456, -1, 7) }, `3 dispatchStatus 3 1234567890123 2 1234567890456 -1 7`},
		{func() { h.DispatchClosed(4001, "Bye.", true) }, `3 dispatchClosed 4001 "Bye." true`},
		{func() { h.DispatchClosed(1000, "", false) }, `3 dispatchClosed 1000 "" false`},
		{
			func() { h.DispatchError(7, "No.", "TypeError", "auth", "BAD", false) },
			`3 dispatchError 7 {"message":"No.","name":"TypeError","type":"auth","code":"BAD"}`,
		},
		{
			func() { h.DispatchError(0, "No.", "", "", "-17", true) },
			`3 dispatchError 0 {"message":"No.","name":"","type":"","code":-17}`,
		},
		{func() { h.DispatchThrown() }, `3 dispatchThrown`},
		{func() { h.Forward() }, `3 forward`},
		{func() { h.Deliver(1, 2, 14, true) }, `3 deliver 1 2 14 true`},
		{func() { h.Deliver(0, 9, 0, false) }, `3 deliver 0 9 0 false`},
		{func() { h.Gather(1, 2, 14, true, false) }, `3 gather 1 2 14 true false`},
		{func() { h.Gather(0, 9, 0, false, true) }, `3 gather 0 9 0 false true`},
		{func() { h.DeliverGathered(2) }, `3 deliverGathered 2`},
		{func() { h.Route(2, 14) }, `3 route 2 14`},
		{func() { h.Remembered(1<<32 - 1) }, `3 learn 4294967295`},
		{func() { h.Lease(7, false) }, `3 take 7 false`},
		{func() { h.Lease(1<<32-1, true) }, `3 take 4294967295 true`},
		{func() { h.Answer(5, 6, 7, 3) }, `3 answer 5 6 7 3`},
		{func() { h.Copy(6) }, `3 copy 6`},
		{func() { h.Same(6, 7) }, `3 same 6 7`},
		{func() { h.Hash(6) }, `3 hash 6`},
		{func() { h.Argument(6, 1) }, `3 argument 6 1`},
		{func() { h.Settle(4, 8, 3) }, `3 settle 4 8 3`},
		{
			func() { h.Reject(4, "Gone.", "Error", "", "CLOSED", false) },
			`3 reject 4 {"message":"Gone.","name":"Error","type":"","code":"CLOSED"}`,
		},
		{func() { h.Drop(6) }, `3 drop 6`},
		{func() { h.Dial("ws://[::1]:5000/a/", "one,two") }, `3 dial "ws://[::1]:5000/a/" "one,two"`},
		{func() { h.SendText([]byte("42"), 11, 2) }, `3 sendText "42" 11 2`},
		{func() { h.SendBinary(11, false) }, `3 sendBinary 11 false`},
		{func() { h.SendBinary(11, true) }, `3 sendBinary 11 true`},
		{func() { h.Hangup(1000, "Done.") }, `3 hangup 1000 "Done."`},
		{func() { h.WakeAt(1234567890123) }, `3 wakeAt 1234567890123`},
		{func() { h.AskKey(2) }, `3 askKey 2`},
		{func() { h.AskAuth(2) }, `3 askAuth 2`},
		{func() { h.Log("dialing") }, `3 log "dialing"`},
	} {
		begin(t)
		run(t, `border.on("dial", () => ""); border.on("argument", () => "")`)
		test.call()
		assert.Equal(t, []string{test.want}, takeImports(t))
	}
}

func TestImportedTexts(t *testing.T) {
	h := host(0)
	for name, text := range texts {
		begin(t)
		run(t, `border.on("dial", () => "")`)
		quoted := quote(t, text)
		h.Dispatch(text)
		h.DispatchClosed(1, text, false)
		h.DispatchError(0, text, text, text, text, false)
		h.Dial(text, text)
		h.SendText([]byte("4"+text), 0, 0)
		h.Log(text)
		assert.Equal(t, []string{
			"0 dispatch " + quoted,
			"0 dispatchClosed 1 " + quoted + " false",
			fmt.Sprintf(`0 dispatchError 0 {"message":%[1]s,"name":%[1]s,"type":%[1]s,"code":%[1]s}`, quoted),
			"0 dial " + quoted + " " + quoted,
			"0 sendText " + quote(t, "4"+text) + " 0 0",
			"0 log " + quoted,
		}, takeImports(t), name)
	}
}

func TestImportsReturn(t *testing.T) {
	h := host(0)
	begin(t)
	run(t, `for (const name of ["dispatch", "dispatchClosed", "dispatchError", "forward", "sendText", "sendBinary", "same",
		"dispatchConnecting", "dispatchReconnecting", "dispatchFailed", "dispatchResumed", "dispatchStatus"]) {
		border.on(name, () => true);
	}
	border.on("deliver", () => 2);
	border.on("settle", () => 1);
	border.on("gather", () => 3);
	border.on("deliverGathered", () => 1);
	border.on("copy", (ref) => 200 + ref);
	border.on("hash", (ref) => ref - 10);
	border.on("answer", (listener) => 65536 * 2 ** 32 + 100 + listener);`)
	assert.True(t, h.Dispatch(""))
	assert.True(t, h.DispatchClosed(0, "", false))
	assert.True(t, h.DispatchError(0, "", "", "", "", false))
	assert.True(t, h.DispatchConnecting(0))
	assert.True(t, h.DispatchReconnecting(0, 0, 0))
	assert.True(t, h.DispatchFailed(0))
	assert.True(t, h.DispatchResumed(0, 0))
	assert.True(t, h.DispatchStatus(0, 0, 0, 0, 0, 0))
	assert.True(t, h.Forward())
	assert.True(t, h.SendText([]byte("4"), 0, 0))
	assert.True(t, h.SendBinary(0, false))
	assert.EqualValues(t, 2, h.Deliver(0, 0, 0, false))
	assert.EqualValues(t, 1, h.Settle(0, 0, 0))
	assert.EqualValues(t, 3, h.Gather(0, 0, 0, false, false))
	assert.EqualValues(t, 1, h.DeliverGathered(0))
	assert.EqualValues(t, 203, h.Copy(3))
	assert.EqualValues(t, uint32(1<<32-7), h.Hash(3))
	assert.True(t, h.Same(1, 2))
	ref, attachments := h.Answer(7, 0, 0, 0)
	assert.EqualValues(t, 107, ref)
	assert.EqualValues(t, 65536, attachments)

	run(t, `border.reset(); border.on("dispatch", () => false)`)
	assert.False(t, h.Dispatch(""))
}

// TestImportThatMeetsAnException is rule 3: the Go frames are not skipped.
func TestImportThatMeetsAnException(t *testing.T) {
	begin(t)
	run(t, `border.on("dispatch", () => { throw new Error("a reducer fails") })`)
	deferred := false
	func() {
		defer func() { deferred = true }()
		assert.False(t, host(0).Dispatch("A"))
	}()
	assert.True(t, deferred)
	assert.Equal(t, []string{`0 dispatch "A"`, `0 caught "a reducer fails"`}, takeImports(t))
}

func TestImportedNumbers(t *testing.T) {
	begin(t)
	const most = math.MaxInt32
	h := host(most)
	h.Settle(most, most, most)
	h.WakeAt(1 << 53)
	h.DispatchClosed(math.MaxUint16, "", true)
	assert.Equal(t, []string{
		"2147483647 settle 2147483647 2147483647 2147483647",
		"2147483647 wakeAt 9007199254740992",
		`2147483647 dispatchClosed 65535 "" true`,
	}, takeImports(t))
}

// TestLargeNumbersComeBack: JavaScript takes a number above 2^31 for a negative
// one, but only hands it back, and then it is the same again.
func TestLargeNumbersComeBack(t *testing.T) {
	begin(t)
	run(t, `border.on("askKey", (attempt) => guest.handleKey(0, attempt, attempt))`)
	host(0).AskKey(math.MaxUint32)
	assert.Equal(t, []string{"0 key attempt 4294967295, ref 4294967295"}, goSide.take())
}

func TestDialReturnsTheProblem(t *testing.T) {
	for name, problem := range texts {
		begin(t)
		run(t, `border.on("dial", () => `+quote(t, problem)+`)`)
		assert.Equal(t, problem, host(0).Dial("ws://h", ""), name)
	}
}

func TestArgumentReturnsTheJSON(t *testing.T) {
	for name, json := range texts {
		begin(t)
		run(t, `border.on("argument", () => `+quote(t, json)+`)`)
		assert.Equal(t, json, host(0).Argument(1, 0), name)
	}
}

func TestDialProblemIsACopy(t *testing.T) {
	begin(t)
	run(t, `border.on("dial", () => "The URL is invalid.")`)
	problem := host(0).Dial("ws://h", "")
	run(t, `border.spoil()`)
	assert.Equal(t, "The URL is invalid.", problem)
}
