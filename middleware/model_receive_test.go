package middleware_test

import "github.com/bsock-wasm/bsock-wasm/bsock"

// What the page of the model test does with what its WebSocket brings.

// receive hands m what came over s, as a page does: texts by their head, and
// what has a route not at all.
func (h *modelHost) receive(s *modelSocket, msg *message) {
	s.heard = h.w.now
	switch {
	case msg.binary && !h.takeBinary():
		h.receiveBinary()
	case !msg.binary && !h.takeText(msg):
		h.receiveText(msg)
	}
}

func (h *modelHost) receiveText(msg *message) {
	h.w.log("text %s", msg.text)
	h.expectText(msg.text)
	ref := h.keep(&modelBody{kind: bodyText, text: msg.text, message: msg, socket: h.socket})
	r := h.router
	turn := r.begin()
	var reading bsock.Reading
	h.w.inside(func() { reading = h.head(msg.text, ref) })
	r.settle(turn, reading == bsock.ReadKept)
	switch reading {
	case bsock.ReadDone:
		h.Drop(ref)
	case bsock.ReadWaiting:
		h.pending = ref
	}
}

// modelHead is how much of a text the module is shown at first.
const modelHead = 32

func (h *modelHost) head(text string, ref uint32) bsock.Reading {
	n := min(modelHead, len(text))
	reading := h.m.HandleHead(h.w.now, []byte(text[:n]), n < len(text), len(text), ref)
	if reading == bsock.ReadMore {
		reading = h.m.HandleHead(h.w.now, []byte(text), false, len(text), ref)
	}
	return reading
}

func (h *modelHost) receiveBinary() {
	h.w.log("binary")
	h.endLease()
	pending := h.pending
	if b := h.bodies[pending]; b != nil {
		b.attachments++
	}
	r := h.router
	turn := r.begin()
	var reading bsock.Reading
	h.w.inside(func() { reading = h.m.HandleBinaryHead(h.w.now, 4, 5) })
	r.settle(turn, reading == bsock.ReadKept)
	if reading == bsock.ReadKept && h.pending == pending {
		h.pending = 0
	}
}
