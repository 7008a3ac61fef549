//go:build js && wasm

package jsbridge

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Rule 2 of the border: an export never panics. What its guest panics with
// becomes a SOCKET_ERROR, and the module goes on.

// panicLine is what a panic with this text asks of the store.
func panicLine(text string) string {
	return `0 dispatchError 0 {"message":"bsock-wasm failed inside: ` + text +
		`. The socket goes on; please report this.","name":"","type":"","code":"INTERNAL_ERROR"}`
}

// exports are calls of all exports that have a guest to panic, and what they
// return when it does.
var exports = map[string]string{
	`guest.handleConnect(0, 1, true, {port: 1}, [{event: "e"}])`:                                       "undefined",
	`guest.handleDisconnect(0, 1)`:                                                                     "undefined",
	`guest.handleEmit(0, 1, 0, {type: "a", message: "b"}, null, "")`:                                   "true",
	`guest.handleEmit(0, 1, 0, {type: "a", message: "b"}, {timeout: 10}, "")`:                          "true",
	`guest.handleKey(0, 1, 1)`:                                                                         "undefined",
	`guest.handleKeyError(0, 1, "")`:                                                                   "undefined",
	`guest.handleAuth(0, 1, 1)`:                                                                        "undefined",
	`guest.handleAnswer(0, 1, 1, 0)`:                                                                   "undefined",
	`guest.handleAnswerError(0, 1, {message: "m", name: "", type: "", code: "", codeIsNumber: false})`: "undefined",
	`guest.heard(0, 1)`:                                                                                "undefined",
	`guest.rawBinary(0)`:                                                                               "false",
	`guest.suspend(0)`:                                                                                 "undefined",
	`guest.resume(0)`:                                                                                  "undefined",
	`guest.handleOpen(0)`:                                                                              "undefined",
	`guest.handleHead(0, "2", 1)`:                                                                      "1",
	`guest.handleHead(0, "2".repeat(5000), 1)`:                                                         "1",
	`guest.handleBinaryHead(0, 4, 1)`:                                                                  "1",
	`guest.handleMalformed(0, "")`:                                                                     "undefined",
	`guest.handleClose(0, 1000, "")`:                                                                   "undefined",
	`guest.advance(0)`:                                                                                 "undefined",
}

// TestPanics also is the test that a message is reported as kept: whoever has
// its body now, JavaScript is to leave it alone.
func TestPanics(t *testing.T) {
	for statement, returned := range exports {
		begin(t)
		goSide.react = func() { panic("out of luck") }
		assert.Equal(t, returned, text(t, statement), statement)
		assert.Equal(t, []string{panicLine("out of luck")}, takeImports(t), statement)
		assert.Equal(t, "false", text(t, "guest.busy"), statement)

		goSide.react = nil
		goSide.take()
		run(t, `guest.advance(7)`)
		assert.Equal(t, []string{"7 advance"}, goSide.take(), "the module goes on after %s", statement)
	}
}

func TestPanicsOfAllKinds(t *testing.T) {
	var none []int
	var nowhere *Connect
	for want, fail := range map[string]func(){
		"it failed": func() { panic(errors.New("it failed")) },
		"größer":    func() { panic("größer") },
		"5":         func() { panic(5) },
		"runtime error: index out of range [3] with length 0":              func() { none[3] = 1 },
		"runtime error: invalid memory address or nil pointer dereference": func() { nowhere.Ref = 1 },
		"panic called with nil argument":                                   func() { panic(nil) },
	} {
		begin(t)
		goSide.react = fail
		run(t, `guest.advance(0)`)
		assert.Equal(t, []string{panicLine(want)}, takeImports(t))
	}
}

// TestPanicDropsWhatWasGathered: the next connect starts from nothing.
func TestPanicDropsWhatWasGathered(t *testing.T) {
	begin(t)
	goSide.react = func() { panic("out of luck") }
	run(t, `guest.handleConnect(0, 1, true, {port: 1}, [{event: "e", actionType: "A"}])`)
	run(t, `guest.handleEmit(0, 1, 0, {type: 1, message: 2}, {timeout: 3}, "p")`)
	goSide.react = nil
	run(t, `guest.handleConnect(0, 2, false, {}, [])`)
	run(t, `guest.handleEmit(0, 3, 0, {}, null, "")`)
	assert.Equal(t, Connect{Ref: 2}, goSide.connect)
	assert.Equal(t, Emit{Ref: 3}, goSide.emit)
}

// A grudge is an error that panics with itself when it is asked what it says.
type grudge struct{}

func (grudge) Error() string { panic(grudge{}) }

func TestPanicThatCannotBeReported(t *testing.T) {
	begin(t)
	goSide.react = func() { panic(grudge{}) }
	assert.Equal(t, "1", text(t, `guest.handleHead(0, "2", 1)`), "the export returns")
	assert.Empty(t, takeImports(t), "there was nothing left to say")

	goSide.react = func() { panic("again") }
	run(t, `guest.advance(0)`)
	assert.Equal(t, []string{panicLine("again")}, takeImports(t), "the next one is reported")
}

func TestPanicWhileAPanicIsReported(t *testing.T) {
	begin(t)
	panics := 0
	goSide.react = func() {
		if panics++; panics < 3 {
			panic(panics)
		}
	}
	run(t, `border.on("dispatchError", () => guest.handleHead(0, "2", 1))`)
	assert.Equal(t, "1", text(t, `guest.handleHead(0, "2", 1)`))
	assert.Equal(t, []string{panicLine("1"), panicLine("2")}, takeImports(t))
	assert.Equal(t, 3, panics)
}

// TestPanicAtEveryReport: a page that reacts to each SOCKET_ERROR by what
// failed gets no further than any other that nests.
func TestPanicAtEveryReport(t *testing.T) {
	begin(t)
	goSide.react = func() { panic("again") }
	run(t, `border.on("dispatchError", () => guest.advance(0))`)
	run(t, `guest.advance(0)`)
	lines := takeImports(t)
	require.Len(t, lines, maxDepth+1)
	assert.Equal(t, `0 caught "TOO_DEEP"`, lines[maxDepth])
	assert.Equal(t, "false", text(t, "guest.busy"))
}

// TestPanicInside: an export that panics inside another does not end that.
func TestPanicInside(t *testing.T) {
	begin(t)
	var after bool
	goSide.react = func() {
		goSide.react = func() { panic("inside") }
		assert.True(t, host(0).Dispatch("A"), "the page saw no exception")
		after = true
	}
	run(t, `border.on("dispatch", () => { guest.advance(1); return true; })`)
	run(t, `guest.advance(0)`)
	assert.Equal(t, []string{"0 advance", "1 advance"}, goSide.take())
	assert.True(t, after)
}

func TestPanicAmongDefers(t *testing.T) {
	begin(t)
	var deferred []int
	goSide.react = func() {
		defer func() { deferred = append(deferred, 1) }()
		defer func() { deferred = append(deferred, 2); panic("second") }()
		panic("first")
	}
	run(t, `guest.advance(0)`)
	assert.Equal(t, []int{2, 1}, deferred)
	assert.Equal(t, []string{panicLine("second")}, takeImports(t))
}
