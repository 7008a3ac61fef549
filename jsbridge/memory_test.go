//go:build js && wasm

package jsbridge

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

// Rules 4 and 5 of the border: what crosses it is borrowed. These tests write
// over the buffer as soon as an export has returned, which is sooner than
// chance would.

func TestWhatIsKeptIsCloned(t *testing.T) {
	begin(t)
	run(t, `guest.handleConnect(0, 1, true,
		{port: {a: 1}, host: "host", namespace: "name", protocols: ["p", "q"]},
		[{event: "event", actionType: "TYPE", ack: /ack/}]);
		border.spoil()`)
	assert.Equal(t, Connect{
		Ref:       1,
		NewKey:    true,
		Port:      Value{KindObject, 0, `{"a":1}`},
		Host:      Value{KindString, 0, "host"},
		Namespace: Value{KindString, 0, "name"},
		Protocols: Value{KindString, 0, "p,q"},
	}, goSide.connect)

	run(t, `guest.handleEmit(0, 2, 3, {type: "type", message: "message", acknowledge: "yes"},
		{timeout: "soon", ack: "ACK", nsp: "/n", queue: "fail", ttl: "1", persist: "p", forget: "f"}, "problem");
		border.spoil()`)
	assert.Equal(t, Emit{
		Ref:         2,
		Attachments: 3,
		Type:        Value{KindString, 0, "type"},
		Message:     Value{KindString, 0, "message"},
		Acknowledge: Value{KindString, 0, "yes"},
		Timeout:     Value{KindString, 0, "soon"},
		Ack:         Value{KindString, 0, "ACK"},
		Nsp:         Value{KindString, 0, "/n"},
		Queue:       Value{KindString, 0, "fail"},
		TTL:         Value{KindString, 0, "1"},
		Persist:     Value{KindString, 0, "p"},
		Forget:      Value{KindString, 0, "f"},
		Problem:     "problem",
	}, goSide.emit)

	for _, statement := range []string{
		`guest.handleKeyError(0, 1, "a message")`,
		`guest.handleMalformed(0, "a message")`,
		`guest.handleClose(0, 1000, "a message")`,
		`guest.handleAnswerError(0, 1, {message: "a message", name: "", type: "", code: "", codeIsNumber: false})`,
	} {
		run(t, statement+"; border.spoil()")
		assert.Equal(t, "a message", goSide.message, statement)
	}
}

// TestWhatIsBorrowed: these two are not cloned, because they come with each
// message. A Guest has to.
func TestWhatIsBorrowed(t *testing.T) {
	begin(t)
	run(t, `guest.handleHead(0, "42[]", 1); border.spoil()`)
	assert.Equal(t, "~~~~", string(goSide.head))
	run(t, `guest.handleEmit(0, 1, 0, {type: "type", message: "message"}, null, ""); border.spoil()`)
	assert.Equal(t, "~~~~~~~", goSide.emit.Message.Text)
	assert.Equal(t, "~~~~", goSide.emit.Type.Text)
}

// TestHeadCannotGrowIntoTheBuffer: appending to it copies it.
func TestHeadCannotGrowIntoTheBuffer(t *testing.T) {
	begin(t)
	run(t, `guest.handleHead(0, "42[]", 1)`)
	assert.Equal(t, 4, cap(goSide.head))
}

func TestTextsGoOutBeforeTheyAreSpoiled(t *testing.T) {
	begin(t)
	run(t, `border.poison(); border.on("dial", () => "")`)
	goSide.react = func() {
		h, head := host(0), string(goSide.head)
		h.SendText(goSide.head, 0, 0)
		assert.NotEqual(t, head, string(goSide.head), "it was spoiled on the way back")
		h.Dispatch(head)
	}
	run(t, `guest.handleHead(0, "42[]", 1)`)
	assert.Equal(t, []string{`0 sendText "42[]" 0 0`, `0 dispatch "42[]"`}, takeImports(t))
}

// maxHead is MAX_HEAD of guest.js.
const maxHead = 1 << 16

