package middleware_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// A strictHost is a page that a fuzzer drives. It answers whatever the input
// says, and fails the test as soon as the Middleware breaks a law:
//
//  1. A body is used until it is consumed, and consumed once.
//  2. An emit is settled once, and never sent after that.
//  3. There is one WebSocket at a time, and nothing is sent without.
//  4. No more emits wait than may.
type strictHost struct {
	t   *testing.T
	m   *middleware.Middleware
	now time.Time
	in  *input

	bodies map[uint32]*strictBody
	last   uint32

	dialed, open, closing bool
	pending               uint32   // the body whose attachments are to come
	keys, auths           []uint32 // attempts for which a key is to come, or a payload
	calls                 []uint32 // from the server, to be answered later
	depth                 int      // of dispatches in dispatches
	waiting, limit        int      // emits that have not been sent
}

// A strictBody is what a number stands for.
type strictBody struct {
	text        string
	attachments int
	emit        bool
	sent        bool
	answer      bool
}

var _ middleware.Host = (*strictHost)(nil)

func (h *strictHost) keep(b *strictBody) uint32 {
	h.last++
	h.bodies[h.last] = b
	return h.last
}

// use returns a body that must be there.
func (h *strictHost) use(ref uint32) *strictBody {
	b := h.bodies[ref]
	require.NotNil(h.t, b, "body %d is used, but has been consumed", ref)
	return b
}

func (h *strictHost) consume(ref uint32) *strictBody {
	b := h.use(ref)
	delete(h.bodies, ref)
	if b.emit && !b.sent {
		h.waiting--
	}
	return b
}

func (h *strictHost) emitted(ref uint32) {
	require.True(h.t, h.use(ref).emit, "what is settled is an emit")
	h.consume(ref)
}

// react lets the application do something in the middle of a dispatch, and
// reports whether it threw.
func (h *strictHost) react() (ok bool) {
	for h.depth < 3 && h.in.says('!') {
		h.depth++
		h.do()
		h.depth--
	}
	return !h.in.says('#')
}

func (h *strictHost) Dispatch(string) bool                           { return h.react() }
func (h *strictHost) DispatchClosed(uint16, string, bool) bool       { return h.react() }
func (h *strictHost) DispatchConnecting(uint32) bool                 { return h.react() }
func (h *strictHost) DispatchReconnecting(uint32, int64, int64) bool { return h.react() }
func (h *strictHost) DispatchFailed(uint32) bool                     { return h.react() }
func (h *strictHost) DispatchResumed(int64, uint32) bool             { return h.react() }
func (h *strictHost) DispatchThrown()                                {}
func (h *strictHost) Forward() bool                                  { return h.react() }
func (h *strictHost) Log(string)                                     {}
func (h *strictHost) WakeAt(int64)                                   {}

func (h *strictHost) DispatchStatus(_ uint8, _ int64, _ uint32, _, _ int64, queued uint32) bool {
	require.LessOrEqual(h.t, int(queued), h.limit, "the queue is bounded")
	return h.react()
}

func (h *strictHost) DispatchError(emit uint32, message, _, _, _ string, _ bool) bool {
	require.NotEmpty(h.t, message, "an error has words")
	if emit != 0 {
		h.use(emit)
	}
	return h.react()
}

// read is what happens to a body whose arguments are wanted.
func (h *strictHost) read(ref, offset uint32, last bool) middleware.Delivery {
	text := h.use(ref).text
	require.LessOrEqual(h.t, int(offset), len(text), "the JSON is in the text")
	if last {
		h.consume(ref)
	}
	if !json.Valid([]byte(text[offset:])) {
		return middleware.DeliveryMalformed
	}
	return middleware.Delivered
}

func (h *strictHost) Deliver(_, ref, offset uint32, last bool) middleware.Delivery {
	if d := h.read(ref, offset, last); d != middleware.Delivered {
		return d
	}
	if h.in.says('%') {
		return middleware.DeliveryFiltered
	}
	return h.given()
}

func (h *strictHost) given() middleware.Delivery {
	if !h.react() {
		return middleware.DeliveryThrew
	}
	return middleware.Delivered
}

func (h *strictHost) Gather(_, ref, offset uint32, last, _ bool) middleware.Delivery {
	return h.read(ref, offset, last)
}

func (h *strictHost) DeliverGathered(uint32) middleware.Delivery { return h.given() }

func (h *strictHost) Route(ref, _ uint32) { h.use(ref) }

func (h *strictHost) Remembered(ref uint32) { h.use(ref) }

