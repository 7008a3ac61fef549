package middleware_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// Whatever the page does, the server sends and the network lets happen, in
// whatever order, also while an action is being dispatched: no law of strictHost
// is broken, and in the end every emit is settled and no body is left.
func FuzzMiddleware(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, program []byte) {
		const limit = 3
		options := middleware.Options{QueueLimit: limit, AckTimeout: 5 * time.Second, AuthTimeout: time.Second}
		in := &input{program}
		options.DisconnectedAction = in.byte()%4 == 3
		options.DropOldest = in.byte()%2 == 1
		options.QueueTimeout = time.Duration(in.byte()%4) * time.Second
		h := &strictHost{t: t, now: time.Unix(1_700_000_000, 0), in: in, bodies: map[uint32]*strictBody{}, limit: limit}
		h.m = middleware.New(h, options)
		for len(in.left) > 0 {
			h.do()
		}
		h.depth = 3 // the application does nothing more
		h.m.HandleDisconnect(h.now, h.keep(&strictBody{emit: true, sent: true}))
		for ref, b := range h.bodies {
			require.Fail(t, "a body is left", "%d: %+v", ref, b)
		}
	})
}

// An input is read as what happens next. At its end everything is 0.
type input struct{ left []byte }

func (in *input) byte() byte {
	if len(in.left) == 0 {
		return 0
	}
	b := in.left[0]
	in.left = in.left[1:]
	return b
}

// says reports whether c comes next, and takes it if so.
func (in *input) says(c byte) bool {
	if len(in.left) == 0 || in.left[0] != c {
		return false
	}
	in.left = in.left[1:]
	return true
}

// text takes so many bytes, as far as there are any.
func (in *input) text(n int) string {
	n = min(n, len(in.left))
	text := string(in.left[:n])
	in.left = in.left[n:]
	return text
}

// pick takes a byte for a choice.
func pick[T any](in *input, from ...T) T { return from[int(in.byte())%len(from)] }

// What can happen, by its letter. A letter is easier to mutate well than a
// number, and a seed can be read.
func (h *strictHost) do() {
	switch h.in.byte() {
	case 'c':
		h.connect()
	case 'd':
		h.m.HandleDisconnect(h.now, h.keep(&strictBody{emit: true, sent: true}))
	case 'e':
		h.emit()
	case 'o':
		if h.dialed && !h.open {
			h.open = true
			h.m.HandleOpen(h.now)
		}
	case 't':
		h.handleHead(pick(h.in, fuzzTexts...), int(h.in.byte()))
	case 'T':
		h.handleHead(h.in.text(int(h.in.byte())), 8)
	case 'b':
		h.handleBinary(pick[bsock.FrameType](h.in, 4, 4, 4, 2), int(h.in.byte()))
	case 'x':
		if h.dialed {
			h.dialed, h.open = false, false
			h.m.HandleClose(h.now, pick[uint16](h.in, 1000, 1006, 4999), "")
		}
	case 'l':
		h.closing = h.open // the browser has seen the end, and not told yet
	case 'a':
		h.now = h.now.Add(time.Duration(h.in.byte()) * pick(h.in, time.Millisecond, time.Second, time.Minute))
		h.m.Advance(h.now)
	case 'k':
		if attempt, ok := h.take(&h.keys); ok {
			h.m.HandleKey(h.now, attempt, h.keep(&strictBody{text: `["auth",null]`}))
		}
	case 'K':
		if attempt, ok := h.take(pick(h.in, &h.keys, &h.auths)); ok {
			h.m.HandleKeyError(h.now, attempt, "no key")
		}
	case 'u':
		h.handleAuth()
	case 'm':
		h.m.HandleMalformed("malformed")
	case 'r':
		h.answer()
	case 's':
		h.m.Suspend(h.now)
	case 'S':
		h.m.Resume(h.now)
	case 'h':
		if h.open {
			h.m.Heard(h.now)
		}
	}
}

func (h *strictHost) handleAuth() {
	attempt, ok := h.take(&h.auths)
	if !ok {
		return
	}
	var ref uint32
	if h.in.byte()%2 == 1 {
		ref = h.keep(&strictBody{text: "{}"})
	}
	h.m.HandleAuth(h.now, attempt, ref)
}

func stringOf(s string) middleware.Value { return middleware.Value{Kind: middleware.String, Text: s} }

func numberOf(n float64) middleware.Value {
	return middleware.Value{Kind: middleware.Number, Number: n}
}

func (h *strictHost) connect() {
	a := &middleware.ConnectAction{
		Port:     numberOf(pick(h.in, 1.0, 1, 2, 0)),
		Protocol: pick(h.in, middleware.Value{}, stringOf("socket.io"), stringOf("socket.io@4"), stringOf("socket.io@2")),
		Nsps:     pick(h.in, middleware.Value{}, middleware.Value{}, stringOf("/a"), stringOf("/a,/b")),
		NewKey:   h.in.byte()%4 == 3,
		Ref:      h.keep(&strictBody{emit: true, sent: true}),
	}
	function := middleware.Value{Kind: middleware.Function}
	listeners := []middleware.Listener{
		{Event: stringOf("e"), ActionType: stringOf("E")},
		{Event: stringOf("e"), ActionType: stringOf("F"), Batch: numberOf(100)},
		{Event: stringOf("f"), ActionType: stringOf("L"), Latest: numberOf(100), Filter: function},
		{Event: stringOf("g"), ActionType: stringOf("T"), Throttle: numberOf(100), Map: function},
		{Event: stringOf("h"), ActionType: stringOf("H"), Ack: function},
		{Event: stringOf("e"), ActionType: stringOf("N"), Nsp: stringOf("/a")},
	}
	for _, l := range listeners[:int(h.in.byte())%(len(listeners)+1)] {
		a.Hear(&l)
	}
	h.m.HandleConnect(h.now, a)
}

