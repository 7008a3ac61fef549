package middleware_test

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// What the page of the model test sends by itself: emits like one that the
// Middleware has offered to let it send, and emits that are remembered already.

// A lessee is a page that may send by itself.
type lessee struct {
	held  bool
	calls bool
	next  uint32
	kinds map[string]bool
	sent  []leased
	known map[string]remembered // by their texts
}

// A leased call was sent by the page, and has no answer.
type leased struct {
	id   uint32
	sent time.Time
	e    *modelEmit
}

// A remembered emit is one that the Middleware remembers as long as the page
// has this body.
type remembered struct {
	ref  uint32
	body *modelBody
}

func newLessee() *lessee {
	return &lessee{kinds: make(map[string]bool), known: make(map[string]remembered)}
}

// Remembered implements middleware.Store.
func (h *modelHost) Remembered(ref uint32) {
	b := h.body("Remembered", ref, bodyCopy)
	h.lessee.known[b.text] = remembered{ref, b}
}

// Lease implements middleware.Store.
func (h *modelHost) Lease(id uint32, calls bool) {
	l := h.lessee
	if l.held {
		h.w.broken("an emit is handed over when the lease has ended", "id %d", id)
	}
	if h.w.depth == 1 {
		l.held, l.calls, l.next = true, calls, id
	}
}

func (e *modelEmit) like() string { return strings.Join(e.kind.args, ",") }

// handOver gives an emit to the Middleware.
func (w *world) handOver(e *modelEmit, args []string) {
	w.host.pause()
	e.ref = w.host.keep(&modelBody{kind: bodyEmit, text: e.text, args: args, attachments: e.bytes, emit: e})
	a := e.action()
	consumed := false
	w.inside(func() { consumed = w.m.HandleEmit(w.now, &a) })
	if w.host.lessee.held {
		w.host.lessee.kinds[e.like()] = true
	}
	if !consumed {
		w.refusedEmit(e)
	}
}

// sendsItself reports whether the page has sent e without the Middleware.
func (h *modelHost) sendsItself(e *modelEmit) bool {
	s := h.socket
	if s == nil || s.phase != socketOpen || h.w.depth > 0 || e.bytes > 0 || e.bad || e.meta() != nil {
		return false
	}
	return h.sendLeased(s, e) || h.sendKnown(s, e)
}

func (h *modelHost) sendLeased(s *modelSocket, e *modelEmit) bool {
	l := h.lessee
	if !l.held || !l.kinds[e.like()] || e.call && !l.calls {
		return false
	}
	if e.call {
		l.sent = append(l.sent, leased{l.next, h.w.now, e})
		h.sends(s, e, strconv.Itoa(int(l.next)))
		l.next++
		return true
	}
	h.sends(s, e, "")
	h.w.resolved(e)
	return true
}

func (h *modelHost) sendKnown(s *modelSocket, e *modelEmit) bool {
	known, ok := h.lessee.known[e.text]
	if !ok || e.call || h.bodies[known.ref] != known.body {
		return false
	}
	switch h.m.Again(known.ref) {
	case middleware.AgainUnknown:
		return false
	case middleware.AgainSend:
		h.sends(s, e, "")
		h.m.HandleSaid(known.ref)
	}
	h.w.resolved(e)
	return true
}

// sends sends e by itself.
func (h *modelHost) sends(s *modelSocket, e *modelEmit, id string) {
	text := "42" + id + e.text
	h.w.log("send by itself %s", text)
	h.w.sent(s, text, &modelBody{kind: bodyEmit, text: e.text, emit: e})
}

// pause ends what the page may send: an emit is to be handed over.
func (h *modelHost) pause() {
	if l := h.lessee; l.held {
		l.held = false
		h.m.EndLease(l.next)
	}
}

// endLease tells the Middleware of all that it must know before it does what
// calls may end with.
func (h *modelHost) endLease() {
	h.pause()
	sent := h.lessee.sent
	h.lessee.sent = nil
	for _, call := range sent {
		h.handOver(call)
	}
}

func (h *modelHost) handOver(call leased) {
	call.e.ref = h.keep(&modelBody{kind: bodyEmit, emit: call.e})
	h.m.HandleSent(call.sent, call.id, call.e.ref)
}

// expectText prepares the Middleware for a text.
func (h *modelHost) expectText(text string) {
	id, ok := answerID(text)
	if !ok {
		if text == "" || !strings.Contains("23b", text[:1]) && !strings.HasPrefix(text, "42") && !strings.HasPrefix(text, "45") {
			h.endLease()
		}
		return
	}
	if call, ok := h.takeLeased(id); ok {
		h.handOver(call)
	}
}

// takeAnswer settles the call that a text answers, and reports whether it did.
func (h *modelHost) takeAnswer(s *modelSocket, msg *message) bool {
	id, ok := answerID(msg.text)
	array := msg.text[strings.IndexByte(msg.text+"[", '['):]
	if !ok || msg.malformed || h.w.flavor == flavorBsock && !strings.HasPrefix(array, "[null") {
		return false
	}
	call, ok := h.takeLeased(id)
	if !ok {
		return false
	}
	h.w.answered(call.e, &modelBody{kind: bodyText, text: msg.text, message: msg, socket: s}, array)
	if !h.w.dispatched("acknowledge") {
		h.DispatchThrown()
	}
	return true
}

func (h *modelHost) takeLeased(id uint32) (call leased, ok bool) {
	l := h.lessee
	i := slices.IndexFunc(l.sent, func(call leased) bool { return call.id == id })
	if i < 0 {
		return call, false
	}
	call = l.sent[i]
	l.sent = slices.Delete(l.sent, i, i+1)
	return call, true
}

// answerID returns the id of an answer that is nothing else.
func answerID(text string) (id uint32, ok bool) {
	p, ok := readPacket(text)
	ok = ok && strings.HasPrefix(text, "43") && p.hasID && p.namespace == "" && strings.HasPrefix(p.body, "[")
	return p.id, ok
}

// doEmitPlainly emits what may be leased.
func (w *world) doEmitPlainly(t *rapid.T) {
	for range rapid.IntRange(1, 4).Draw(t, "n") {
		w.emit(emitDeed{kind: &plainKind, call: rapid.Bool().Draw(t, "call")})
	}
}
