package middleware_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// A leasing is a page that writes down what it may send by itself.
type leasing struct {
	fakeHost
	offers []offer
}

type offer struct {
	id    uint32
	calls bool
}

func (h *leasing) Lease(id uint32, calls bool) { h.offers = append(h.offers, offer{id, calls}) }

// newLeasing returns a page that is connected, and what emits there.
func newLeasing(now *time.Time) (h *leasing, emit func(event, message string, call bool, meta *middleware.EmitMeta) []offer) {
	h = &leasing{fakeHost: fakeHost{bodies: make(map[uint32]*body), now: func() time.Time { return *now }, plain: true}}
	h.m = middleware.New(h, middleware.Options{AckTimeout: time.Second})
	emit = func(event, message string, call bool, meta *middleware.EmitMeta) []offer {
		h.offers = nil
		a := &middleware.EmitAction{Type: text(event), Message: text(message), Meta: meta, Ref: h.keep(&body{text: `["e"]`})}
		if call {
			a.Acknowledge.Kind = middleware.Function
		}
		h.m.HandleEmit(*now, a)
		return h.offers
	}
	return h, emit
}

func (h *leasing) connect(now time.Time) {
	h.m.HandleConnect(now, &middleware.ConnectAction{
		Port:     middleware.Value{Kind: middleware.Number, Number: 5000},
		Protocol: text("socket.io@2"),
		Ref:      h.keep(&body{}),
	})
	h.m.HandleOpen(now)
	h.receive(now, `0{"sid":"0","upgrades":[],"pingInterval":25000,"pingTimeout":60000}`)
	h.receive(now, "40")
}

func (h *leasing) receive(now time.Time, message string) {
	h.m.HandleHead(now, []byte(message), false, len(message), h.keep(&body{text: message}))
}

func TestWhatIsOffered(t *testing.T) {
	now := time.Unix(1000, 0)
	h, emit := newLeasing(&now)
	assert.Empty(t, emit("e", "m", false, nil), "there is no socket")
	h.connect(now)
	assert.Equal(t, []offer{{0, false}}, emit("e", "m", false, nil), "no alarm is near enough for calls")
	assert.Equal(t, []offer{{1, true}}, emit("e", "m", true, nil), "a call has set one")
	assert.Equal(t, []offer{{1, true}}, emit("e", "m", false, nil), "which fires find there")
	assert.Empty(t, emit("e", "m", false, &middleware.EmitMeta{}), "a meta may say anything")
	assert.Empty(t, emit("subscribe", "block connect", false, nil), "it is remembered")
	assert.Empty(t, emit("dispatch", "wallet leave", true, nil), "it undoes what may be remembered")
	assert.Empty(t, emit("connect", "m", false, nil), "it is refused")

	h.m.HandleClose(now, 1006, "")
	assert.Empty(t, emit("e", "m", false, nil), "it waits for the connection")
}

func TestWhatWasSentOnLease(t *testing.T) {
	const timedOut = `reject #2 TIMEOUT "Job timed out."`
	now := time.Unix(1000, 0)
	h, emit := newLeasing(&now)
	h.connect(now)
	assert.Equal(t, []offer{{1, true}}, emit("e", "m", true, nil))
	h.m.HandleSent(now.Add(100*time.Millisecond), 2, h.keep(&body{number: 2}))
	h.m.HandleSent(now.Add(200*time.Millisecond), 1, h.keep(&body{number: 1}))
	h.m.EndLease(3)
	assert.Equal(t, []offer{{4, true}}, emit("e", "m", true, nil), "ids go on behind those that were used")
	assert.Contains(t, h.out, `send 423["e"]`)

	h.receive(now, `431["answer"]`)
	assert.Contains(t, h.out, `settle #1 "answer"`)
	now = h.alarm
	h.m.Advance(now)
	assert.NotContains(t, h.out, timedOut, "its second is not over")
	now = h.alarm
	assert.Equal(t, int64(1_001_100), now.UnixMilli(), "the next to end is that which was sent meanwhile")
	h.m.Advance(now)
	assert.Contains(t, h.out, timedOut)
}
