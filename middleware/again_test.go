package middleware_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// A rememberer is a page that notes what it may say again by number.
type rememberer struct {
	leasing
	refs []uint32
}

func (h *rememberer) Remembered(ref uint32) { h.refs = append(h.refs, ref) }

// subscriber returns a page that is connected, and what emits there.
func subscriber(now *time.Time) (*rememberer, func(event, message string, change func(*middleware.EmitAction))) {
	h := &rememberer{leasing: leasing{fakeHost: fakeHost{bodies: make(map[uint32]*body), now: func() time.Time { return *now }, plain: true}}}
	h.m = middleware.New(h, middleware.Options{})
	h.connect(*now)
	return h, func(event, message string, change func(*middleware.EmitAction)) {
		a := &middleware.EmitAction{Type: text(event), Message: text(message), Ref: h.keep(&body{text: `["` + event + `","` + message + `"]`})}
		if change != nil {
			change(a)
		}
		h.m.HandleEmit(*now, a)
	}
}

func TestWhatMayBeSaidAgain(t *testing.T) {
	now := time.Unix(1000, 0)
	h, emit := subscriber(&now)
	assert.Equal(t, middleware.AgainUnknown, h.m.Again(1), "nothing is remembered")

	emit("subscribe", "a", nil)
	emit("broadcast", "watch chain", nil)
	require.Len(t, h.refs, 2)
	assert.Equal(t, middleware.AgainSend, h.m.Again(h.refs[0]))

	emit("broadcast", "send tx", nil)
	emit("broadcast", "set filter", nil)
	emit("dispatch", "watch mempool", func(a *middleware.EmitAction) { a.Acknowledge.Kind = middleware.Function })
	emit("e", "m", func(a *middleware.EmitAction) {
		a.Meta = &middleware.EmitMeta{Persist: middleware.Value{Kind: middleware.String, Text: "mine"}}
	})
	assert.Len(t, h.refs, 2, "one is not remembered, one undoes others, one waits for its answer, one depends on its meta")

	emit("broadcast", "unwatch chain", nil)
	assert.Equal(t, middleware.AgainUnknown, h.m.Again(h.refs[1]), "it is forgotten")

	h.m.HandleClose(now, 1006, "")
	assert.Equal(t, middleware.AgainUnknown, h.m.Again(h.refs[0]), "it waits for the connection, as any emit")
	h.m.HandleDisconnect(now, h.keep(&body{}))
	assert.Equal(t, middleware.AgainUnknown, h.m.Again(h.refs[0]), "there is no socket")
}

func TestWhatIsSaidAgainIsSentAgainLast(t *testing.T) {
	now := time.Unix(1000, 0)
	h, emit := subscriber(&now)
	for _, event := range []string{"a", "b", "c"} {
		emit("subscribe", event, nil)
	}
	assert.Equal(t, middleware.AgainSend, h.m.Again(h.refs[1]), "but the WebSocket does not take it")
	assert.Equal(t, middleware.AgainSend, h.m.Again(h.refs[0]))
	h.m.HandleSaid(h.refs[0])

	h.m.HandleClose(now, 1006, "")
	now = h.alarm
	h.m.Advance(now)
	h.out = nil
	h.m.HandleOpen(now)
	h.receive(now, `0{"sid":"1","upgrades":[],"pingInterval":25000,"pingTimeout":60000}`)
	h.receive(now, "40")
	var sent []string
	for _, line := range h.out {
		if strings.HasPrefix(line, "send ") {
			sent = append(sent, strings.TrimPrefix(line, "send "))
		}
	}
	assert.Equal(t, []string{`42["subscribe","b"]`, `42["subscribe","c"]`, `42["subscribe","a"]`}, sent)
	assert.Equal(t, middleware.AgainSent, h.m.Again(h.refs[0]), "it went out behind the key")
}
