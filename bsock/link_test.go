package bsock_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/bsocktest"
)

func events(name string, n int, attachments ...[]byte) bsock.Payload {
	return bsock.Payload{
		JSON:        fmt.Appendf(nil, "[%q,%d]", name, n),
		Attachments: attachments,
		Count:       len(attachments),
	}
}

// What one end fires the other gets, in order, however the messages of both
// directions interleave.
func TestLinkKeepsOrder(t *testing.T) {
	for client, server := range pairs() {
		t.Run(fmt.Sprintf("client %d, server %d", client.Version, server.Version), func(t *testing.T) {
			testLinkKeepsOrder(t, bsocktest.NewLink(client, server))
		})
	}
}

// pairs are the configs of ends that can talk to each other.
func pairs() iter.Seq2[bsock.Config, bsock.Config] {
	return func(yield func(client, server bsock.Config) bool) {
		for _, p := range [][2]bsock.Version{
			{bsock.Version3, bsock.Version3},
			{bsock.Version4, bsock.Version4},
			{bsock.VersionAny, bsock.Version3},
			{bsock.VersionAny, bsock.Version4},
			{bsock.VersionAny, bsock.VersionAny},
		} {
			if !yield(bsock.Config{Version: p[0]}, bsock.Config{Version: p[1]}) {
				return
			}
		}
	}
}

func testLinkKeepsOrder(t *testing.T, l *bsocktest.Link) {
	r := rand.New(rand.NewPCG(1, 2))
	l.Connect()
	const n = 500
	for i := range n {
		for _, end := range []*bsocktest.End{l.Client, l.Server} {
			var attachments [][]byte
			for range r.IntN(3) {
				attachments = append(attachments, []byte{byte(i)})
			}
			require.NoError(t, end.Fire("e", events("e", i, attachments...)))
		}
		for range r.IntN(6) {
			l.Step([]*bsocktest.End{l.Client, l.Server}[r.IntN(2)])
		}
	}
	l.Settle()
	for _, end := range []*bsocktest.End{l.Client, l.Server} {
		require.Equal(t, bsock.EventConnect, end.Events[0].Kind, "the connection is the first news")
		require.Len(t, end.Events, n+1, "every event arrives once")
		for i, ev := range end.Events[1:] {
			require.Equal(t, fmt.Sprintf(`["e",%d]`, i), string(ev.Payload.JSON), "events arrive in order")
			for _, a := range ev.Payload.Attachments {
				require.Equal(t, []byte{byte(i)}, a, "attachments belong to their event")
			}
		}
	}
}

// Whenever the line breaks, every call is settled once: answered, or lost; and
// no answer reaches a call of another connection.
func TestLinkSettlesEveryCall(t *testing.T) {
	answered := 0
	for client, server := range pairs() {
		for seed := range uint64(100) {
			answered += testLinkSettlesEveryCall(t, seed, client, server)
		}
	}
	assert.Greater(t, answered, 1000, "lines hold for long enough to answer")
}

func testLinkSettlesEveryCall(t *testing.T, seed uint64, client, server bsock.Config) (answered int) {
	r := rand.New(rand.NewPCG(seed, 0))
	l := bsocktest.NewLink(client, server)
	l.Connect()
	made := 0
	var asked []bsock.Event
	for range 100 {
		switch n := r.IntN(24); {
		case n == 0:
			l.Cut(server)
			asked, l.Server.Events = nil, nil // a CallID is for the Conn that it came from
			l.Sleep(time.Minute)
		case n < 8:
			if _, err := l.Client.Call(l.Now.Add(time.Hour), "q", events("q", made), uint32(made)); err == nil {
				made++
			}
			_ = l.Client.Fire("noise", events("noise", 0)) // refused while the line is down
		case n < 12:
			for _, ev := range l.Server.Events {
				if ev.Kind == bsock.EventCall {
					asked = append(asked, ev)
				}
			}
			l.Server.Events = nil
			if len(asked) > 0 {
				answer(l.Server, asked[0])
				asked = asked[1:]
			}
		default:
			l.Step([]*bsocktest.End{l.Client, l.Server}[r.IntN(2)])
		}
	}
	l.Client.Close(l.Now, bsock.CloseNormal, "")
	l.Settle()
	return assertSettled(t, l.Client.Events, made, func(ev bsock.Event) string {
		return fmt.Sprintf(`[null,["q",%d]]`, ev.Tag)
	})
}

// answer sends back what was asked.
func answer(server *bsocktest.End, ev bsock.Event) {
	body := fmt.Sprintf(`[null,%s]`, ev.Payload.JSON)
	_ = server.Reply(ev.Call, bsock.Payload{JSON: []byte(body)}) // the line may have gone
}

// assertSettled checks that each of the calls made was settled once, and that
// answers are what want says.
func assertSettled(t *testing.T, news []bsock.Event, made int, want func(bsock.Event) string) (answered int) {
	t.Helper()
	settled := make(map[uint32]int)
	for _, ev := range news {
		switch ev.Kind {
		case bsock.EventReply:
			assert.Equal(t, want(ev), string(ev.Payload.JSON), "an answer reaches its own call")
			settled[ev.Tag]++
			answered++
		case bsock.EventReject:
			settled[ev.Tag]++
		}
	}
	for tag := range made {
		assert.Equal(t, 1, settled[uint32(tag)], "call %d is settled once", tag)
	}
	return answered
}
