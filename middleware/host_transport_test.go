package middleware_test

import (
	"fmt"
	"strings"
	"time"
)

// The WebSocket of a page made of strings.

func (h *fakeHost) Dial(url, protocols string) string {
	h.say("%s", strings.TrimSpace("dial "+url+" "+protocols))
	h.closing = false
	if h.refusing {
		return "The URL is refused."
	}
	return ""
}

func (h *fakeHost) SendText(head []byte, ref, attachments uint32) bool {
	text, answer := "", false
	if ref != 0 {
		text, answer = h.bodies[ref].text, h.bodies[ref].answer
	}
	if h.closing {
		h.say("lose %s%s", head, text)
	} else {
		h.say("send %s%s", head, text)
	}
	if answer && attachments == 0 {
		h.Drop(ref)
	}
	return !h.closing
}

func (h *fakeHost) SendBinary(ref uint32, raw bool) bool {
	b := h.bodies[ref]
	head := "04"
	if raw {
		head = "raw "
	}
	for _, a := range b.attachments {
		h.say("send %s%x", head, a)
	}
	if b.answer {
		h.Drop(ref)
	}
	return !h.closing
}

func (h *fakeHost) Hangup(code uint16, reason string) {
	h.say("%s", strings.TrimSpace(fmt.Sprintf("hangup %d %s", code, reason)))
}

func (h *fakeHost) WakeAt(t int64) {
	if h.alarm = time.UnixMilli(t); t == 0 {
		h.alarm = time.Time{}
	}
}
