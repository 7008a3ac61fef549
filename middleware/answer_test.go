package middleware_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// A server that never ends asking a listener that never answers is told of each
// call that is given up. What is remembered is bounded, and the newest can
// still be answered.
func TestCallsThatNobodyAnswers(t *testing.T) {
	const most = 1 << 14
	now := time.UnixMilli(0)
	h := &fakeHost{bodies: make(map[uint32]*body), now: func() time.Time { return now }, plain: true}
	h.listeners = []listenerOption{{Event: "ask", ActionType: "ASKED", Ack: "@function"}}
	m := middleware.New(h, middleware.Options{})
	receive := func(text string) {
		m.HandleHead(now, []byte(text), false, len(text), h.keep(&body{text: text}))
	}
	a := &middleware.ConnectAction{
		Port:     middleware.Value{Kind: middleware.Number, Number: 5000},
		Protocol: text("socket.io@2"),
		Ref:      h.keep(&body{}),
	}
	a.Hear(&middleware.Listener{Event: text("ask"), ActionType: text("ASKED"), Ack: middleware.Value{Kind: middleware.Function}})
	m.HandleConnect(now, a)
	m.HandleOpen(now)
	receive(`0{"sid":"0","upgrades":[],"pingInterval":25000,"pingTimeout":60000}`)
	receive("40")
	for id := range most {
		receive(fmt.Sprintf(`42%d["ask"]`, id))
	}
	require.NotContains(t, fmt.Sprint(h.out), "send 43", "all of them may be answered")
	receive(fmt.Sprintf(`42%d["ask"]`, most))
	const refusal = `send 430[{"message":"The call was not answered, and too many newer ones wait.","name":"Error","type":null,"code":null}]`
	assert.Contains(t, h.out, refusal)

	h.out = nil
	m.HandleAnswer(now, 1, h.keep(&body{text: "[1]", answer: true}), 0)
	assert.Empty(t, h.out, "the oldest is answered no more")
	m.HandleAnswer(now, 2, h.keep(&body{text: "[2]", answer: true}), 0)
	m.HandleAnswer(now, most+1, h.keep(&body{text: "[3]", answer: true}), 0)
	assert.Equal(t, []string{"send 431[2]", fmt.Sprintf("send 43%d[3]", most)}, h.out)
}