func TestBufferGrowsAndShrinks(t *testing.T) {
	begin(t)
	const letters = 100_000
	inside := 0
	goSide.react = func() { inside = len(buffer) }
	run(t, `guest.handleMalformed(0, "x".repeat(100000))`)
	assert.Equal(t, 3*letters, inside, "it has room for whatever the letters are")

	goSide.reading = 2 // READ_MORE
	run(t, `guest.handleHead(0, "ö".repeat(200000), 1)`)
	assert.Equal(t, 3*letters, inside, "there is room already")
	assert.Len(t, buffer, bufferSize, "and then it is let go")
	seen := strings.Repeat("ö", maxHead)
	assert.Equal(t, len(seen), len(goSide.head), "the guest sees no more")
	assert.True(t, seen == string(goSide.head), "whoever borrowed it does not see the memory used again")

	goSide.reading = 0
	run(t, `guest.handleMalformed(0, "short")`)
	assert.Equal(t, "short", goSide.message)
	assert.Equal(t, bufferSize, inside)
}

func TestMemoryIsWhereTheBufferIs(t *testing.T) {
	begin(t)
	for _, test := range []struct {
		statement string
		size      int
	}{
		{`memory.begin(0)`, bufferSize},
		{`memory.begin(1365)`, bufferSize},
		{`memory.begin(1366)`, 4098},
		{`memory.begin(5000)`, 15000},
		{`memory.begin(10)`, 15000}, // it does not shrink unasked
		{`memory.release()`, bufferSize},
		{`memory.release()`, bufferSize},
	} {
		run(t, test.statement)
		assert.Len(t, buffer, test.size, test.statement)
		assert.EqualValues(t, uintptr(unsafe.Pointer(&buffer[0])), number(t, `memory._address`), test.statement)
	}
}

// TestModuleGrowsDuringACall: the view that JavaScript had of the memory is
// detached then.
func TestModuleGrowsDuringACall(t *testing.T) {
	begin(t)
	run(t, `border.on("dial", () => "größer")`)
	size := number(t, `memory._memory.buffer.byteLength`)
	var large [][]byte
	goSide.react = func() {
		for number(t, `memory._memory.buffer.byteLength`) == size {
			large = append(large, make([]byte, 4<<20))
		}
		goSide.react = nil
		host(0).Dispatch(goSide.message)
		assert.Equal(t, "größer", host(0).Dial("ws://h", ""))
	}
	run(t, `border.on("dispatch", () => guest.handleMalformed(1, "inside"));
		guest.handleMalformed(0, "outside")`)
	runtime.KeepAlive(large)
	assert.Greater(t, number(t, `memory.bytes.byteLength`), size)
	assert.Equal(t, []string{`0 dispatch "outside"`, `0 dial "ws://h" ""`}, takeImports(t))
	assert.Equal(t, []string{"0 malformed outside", "1 malformed inside"}, goSide.take())
}

// held returns how much of its memory the module uses, in bytes.
func held() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc + stats.StackInuse
}

func TestMemoryIsFlat(t *testing.T) {
	const times, slack = 10_000, 64 << 10
	for name, call := range map[string]string{
		"events":        "guest.handleHead(0, '42[\"block connect\"]', 1)",
		"emits":         `guest.handleEmit(0, 1, 0, {type: "broadcast", message: "watch chain"}, null, "")`,
		"odd emits":     `guest.handleEmit(0, 1, 0, {type: 1, message: 2}, {timeout: 3}, "p")`,
		"long messages": `if (i % 100 === 0) guest.handleHead(0, "x".repeat(50000), 1)`,
		"connects":      `guest.handleConnect(0, 1, true, {host: "h"}, [{event: "e", actionType: "A"}])`,
		"panics":        `guest.advance(0)`,
	} {
		begin(t)
		goSide.quiet = true
		goSide.reading = 2 // READ_MORE
		goSide.react = func() {
			if name == "panics" {
				panic("out of luck")
			}
			host(0).DispatchError(0, "message", "name", "type", "code", false)
		}
		statement := fmt.Sprintf("border.recording = false; for (let i = 0; i < %d; i++) { %s }", times, call)
		run(t, statement)
		heldBefore, size := held(), number(t, `memory.bytes.byteLength`)
		run(t, statement)
		assert.InDelta(t, heldBefore, held(), slack, "%s leave nothing behind", name)
		// The collector takes its time, by which the heap may grow a step.
		assert.LessOrEqual(t, number(t, `memory.bytes.byteLength`), size+8<<20, name)
	}
}