func (h *strictHost) emit() {
	message := pick(h.in, "watch chain", "block connect", "x")
	b := &strictBody{emit: true, attachments: int(h.in.byte() % 2)}
	a := &middleware.EmitAction{
		Type:    stringOf(pick(h.in, "broadcast", "subscribe", "unsubscribe", "dispatch", "ping")),
		Message: stringOf(message),
		Meta: &middleware.EmitMeta{
			Timeout: pick(h.in, middleware.Value{}, numberOf(500)),
			TTL:     pick(h.in, middleware.Value{}, numberOf(700)),
			Queue:   pick(h.in, middleware.Value{}, stringOf("queue"), stringOf("fail"), stringOf("drop")),
			Nsp:     pick(h.in, middleware.Value{}, middleware.Value{}, stringOf("/a"), stringOf("/c")),
			Persist: pick(h.in, middleware.Value{}, middleware.Value{Kind: middleware.Bool, Number: 1}, stringOf("p")),
			Forget:  pick(h.in, middleware.Value{}, middleware.Value{}, stringOf("p")),
		},
		Attachments: uint32(b.attachments),
	}
	if h.in.byte()%2 == 1 {
		a.Acknowledge.Kind = middleware.Function
	}
	b.text = fmt.Sprintf("[%q,%q]", a.Type.Text, message)
	h.waiting++
	a.Ref = h.keep(b)
	if !h.m.HandleEmit(h.now, a) {
		h.emitted(a.Ref)
	}
	require.LessOrEqual(h.t, h.waiting, h.limit+h.depth+1, "no more emits wait than may, but for those in the middle of it")
}

func (h *strictHost) answer() {
	if len(h.calls) == 0 {
		return
	}
	call := h.calls[0]
	h.calls = h.calls[1:]
	if h.in.byte()%2 == 0 {
		h.m.HandleAnswerError(h.now, call, "no", "Error", "", "", false)
		return
	}
	n := int(h.in.byte() % 2)
	h.m.HandleAnswer(h.now, call, h.keep(&strictBody{text: "[null,1]", attachments: n, answer: true}), uint32(n))
}

var fuzzTexts = []string{
	`0{"pingInterval":1000,"pingTimeout":2000}`, `40`, `40{"sid":"1"}`, `430[null,1]`, `431[null,{"a":1}]`, `432[{"message":"no"}]`,
	`42["e",1]`, `42["f",1]`, `42["g",1]`, `421["h",1]`, `422["h"`, `451-["e",{"_placeholder":true,"num":0}]`, `451-3["h",{"_placeholder":true,"num":0}]`,
	`461-1[null,{"_placeholder":true,"num":0}]`, `42["e",{]`, `430[null,`, `3`, `2`, `41`, `1`, `44"no"`, `44{"message":"no"}`,
	`40/a,`, `40/a,{"sid":"2"}`, `44/a,"no"`, `42/a,["e",2]`, `42/a,5["e"]`, `43/a,0[null]`, `41/a`, `40/b,`, `42["connect"]`, `42["?"]`, `426["?"]`, "",
	`0{"pingInterval":1000,"pingTimeout":2000,"maxPayload":9}`,
}

// fuzzSeeds are lives that a socket may well have. What stands behind ! is done
// in the middle of a dispatch; # is an exception of the application's.
var fuzzSeeds = []string{
	"\x00\x00\x00" + seedConnect + "ot\x00\x20t\x01\x20k\x00t\x03\x20" + seedFire + "t\x06\x20t\x07\x20#t\x08\x20%x\x01",
	"\x00\x01\x01" + seedConnect + seedCall + seedFire + seedFire + seedSubscribe + "ot\x00\x20t\x01\x20k\x00t\x03\x20t\x04\x20t\x0a\x05" +
		"a\x0a\x01x\x01a\x02\x01ot\x00\x20t\x01\x20k\x00t\x03\x20",
	"\x03\x00\x00c\x00\x02\x03\x00\x06ot\x00\x20u\x00\x01t\x02\x20t\x17\x20t\x19\x20t\x0b\x20b\x00\x05t\x09\x20r\x01\x01lt\x09\x20=\x01d",
	"\x00\x00\x02c\x00\x01\x02\x00\x06ot\x22\x20u\x00\x00t\x02\x20t\x16\x20" + seedCall + "sSot\x0b\x20s",
	"\x00\x00\x00" + seedConnect + "ot\x00\x20t\x01\x20k\x00t\x03\x20!" + seedFire + "!" + seedConnect + "?" + seedSubscribe + "!dx\x00",
	"\x00\x00\x00" + seedConnect + "ot\x00\x20t\x01\x20k\x00t\x05\x20a\x02\x02K\x00\x00S!" + seedConnect + "a\x01\x02",
}

const (
	seedConnect   = "c\x00\x00\x00\x00\x06"
	seedFire      = "e\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	seedCall      = "e\x02\x01\x03\x01\x00\x00\x00\x00\x00\x01"
	seedSubscribe = "e\x01\x00\x01\x00\x00\x00\x00\x01\x00\x00"
)
