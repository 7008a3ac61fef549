package middleware_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unsafe"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// A fakeHost is a page made of strings: it writes down what it is asked to do.
// Its bodies are texts with attachments, as a browser keeps them.
type fakeHost struct {
	m   *middleware.Middleware
	now func() time.Time
	out []string

	bodies map[uint32]*body
	last   uint32

	listeners []listenerOption
	reactions map[string][]string // what a plugin does when it sees an action
	once      map[string][]string // the same, a line each time
	throwers  map[string]bool     // the actions at which a reducer throws
	react     func(line string)

	key      string // what AskKey answers; empty for no answer yet
	keyAsked uint32
	refusing bool // Dial finds something wrong
	closing  bool // the WebSocket takes nothing
	alarm    time.Time
	auth     string // what AskAuth answers
	plain    bool   // the server's answers are Socket.IO's
	showing  bool   // the actions that 1.1.5 does not have, too

	gathered map[uint32][]string // what listeners have gathered

	lent   [][]byte // see lend
	poison byte
}

// A body is the text of an array, or of a packet, and its attachments.
type body struct {
	text        string
	attachments [][]byte
	answer      bool // consumed when it has been sent
	number      int  // of an emit, as the transcript counts them
	ack         string
}

type listenerOption struct {
	Event      any `json:"event"`
	ActionType any `json:"actionType"`
	Ack        any `json:"ack"`
	Nsp        any `json:"nsp"`
	Throttle   any `json:"throttle"`
	Latest     any `json:"latest"`
	Batch      any `json:"batch"`
	Filter     any `json:"filter"` // a function that lets only this JSON pass
	Map        any `json:"map"`    // a function that returns the first argument
}

var _ middleware.Host = (*fakeHost)(nil)

func (h *fakeHost) say(format string, args ...any) {
	h.out = append(h.out, fmt.Sprintf(format, args...))
}

func (h *fakeHost) keep(b *body) uint32 {
	h.last++
	h.bodies[h.last] = b
	return h.last
}

// dispatch runs an action through the plugins and the reducer.
func (h *fakeHost) dispatch(actionType, rest string) bool {
	h.say("dispatch %s%s", actionType, rest)
	for _, line := range h.reactions[actionType] {
		h.react(line)
	}
	if lines := h.once[actionType]; len(lines) > 0 {
		h.once[actionType] = lines[1:]
		h.react(lines[0])
	}
	return !h.throwers[actionType]
}

// Dispatch implements middleware.Store, and so do the next.
func (h *fakeHost) Dispatch(actionType string) bool { return h.dispatch(actionType, "") }

func (h *fakeHost) DispatchClosed(code uint16, reason string, willRetry bool) bool {
	return h.dispatch("SOCKET_CLOSED", fmt.Sprintf(" %d %q willRetry=%t", code, reason, willRetry))
}

func (h *fakeHost) DispatchError(emit uint32, message, name, errorType, code string, codeIsNumber bool) bool {
	rest := showError(message, name, errorType, code, codeIsNumber)
	if b := h.bodies[emit]; emit != 0 && b != nil && b.number > 0 {
		rest += fmt.Sprintf(" of #%d", b.number)
	}
	return h.dispatch("SOCKET_ERROR", rest)
}

func showError(message, name, errorType, code string, codeIsNumber bool) string {
	s := fmt.Sprintf(" %s %q", code, message)
	for _, field := range []string{name, errorType} {
		if field != "" {
			s += " " + field
		}
	}
	if codeIsNumber {
		s += " number"
	}
	return s
}

func (h *fakeHost) DispatchThrown() { h.say("dispatch SOCKET_ERROR thrown by the application") }

func (h *fakeHost) Forward() bool {
	h.say("next disconnectedAction")
	return true
}

// addition dispatches an action that 1.1.5 does not have.
func (h *fakeHost) addition(actionType, rest string) bool {
	if h.showing {
		return h.dispatch(actionType, rest)
	}
	out := h.out
	ok := h.dispatch(actionType, rest)
	h.out = append(out, h.out[len(out)+1:]...)
	return ok
}

func (h *fakeHost) DispatchConnecting(attempt uint32) bool {
	return h.addition("SOCKET_CONNECTING", fmt.Sprintf(" attempt=%d", attempt))
}

