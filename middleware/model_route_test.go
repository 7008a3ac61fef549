package middleware_test

import (
	"strings"
	"time"
)

// What the page of the model test does by itself: an event that comes again,
// and whose listeners are all told at once, does not go through the Middleware.

// A modelRoute is the way from a head to its listeners.
type modelRoute struct {
	routes      map[string]*modelRoute // that it is one of when it is complete
	head        string
	offset      uint32
	attachments int
	places      []int
	listeners   []*modelListener
}

// A held packet awaits its attachments in the page.
type heldPacket struct {
	route *modelRoute
	msg   *message
	got   int
}

// A router is what the page knows of one WebSocket.
type router struct {
	routes  map[string]*modelRoute
	settled bool // the Middleware awaits nothing
	turn    int
	held    *heldPacket
	heard   time.Time // of what the Middleware has not been told
}

func newRouter() *router { return &router{routes: make(map[string]*modelRoute)} }

// headOf returns a text up to and with its second quote.
func headOf(text string) string {
	first := strings.IndexByte(text, '"')
	if first < 0 {
		return ""
	}
	second := strings.IndexByte(text[first+1:], '"')
	if second < 0 {
		return ""
	}
	return text[:first+second+2]
}

// Route implements middleware.Store.
func (h *modelHost) Route(ref, offset uint32) {
	b := h.body("Route", ref, bodyText)
	b.route = &modelRoute{routes: h.router.routes, head: headOf(b.text), offset: offset, attachments: b.attachments}
}

// leadTo notes a listener that was told of b, and learns the way with the last.
func (h *modelHost) leadTo(b *modelBody, place int, l *modelListener, last bool) {
	if b.route == nil {
		return
	}
	b.route.places = append(b.route.places, place)
	b.route.listeners = append(b.route.listeners, l)
	if last {
		b.route.routes[b.route.head] = b.route
	}
}

// takeText delivers a text that has a route, and reports whether it did.
func (h *modelHost) takeText(msg *message) bool {
	r := h.router
	if r.held != nil {
		h.release()
		return false
	}
	if !r.settled {
		return false
	}
	if h.takeAnswer(h.socket, msg) {
		r.heard = h.w.now
		return true
	}
	route := r.routes[headOf(msg.text)]
	if route == nil {
		return false
	}
	r.heard = h.w.now
	if msg.malformed {
		return false
	}
	if route.attachments > 0 {
		r.held = &heldPacket{route: route, msg: msg}
		return true
	}
	h.tellAll(route, msg)
	return true
}

func (h *modelHost) takeBinary() bool {
	r := h.router
	if r.held == nil {
		return false
	}
	r.heard = h.w.now
	if r.held.got++; r.held.got == r.held.route.attachments {
		held := r.held
		r.held = nil
		h.tellAll(held.route, held.msg)
	}
	return true
}

// tellAll delivers what has taken a route.
func (h *modelHost) tellAll(route *modelRoute, msg *message) {
	h.w.log("routed %s", msg.text)
	for i, l := range route.listeners {
		msg.delivered = append(msg.delivered, route.places[i])
		h.w.delivered(msg, l, msg.text[route.offset:])
		h.w.toldNow(msg, l)
		if l.filters(msg) {
			continue
		}
		if !h.w.dispatched(l.actionType()) {
			h.DispatchThrown()
		}
	}
}

// release hands what is held to the Middleware.
func (h *modelHost) release() {
	held := h.router.held
	if held == nil {
		return
	}
	h.router.held = nil
	if s := h.socket; s != nil && s.left > 0 {
		s.since, s.heard = h.w.now, h.w.now // as the Middleware sees it
	}
	h.receiveText(held.msg)
	for range held.got {
		h.receiveBinary()
	}
}

// catchUp tells the Middleware what it must know before it looks at the clock.
func (h *modelHost) catchUp() {
	h.release()
	if heard := h.router.heard; !heard.IsZero() {
		h.router.heard = time.Time{}
		h.w.enter(func() { h.m.Heard(heard) })
	}
}

// begin and settle say how the Middleware has read a message.
func (r *router) begin() int {
	r.heard, r.settled = time.Time{}, false
	r.turn++
	return r.turn
}

func (r *router) settle(turn int, settled bool) {
	if turn == r.turn {
		r.settled = settled
	}
}
