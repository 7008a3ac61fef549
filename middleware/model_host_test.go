package middleware_test

import (
	"time"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// A modelHost is the page of the model test. It knows of every body what it
// is, who has it and what became of it, and stops the test at the first use of
// one that is not what the contract of Host says.
type modelHost struct {
	w *world
	m *middleware.Middleware

	bodies   map[uint32]*modelBody
	last     uint32
	gathered map[uint32]*gathered // by the places of listeners

	socket  *modelSocket // the one WebSocket, nil if there is none
	pending uint32       // the text whose attachments are to come
	router  *router
	lessee  *lessee
	alarm   int64 // in milliseconds since 1970, 0 for none
}

// A bodyKind says what a body is.
type bodyKind string

const (
	bodyPromise bodyKind = "a promise of CONNECT_SOCKET or DISCONNECT_SOCKET"
	bodyEmit    bodyKind = "an emit"
	bodyText    bodyKind = "a text from the server"
	bodyKey     bodyKind = "a key"
	bodyAnswer  bodyKind = "an answer to a call"
	bodyAuth    bodyKind = "what goes with CONNECT"
	bodyCopy    bodyKind = "the copy of an emit"

	bodyAnswerCopy bodyKind = "the copy of an answer"
)

type modelBody struct {
	kind        bodyKind
	args        []string // of an emit, as JSON
	text        string
	attachments int
	emit        *modelEmit   // of an emit, or a copy of one
	message     *message     // of a text
	call        *message     // of an answer: what it answers
	spent       bool         // its attachments have been sent, and are gone
	socket      *modelSocket // of a text: where it came from
	route       *modelRoute
	listeners   []*modelListener // as they were when the body was first delivered
}

func newModelHost(w *world) *modelHost {
	return &modelHost{w: w, bodies: make(map[uint32]*modelBody), gathered: make(map[uint32]*gathered), router: newRouter(), lessee: newLessee()}
}

func (h *modelHost) keep(b *modelBody) uint32 {
	h.last++
	h.bodies[h.last] = b
	return h.last
}

// body returns the body ref, which must be one of these kinds and still there.
func (h *modelHost) body(what string, ref uint32, kinds ...bodyKind) *modelBody {
	b := h.bodies[ref]
	if b == nil {
		h.w.broken("no body is used after it was consumed", "%s of body %d", what, ref)
	}
	for _, kind := range kinds {
		if b.kind == kind {
			return b
		}
	}
	h.w.broken("a body is used for what it is", "%s of body %d, which is %s", what, ref, b.kind)
	return nil
}

func (h *modelHost) consume(ref uint32) { delete(h.bodies, ref) }

// Drop implements middleware.Store, and so do the next.
func (h *modelHost) Drop(ref uint32) {
	b := h.body("Drop", ref, bodyText, bodyKey, bodyAuth, bodyAnswer, bodyCopy, bodyAnswerCopy)
	if ref == h.pending {
		h.pending = 0
	}
	h.w.log("drop %d, %s", ref, b.kind)
	h.consume(ref)
}

func (h *modelHost) Dispatch(actionType string) bool {
	switch actionType {
	case middleware.SocketConnected:
		h.w.sawConnected()
	case middleware.SocketDisconnected:
		h.w.sawDisconnected()
	}
	return h.w.dispatched(actionType)
}

func (h *modelHost) DispatchClosed(code uint16, reason string, willRetry bool) bool {
	h.w.sawClosed(code, willRetry)
	return h.w.dispatched("SOCKET_CLOSED")
}

func (h *modelHost) DispatchConnecting(attempt uint32) bool {
	h.w.sawConnecting(attempt)
	return h.w.dispatched("SOCKET_CONNECTING")
}

func (h *modelHost) DispatchReconnecting(attempt uint32, delay, at int64) bool {
	h.w.sawReconnecting(attempt, delay, at)
	return h.w.dispatched("SOCKET_RECONNECTING")
}

func (h *modelHost) DispatchFailed(attempts uint32) bool {
	h.w.sawFailed(attempts)
	return h.w.dispatched("SOCKET_FAILED")
}

func (h *modelHost) DispatchResumed(gap int64, attempts uint32) bool {
	h.w.sawResumed(gap, attempts)
	return h.w.dispatched("SOCKET_RESUMED")
}

func (h *modelHost) DispatchStatus(status uint8, since int64, attempt uint32, retryAt, latency int64, queued uint32) bool {
	h.w.sawStatus(standing{status, since, attempt, retryAt, latency, queued})
	return h.w.dispatched("SOCKET_STATUS")
}

func (h *modelHost) DispatchError(emit uint32, message, name, errorType, code string, codeIsNumber bool) bool {
	if emit != 0 {
		if b := h.body("DispatchError", emit, bodyEmit, bodyPromise); b.emit != nil {
			h.w.reported(b.emit, code)
		}
	}
	h.w.log("SOCKET_ERROR %s %q", code, message)
	return h.w.dispatched("SOCKET_ERROR")
}

func (h *modelHost) DispatchThrown() {
	h.w.sawThrown()
	if !h.w.dispatched("SOCKET_ERROR") {
		h.w.thrown-- // at such an action another would not help
	}
}

func (h *modelHost) Forward() bool {
	return h.w.dispatched("disconnectedAction")
}

func (h *modelHost) Deliver(listener, ref, offset uint32, last bool) middleware.Delivery {
	b, l := h.tell("Deliver", listener, ref, offset, last)
	if b.message.malformed {
		b.message.due = b.message.due[:1] // and no other listener's
		return middleware.DeliveryMalformed
	}
	h.leadTo(b, int(listener), l, last)
	h.w.toldNow(b.message, l)
	if l.filters(b.message) {
		return middleware.DeliveryFiltered
	}
	h.w.passed(l)
	if !h.w.dispatched(l.actionType()) {
		return middleware.DeliveryThrew
	}
	return middleware.Delivered
}

// tell is what Deliver and Gather have in common.
func (h *modelHost) tell(what string, listener, ref, offset uint32, last bool) (*modelBody, *modelListener) {
	b := h.body(what, ref, bodyText)
	if b.listeners == nil {
		b.listeners = h.w.listeners
	}
	if last {
		h.consume(ref)
	}
	l := h.w.listenerOf(b, listener)
	h.w.delivered(b.message, l, b.text[offset:])
	return b, l
}

// Answer has the listener answer at once, later or never.
func (h *modelHost) Answer(listener, call, ref, offset uint32) (answer, attachments uint32) {
	b := h.body("Answer", ref, bodyText)
	h.consume(ref)
	return h.w.answer(b, call)
}

func (h *modelHost) keepAnswer(call *message, attachments uint32) uint32 {
	return h.keep(&modelBody{kind: bodyAnswer, text: "[null,1]", attachments: int(attachments), call: call})
}

func (h *modelHost) Copy(ref uint32) uint32 {
	b := h.body("Copy", ref, bodyEmit, bodyAuth, bodyCopy, bodyText, bodyAnswerCopy)
	h.unspent("Copy", b)
	c := *b
	switch c.kind {
	case bodyEmit:
		c.kind = bodyCopy
	case bodyText:
		c.kind = bodyAnswerCopy
	}
	return h.keep(&c)
}

func (h *modelHost) Argument(ref, n uint32) string {
	b := h.body("Argument", ref, bodyEmit, bodyCopy)
	if int(n) < len(b.args) {
		return b.args[n]
	}
	return ""
}

func (h *modelHost) unspent(what string, b *modelBody) {
	if b.spent {
		h.w.broken("attachments are not used after they were sent", "%s of %s", what, b.emit)
	}
}

func (h *modelHost) Settle(emit, ref, offset uint32) middleware.Delivery {
	b := h.body("Settle", emit, bodyEmit, bodyPromise)
	if ref == 0 {
		h.consume(emit)
		h.w.resolved(b.emit)
		return middleware.Delivered
	}
	answer := h.body("Settle with", ref, bodyText, bodyAnswerCopy)
	h.consume(ref)
	if answer.message.malformed {
		h.w.unreadable(b.emit)
		return middleware.DeliveryMalformed
	}
	h.consume(emit)
	h.w.answered(b.emit, answer, answer.text[offset:])
	return h.w.reacted("acknowledge")
}

func (h *modelHost) Reject(emit uint32, message, name, errorType, code string, codeIsNumber bool) {
	b := h.body("Reject", emit, bodyEmit, bodyPromise)
	h.consume(emit)
	h.w.rejected(b.emit, code)
}

// Dial implements middleware.Transport, and so do the next.
func (h *modelHost) Dial(url, _ string) string {
	w := h.w
	w.log("dial %s", url)
	if h.socket != nil {
		w.broken("there is at most one live WebSocket at any time", "dialled beside socket %d", h.socket.number)
	}
	if !w.wanted {
		w.broken("nothing is dialled after DISCONNECT_SOCKET until CONNECT_SOCKET", "%s", url)
	}
	if w.suspended {
		w.broken("nothing is dialled while the page is put away", "%s", url)
	}
	if !w.announced {
		w.broken("SOCKET_CONNECTING announces every attempt", "%s", url)
	}
	w.announced = false
	w.dialled(url)
	if w.refusing {
		w.attemptEnded(false)
		w.reconnecting()
		return "The URL is refused."
	}
	w.sockets++
	h.pending, h.router, h.lessee.kinds = 0, newRouter(), make(map[string]bool)
	h.socket = &modelSocket{
		number: w.sockets, speaks: w.speaks, undecided: w.flavor == flavorAny, dialed: w.now, heard: w.now, authID: -1, latency: -1, flavor: w.believes(), joined: make(map[string]bool), joining: make(map[string]bool), calls: make(map[uint32]*modelEmit), again: make(map[uint32]time.Time),
	}
	return ""
}

func (h *modelHost) SendText(head []byte, ref, attachments uint32) bool {
	text, b := string(head), (*modelBody)(nil)
	if ref != 0 {
		b = h.body("SendText", ref, bodyEmit, bodyKey, bodyAuth, bodyAnswer, bodyCopy)
		text += b.text
		if b.kind == bodyAnswer && attachments == 0 {
			h.consume(ref)
		}
	}
	s := h.socket
	ok := s != nil && s.phase == socketOpen
	if !ok {
		h.w.log("lost %s", text)
		h.w.lost(s, text, b)
		return false
	}
	h.w.log("send %s", text)
	h.w.sent(s, text, b)
	return true
}

func (h *modelHost) SendBinary(ref uint32, raw bool) bool {
	b := h.body("SendBinary", ref, bodyEmit, bodyAnswer, bodyCopy)
	h.unspent("SendBinary", b)
	b.spent = true
	if s := h.socket; s != nil && raw != (s.flavor == flavorSIO4) {
		h.w.broken("attachments have their frame type in front in Engine.IO 3 alone", "body %d", ref)
	}
	if b.kind == bodyAnswer {
		h.consume(ref)
	}
	s := h.socket
	if s == nil || s.phase != socketOpen {
		return false
	}
	h.w.sentAttachments(s, b)
	return true
}

func (h *modelHost) Hangup(code uint16, _ string) {
	h.w.log("hangup %d", code)
	if code != 1000 {
		h.w.broken("a page may close a WebSocket with 1000 alone", "%d", code)
	}
	if h.socket != nil {
		h.w.ended(h.socket)
	}
}

func (h *modelHost) WakeAt(t int64) { h.alarm = t }

func (h *modelHost) AskKey(attempt uint32) {
	h.w.log("ask key %d", attempt)
	if h.w.flavor != flavorBsock {
		h.w.broken("only a bsock server is sent a key", "")
	}
	h.w.keyAsked, h.w.keyGiven = attempt, false
	h.socket.keyDue = h.w.now.Add(middlewareAuthTimeout)
	switch h.w.keys {
	case keysAtOnce:
		h.giveKey(attempt)
	case keysFail:
		h.w.keyGiven = true
		h.m.HandleKeyError(h.w.now, attempt, "no key today")
	}
}

func (h *modelHost) giveKey(attempt uint32) {
	h.endLease()
	if s := h.socket; s != nil && attempt == h.w.keyAsked {
		s.keyDue = time.Time{}
	}
	h.w.keyGiven = h.w.keyGiven || attempt == h.w.keyAsked
	if h.w.flavor == flavorSIO4 || h.w.flavor == flavorAny {
		h.giveAuth(attempt)
		return
	}
	h.m.HandleKey(h.w.now, attempt, h.keep(&modelBody{kind: bodyKey, text: `["auth","k"]`}))
}

// AskAuth is AskKey for Socket.IO 3 and later.
func (h *modelHost) AskAuth(attempt uint32) {
	if h.socket.flavor != flavorSIO4 {
		h.w.broken("only a server of Socket.IO 3 and later has a use for a payload of CONNECT", "")
	}
	h.w.keyAsked, h.w.keyGiven, h.socket.authAttempt = attempt, false, attempt
	switch h.w.keys {
	case keysAtOnce:
		h.giveKey(attempt)
	case keysFail:
		h.w.keyGiven = true
		h.m.HandleKeyError(h.w.now, attempt, "no key today")
	}
}

// giveAuth gives what goes with the CONNECT packet, or nothing.
func (h *modelHost) giveAuth(attempt uint32) {
	if s := h.socket; s != nil && s.connected {
		defer func() {
			if h.socket != s {
				h.w.broken("a connection is not given up for what comes too late to go with CONNECT", "socket %d", s.number)
			}
		}()
	}
	if attempt%2 == 0 {
		h.m.HandleAuth(h.w.now, attempt, 0)
		return
	}
	if s := h.socket; s != nil && attempt == s.authAttempt && !s.connected {
		s.authBody = true
	}
	h.m.HandleAuth(h.w.now, attempt, h.keep(&modelBody{kind: bodyAuth, text: `{"token":1}`}))
}

func (h *modelHost) Log(string) {}

func at(ms int64) time.Time { return time.UnixMilli(ms) }