func (h *strictHost) Lease(uint32, bool) {}

func (h *strictHost) Answer(_, call, ref, _ uint32) (answer, attachments uint32) {
	h.consume(ref)
	if !h.in.says('=') {
		h.calls = append(h.calls, call)
		return 0, 0
	}
	n := h.in.byte() % 3
	return h.keep(&strictBody{text: "[null]", attachments: int(n), answer: true}), uint32(n)
}

func (h *strictHost) Copy(ref uint32) uint32 {
	b := h.use(ref)
	return h.keep(&strictBody{text: b.text, attachments: b.attachments})
}

func (h *strictHost) Same(a, b uint32) bool { return h.use(a).text == h.use(b).text }

// Hash is one that many bodies share.
func (h *strictHost) Hash(ref uint32) uint32 { return uint32(len(h.use(ref).text) % 2) }

func (h *strictHost) Argument(ref, n uint32) string {
	var args []json.RawMessage
	if json.Unmarshal([]byte(h.use(ref).text), &args) != nil || int(n) >= len(args) {
		return ""
	}
	return string(args[n])
}

func (h *strictHost) Settle(emit, ref, offset uint32) middleware.Delivery {
	if ref != 0 {
		if d := h.read(ref, offset, true); d != middleware.Delivered {
			return d
		}
	}
	h.emitted(emit)
	return h.given()
}

func (h *strictHost) Reject(emit uint32, message, _, _, _ string, _ bool) {
	require.NotEmpty(h.t, message, "an error has words")
	h.emitted(emit)
}

func (h *strictHost) Drop(ref uint32) {
	require.False(h.t, h.use(ref).emit, "an emit is settled, not dropped")
	h.consume(ref)
	if ref == h.pending {
		h.pending = 0
	}
}

func (h *strictHost) Dial(url, _ string) string {
	require.False(h.t, h.dialed, "there is one WebSocket at a time")
	require.True(h.t, strings.HasPrefix(url, "ws"))
	if h.in.says('?') {
		return "The URL is refused."
	}
	h.dialed, h.open, h.closing, h.pending = true, false, false, 0
	return ""
}

func (h *strictHost) SendText(head []byte, ref, attachments uint32) bool {
	require.True(h.t, h.open, "there is a WebSocket to send %q", head)
	if ref != 0 {
		b := h.use(ref)
		if b.emit && !b.sent {
			b.sent = true
			h.waiting--
		}
		if b.answer && attachments == 0 {
			h.consume(ref)
		}
	}
	return !h.closing
}

func (h *strictHost) SendBinary(ref uint32, _ bool) bool {
	require.True(h.t, h.open, "there is a WebSocket to send attachments")
	if h.use(ref).answer {
		h.consume(ref)
	}
	return !h.closing
}

func (h *strictHost) Hangup(uint16, string) {
	h.dialed, h.open = false, false // there may be none, if the application acts before it is made
}

func (h *strictHost) AskKey(attempt uint32)  { h.keys = append(h.keys, attempt) }
func (h *strictHost) AskAuth(attempt uint32) { h.auths = append(h.auths, attempt) }

// take takes the attempt that was asked for first or last off a list.
func (h *strictHost) take(asked *[]uint32) (attempt uint32, ok bool) {
	n := len(*asked)
	if n == 0 {
		return 0, false
	}
	if h.in.byte()%2 == 0 {
		attempt, *asked = (*asked)[n-1], (*asked)[:n-1]
	} else {
		attempt, *asked = (*asked)[0], (*asked)[1:]
	}
	return attempt, true
}

// handleHead shows the Middleware a text as jsbridge does.
func (h *strictHost) handleHead(text string, cut int) {
	if !h.open {
		return
	}
	ref := h.keep(&strictBody{text: text})
	cut = min(cut, len(text))
	r := h.m.HandleHead(h.now, []byte(text[:cut]), cut < len(text), len(text), ref)
	if r == bsock.ReadMore {
		r = h.m.HandleHead(h.now, []byte(text), false, len(text), ref)
	}
	switch r {
	case bsock.ReadDone, bsock.ReadBase64:
		h.Drop(ref)
	case bsock.ReadWaiting:
		h.pending = ref
	}
}

func (h *strictHost) handleBinary(t bsock.FrameType, size int) {
	if !h.open {
		return
	}
	pending := h.pending
	if r := h.m.HandleBinaryHead(h.now, t, size); r == bsock.ReadKept && h.pending == pending {
		h.pending = 0
	}
}