func (h *fakeHost) DispatchReconnecting(attempt uint32, delay, at int64) bool {
	return h.addition("SOCKET_RECONNECTING", fmt.Sprintf(" attempt=%d delay=%d at=%d", attempt, delay, at))
}

func (h *fakeHost) DispatchFailed(attempts uint32) bool {
	return h.addition("SOCKET_FAILED", fmt.Sprintf(" attempts=%d", attempts))
}

func (h *fakeHost) DispatchResumed(gap int64, attempts uint32) bool {
	return h.addition("SOCKET_RESUMED", fmt.Sprintf(" gap=%d attempts=%d", gap, attempts))
}

func (h *fakeHost) DispatchStatus(status uint8, since int64, attempt uint32, retryAt, latency int64, queued uint32) bool {
	name := [...]string{"disconnected", "connecting", "connected", "reconnecting", "failed"}[status]
	return h.addition("SOCKET_STATUS", fmt.Sprintf(" %s since=%d attempt=%d retryAt=%d latency=%d queued=%d", name, since, attempt, retryAt, latency, queued))
}

// args returns the elements of the array at offset, attachments in place.
func (h *fakeHost) args(ref, offset uint32) ([]json.RawMessage, bool) {
	b := h.bodies[ref]
	var args []json.RawMessage
	if json.Unmarshal([]byte(b.text[offset:]), &args) != nil {
		return nil, false
	}
	for i, arg := range args {
		for num, a := range b.attachments {
			old := fmt.Sprintf(`{"_placeholder":true,"num":%d}`, num)
			args[i] = json.RawMessage(strings.ReplaceAll(string(arg), old, `"@`+hex.EncodeToString(a)+`"`))
			arg = args[i]
		}
	}
	return args, true
}

func (h *fakeHost) Deliver(listener, ref, offset uint32, last bool) middleware.Delivery {
	payload, d := h.payload(listener, ref, offset, last)
	if d != middleware.Delivered || payload == "" {
		return d
	}
	return h.give(listener, payload)
}

func (h *fakeHost) give(listener uint32, payload string) middleware.Delivery {
	if !h.dispatch(h.listeners[listener].ActionType.(string), " "+payload) {
		return middleware.DeliveryThrew
	}
	return middleware.Delivered
}

// payload returns what a listener makes of a body; "" for the call without
// arguments that dispatches nothing.
func (h *fakeHost) payload(listener, ref, offset uint32, last bool) (string, middleware.Delivery) {
	args, ok := h.args(ref, offset)
	if last {
		h.Drop(ref)
	}
	if !ok {
		return "", middleware.DeliveryMalformed
	}
	l := h.listeners[listener]
	if l.Filter != nil && string(args[1]) != strings.TrimPrefix(l.Filter.(string), "@function ") {
		return "", middleware.DeliveryFiltered
	}
	switch {
	case l.Ack != nil && len(args) < 2:
		return "", middleware.Delivered
	case l.Ack != nil, l.Map != nil:
		return string(args[1]), middleware.Delivered
	}
	return string(join(args[1:])), middleware.Delivered
}

// Route does nothing: this host shows the Middleware every text.
func (h *fakeHost) Route(_, _ uint32) {}

// Remembered does nothing: this host shows the Middleware every emit.
func (h *fakeHost) Remembered(uint32) {}

// Lease does nothing: this host shows the Middleware every emit.
func (h *fakeHost) Lease(uint32, bool) {}

func (h *fakeHost) Gather(listener, ref, offset uint32, last, latest bool) middleware.Delivery {
	payload, d := h.payload(listener, ref, offset, last)
	if d != middleware.Delivered {
		return d
	}
	if latest {
		h.gathered[listener] = nil
	}
	h.gathered[listener] = append(h.gathered[listener], payload)
	return d
}

func (h *fakeHost) DeliverGathered(listener uint32) middleware.Delivery {
	payloads := h.gathered[listener]
	delete(h.gathered, listener)
	if h.listeners[listener].Latest != nil {
		return h.give(listener, payloads[0])
	}
	return h.give(listener, "["+strings.Join(payloads, ",")+"]")
}

func join(args []json.RawMessage) json.RawMessage {
	all, _ := json.Marshal(args) // they were valid
	return all
}

