package bsock

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// The steady state allocates nothing: not for an event, a fire, or a call with
// its answer.
func TestNoAllocations(t *testing.T) {
	now := time.Unix(0, 0)
	c := fuzzConn(Version3)
	drain := func() {
		for c.NextEvent().Kind != NoEvent {
		}
	}
	event := []byte(`42["block connect",{"height":1,"hash":"00"}]`)
	namespace := "/a namespace with a name of some length"
	elsewhere := []byte("42" + namespace + `,["block connect",{"height":1,"hash":"00"}]`)
	assert.NoError(t, c.Join(now, namespace, Payload{}))
	c.HandleText(now, []byte("40"+namespace+","))
	binary := []byte(`451-["block connect",{"_placeholder":true,"num":0}]`)
	ack := make([]byte, 0, 64)
	id := uint32(1)
	for _, test := range []struct {
		name string
		do   func()
	}{
		{"an event", func() { c.HandleText(now, event) }},
		{"an event of which the head is given", func() { c.HandleHead(now, event[:20], true, len(event), 1) }},
		{"an event in a namespace", func() { c.HandleText(now, elsewhere) }},
		{"a fire in a namespace", func() {
			_ = c.Fire("watch chain", Payload{JSON: event[2:], Namespace: namespace})
		}},
		{"a ping and its answer", func() {
			c.heart.next, c.heart.open = now, false
			c.Advance(now)
			c.HandleText(now, pongFrame)
		}},
		{"a fire", func() { _ = c.Fire("watch chain", Payload{JSON: event[2:]}) }},
		{"a heartbeat", func() { c.heart.next, c.heart.open = now, false; c.Advance(now) }},
		{"a call and its answer", func() {
			id, _ = c.Call(now.Add(time.Hour), "q", Payload{JSON: event[2:]}, 1)
			drain()
			ack = appendPacket(ack[:0], packet{Type: PacketAck, HasID: true, ID: id}, "")
			c.HandleText(now, append(ack, "[null]"...))
		}},
	} {
		assert.Zero(t, testing.AllocsPerRun(100, func() { test.do(); drain() }), test.name)
	}
	// A name must outlive its text while attachments are on their way, and
	// they need a list: an allocation each.
	got := testing.AllocsPerRun(100, func() {
		c.HandleText(now, binary)
		c.HandleBinary(now, []byte{4, 1}[:1:1])
		drain()
	})
	assert.LessOrEqual(t, got, 3.0, "an event with an attachment")
}
