package middleware_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// A lateHost has not made up its mind what to say of itself.
type lateHost struct {
	*fakeHost
	asked uint32
}

func (h *lateHost) AskAuth(attempt uint32) { h.asked = attempt }

// A server of Socket.IO 2 that lets a client in slowly is taken for a newer one
// at first. What the page has to say to such a server then comes too late, and
// is of no use: the connection lasts. Found by TestModel.
func TestPayloadThatComesTooLate(t *testing.T) {
	now := time.UnixMilli(0)
	h := &lateHost{fakeHost: &fakeHost{bodies: make(map[uint32]*body), now: func() time.Time { return now }}}
	m := middleware.New(h, middleware.Options{})
	receive := func(text string) {
		ref := h.keep(&body{text: text})
		m.HandleHead(now, []byte(text), false, len(text), ref)
		h.Drop(ref)
	}
	m.HandleConnect(now, &middleware.ConnectAction{
		Port:     middleware.Value{Kind: middleware.Number, Number: 5000},
		Protocol: text("socket.io"),
		Ref:      h.keep(&body{}),
	})
	m.HandleOpen(now)
	receive(`0{"sid":"0","upgrades":[],"pingInterval":25000,"pingTimeout":60000}`)
	now = now.Add(time.Second)
	m.Advance(now)
	require.NotZero(t, h.asked, "a server that says nothing is asked for a connection")
	receive("40")
	require.Contains(t, h.out, "dispatch SOCKET_CONNECTED")
	m.HandleAuth(now, h.asked, h.keep(&body{text: `{"token":1}`}))
	m.HandleKeyError(now, h.asked, "no token")
	assert.NotContains(t, h.out, "hangup 1000", "the connection lasts")
	assert.Empty(t, h.bodies, "what came too late is let go")
}
