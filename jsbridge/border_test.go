//go:build js && wasm

package jsbridge

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hack-pad/safejs"
	"github.com/stretchr/testify/require"
)

// These tests run in a browser. What JavaScript does in them is written in
// JavaScript, with testing.js as border: it calls the exports through guest.js,
// and writes down what comes through host.go.

// goSide is the guest of all tests.
var goSide = &recorder{}

// creating is what happens when a store is created.
var creating func(h *Host, options safejs.Value) error

func TestMain(m *testing.M) {
	err := Publish(goSide, func(h *Host, options safejs.Value) error { return creating(h, options) })
	if err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// host returns the Host of that number.
func host(number Host) *Host { return &number }

// begin forgets what the last test has done to both sides.
func begin(t *testing.T) {
	t.Helper()
	*goSide = recorder{}
	run(t, `border.reset()`)
}

// try runs a statement of JavaScript, and returns what it returns.
func try(statement string) (safejs.Value, error) {
	constructor, err1 := safejs.Global().Get("Function")
	border, err2 := safejs.Global().Get("border")
	function, err3 := constructor.New("border", "const { guest, memory } = border; "+statement)
	if err := errors.Join(err1, err2, err3); err != nil {
		return safejs.Value{}, err
	}
	return function.Invoke(border)
}

func run(t *testing.T, statement string) safejs.Value {
	t.Helper()
	result, err := try(statement)
	require.NoError(t, err, "JavaScript runs to its end: %s", statement)
	return result
}

// text is what an expression of JavaScript is, as a string.
func text(t *testing.T, expression string) string {
	t.Helper()
	s, err := run(t, "return String("+expression+")").String()
	require.NoError(t, err)
	return s
}

// number is what an expression of JavaScript is, as a number.
func number(t *testing.T, expression string) int {
	t.Helper()
	n, err := run(t, "return Number("+expression+")").Int()
	require.NoError(t, err)
	return n
}

// takeImports returns the imports called since the last time, each with the
// number of the store and the arguments that a Store in host.js would get.
func takeImports(t *testing.T) []string {
	t.Helper()
	lines := text(t, "border.take()")
	if lines == "" {
		return nil
	}
	return strings.Split(lines, "\n")
}

// A recorder is a Guest that writes down how it is called.
type recorder struct {
	said  []string
	now   int64  // at the last call
	react func() // what else it does at each call
	quiet bool   // whether it writes nothing down

	reading  uint8 // what it returns
	consumed bool
	raw      bool

	// What it was given last, held longer than it may be.
	head    []byte
	message string
	connect Connect
	emit    Emit

	hearing
}

var _ Guest = (*recorder)(nil)

func (r *recorder) called(store uint32, now int64, format string, args ...any) {
	r.now = now
	if !r.quiet {
		r.said = append(r.said, fmt.Sprintf("%d ", store)+fmt.Sprintf(format, args...))
	}
	if r.react != nil {
		r.react()
	}
}

// take returns how the guest was called since the last time.
func (r *recorder) take() []string {
	said := r.said
	r.said = nil
	return said
}

var kindNames = [...]string{"absent", "null", "bool", "number", "string", "function", "object"}

// String shows a value, for the tests to compare.
func (v Value) String() string {
	return fmt.Sprintf("%s %v %s", kindNames[v.Kind], v.Number, v.Text)
}

// given shows the fields that are there.
func given(names []string, values ...Value) string {
	var shown strings.Builder
	for i, v := range values {
		if v.Kind != KindAbsent {
			fmt.Fprintf(&shown, ", %s %v", names[i], v)
		}
	}
	return shown.String()
}

func (r *recorder) HandleDisconnect(store uint32, now int64, ref uint32) {
	r.called(store, now, "disconnect ref %d", ref)
}

func (r *recorder) HandleEmit(store uint32, now int64, e *Emit) (consumed bool) {
	r.emit = *e
	r.called(store, now, "emit ref %d, attachments %d, type %v, message %v, acknowledge %v%s, problem %q",
		e.Ref, e.Attachments, e.Type, e.Message, e.Acknowledge, given(
			[]string{"timeout", "ack", "nsp", "queue", "ttl", "persist", "forget"},
			e.Timeout, e.Ack, e.Nsp, e.Queue, e.TTL, e.Persist, e.Forget), e.Problem)
	return r.consumed
}

func (r *recorder) HandleSent(store uint32, at int64, id, ref uint32) {
	r.called(store, at, "sent id %d, ref %d", id, ref)
}

func (r *recorder) Again(store, ref uint32) uint32 {
	r.called(store, r.now, "again %d", ref)
	return 2
}

func (r *recorder) HandleSaid(store, ref uint32) { r.called(store, r.now, "said %d", ref) }

func (r *recorder) EndLease(store, id uint32) { r.called(store, r.now, "end lease, id %d", id) }

func (r *recorder) HandleKey(store uint32, now int64, attempt, ref uint32) {
	r.called(store, now, "key attempt %d, ref %d", attempt, ref)
}

func (r *recorder) HandleKeyError(store uint32, now int64, attempt uint32, message string) {
	r.message = message
	r.called(store, now, "key error attempt %d, %s", attempt, message)
}

func (r *recorder) HandleAuth(store uint32, now int64, attempt, ref uint32) {
	r.called(store, now, "auth attempt %d, ref %d", attempt, ref)
}

func (r *recorder) HandleAnswer(store uint32, now int64, call, ref, attachments uint32) {
	r.called(store, now, "answer call %d, ref %d, attachments %d", call, ref, attachments)
}

func (r *recorder) HandleAnswerError(store uint32, now int64, call uint32, message, name, errorType, code string, codeIsNumber bool) {
	r.message = message
	r.called(store, now, "answer error call %d, %q %q %q %q, number %t", call, message, name, errorType, code, codeIsNumber)
}

func (r *recorder) HandleOpen(store uint32, now int64) { r.called(store, now, "open") }

func (r *recorder) HandleHead(store uint32, now int64, head []byte, more bool, size int, ref uint32) (reading uint8) {
	r.head = head
	r.called(store, now, "head %s, more %t, size %d, ref %d", head, more, size, ref)
	return r.reading
}

func (r *recorder) HandleBinaryHead(store uint32, now int64, frameType byte, size int) (reading uint8) {
	r.called(store, now, "binary type %d, size %d", frameType, size)
	return r.reading
}

func (r *recorder) HandleMalformed(store uint32, message string) {
	r.message = message
	r.called(store, r.now, "malformed %s", message)
}

func (r *recorder) HandleClose(store uint32, now int64, code uint16, reason string) {
	r.message = reason
	r.called(store, now, "close %d %s", code, reason)
}

func (r *recorder) Advance(store uint32, now int64) { r.called(store, now, "advance") }

func (r *recorder) Heard(store uint32, now int64) { r.called(store, now, "heard %d", now) }

func (r *recorder) RawBinary(store uint32) bool {
	r.called(store, r.now, "raw binary")
	return r.raw
}

func (r *recorder) Suspend(store uint32, now int64) { r.called(store, now, "suspend") }

func (r *recorder) Resume(store uint32, now int64) { r.called(store, now, "resume") }
