package bsock

import (
	"testing"
	"time"
)

// What a message costs in the Conn alone; TestNoAllocations holds what it must
// not cost.

var benchEvent = []byte(`42["tip",{"height":200000,"at":12345678901234,"hash":"000000000000000000"}]`)

func drain(c *Conn) {
	var ev Event
	for c.Next(&ev); ev.Kind != NoEvent; c.Next(&ev) {
	}
}

func BenchmarkConnEvent(b *testing.B) {
	c, now := fuzzConn(Version3), time.Unix(0, 0)
	b.ReportAllocs()
	for b.Loop() {
		c.HandleText(now, benchEvent)
		drain(c)
	}
}

func BenchmarkConnFire(b *testing.B) {
	c := fuzzConn(Version3)
	b.ReportAllocs()
	for b.Loop() {
		_ = c.Fire("tip", Payload{JSON: benchEvent[2:]}) // it is connected
		drain(c)
	}
}

func BenchmarkConnCall(b *testing.B) {
	c, now := fuzzConn(Version3), time.Unix(0, 0)
	ack := make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		id, _ := c.Call(now.Add(time.Hour), "tip", Payload{JSON: benchEvent[2:]}, 1) // it is connected
		drain(c)
		ack = appendPacket(ack[:0], packet{Type: PacketAck, HasID: true, ID: id}, "")
		c.HandleText(now, append(ack, "[null]"...))
		drain(c)
	}
}