func (h *fakeHost) Answer(listener, call, ref, offset uint32) (answer, attachments uint32) {
	h.Drop(ref)
	ack := h.listeners[listener].Ack
	s, _ := ack.(string)
	if s == "@function" {
		h.say("asked for the answer to call %d", call)
		return 0, 0
	}
	if s != "" {
		return h.keep(&body{text: `[null,{"_placeholder":true,"num":0}]`, attachments: [][]byte{[]byte(s)}, answer: true}), 1
	}
	text, _ := json.Marshal([]any{nil, ack}[h.slots():])
	return h.keep(&body{text: string(text), answer: true}), 0
}

// slots is 1 if answers have no error slot, as Socket.IO's.
func (h *fakeHost) slots() int {
	if h.plain {
		return 1
	}
	return 0
}

func (h *fakeHost) Copy(ref uint32) uint32 {
	b := h.bodies[ref]
	return h.keep(&body{text: b.text, attachments: b.attachments})
}

func (h *fakeHost) Same(a, b uint32) bool {
	return h.bodies[a].text == h.bodies[b].text && reflect.DeepEqual(h.bodies[a].attachments, h.bodies[b].attachments)
}

// Hash is one that many bodies share.
func (h *fakeHost) Hash(ref uint32) uint32 { return uint32(len(h.bodies[ref].text) % 2) }

// lend returns s as text that lasts until the host needs its place, which it
// does to say what an argument is.
func (h *fakeHost) lend(s string) string {
	lent := []byte(s)
	h.lent = append(h.lent, lent)
	return unsafe.String(unsafe.SliceData(lent), len(lent))
}

// takeBack writes over what was lent, each time with something else.
func (h *fakeHost) takeBack() {
	h.poison++
	for _, lent := range h.lent {
		for i := range lent {
			lent[i] = h.poison
		}
	}
	h.lent = nil
}

func (h *fakeHost) Argument(ref, n uint32) string {
	h.takeBack()
	args, _ := h.args(ref, 0)
	if int(n) >= len(args) {
		return ""
	}
	return string(args[n])
}

func (h *fakeHost) Settle(emit, ref, offset uint32) middleware.Delivery {
	number := h.bodies[emit].number
	if ref == 0 {
		h.say("settle #%d", number)
		h.Drop(emit)
		return middleware.Delivered
	}
	args, ok := h.args(ref, offset)
	h.Drop(ref)
	if !ok {
		return middleware.DeliveryMalformed
	}
	ack := h.bodies[emit].ack
	h.Drop(emit)
	result := "null"
	if slots := 1 - h.slots(); len(args) > slots {
		result = string(args[slots])
	}
	if ack != "" {
		h.dispatch(ack, " "+result)
	} else {
		h.say("acknowledge #%d %s", number, result)
	}
	h.say("settle #%d %s", number, result)
	return middleware.Delivered
}

func (h *fakeHost) Reject(emit uint32, message, name, errorType, code string, codeIsNumber bool) {
	h.say("reject #%d%s", h.bodies[emit].number, showError(message, name, errorType, code, codeIsNumber))
	h.Drop(emit)
}

func (h *fakeHost) Drop(ref uint32) {
	if h.bodies[ref] == nil {
		h.say("BUG: body %d is dropped twice", ref)
	}
	delete(h.bodies, ref)
}

func (h *fakeHost) AskKey(attempt uint32) {
	h.keyAsked = attempt
	if h.key != "" {
		h.giveKey(attempt)
	}
}

func (h *fakeHost) AskAuth(attempt uint32) {
	h.keyAsked = attempt
	var ref uint32
	if h.auth != "" {
		ref = h.keep(&body{text: h.auth})
	}
	h.m.HandleAuth(h.now(), attempt, ref)
}

func (h *fakeHost) giveKey(attempt uint32) {
	if message, failed := strings.CutPrefix(h.key, "error "); failed {
		h.m.HandleKeyError(h.now(), attempt, message)
		return
	}
	h.m.HandleKey(h.now(), attempt, h.keep(&body{text: fmt.Sprintf(`["auth",%s]`, h.key)}))
}

func (h *fakeHost) Log(message string) { h.say("log %s", message) }
