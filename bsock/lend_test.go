package bsock

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestLend(t *testing.T) {
	start := time.Unix(0, 0)
	c := NewClient(Config{Reconnect: Backoff{Off: true}})
	_, ok := c.Lend()
	assert.False(t, ok, "nothing is lent before there is a connection")

	c = fuzzConn(Version3)
	_, ok = c.Lend()
	assert.False(t, ok, "what is to be sent comes first")
	for c.NextEvent().Kind != NoEvent {
	}
	first, ok := c.Lend()
	assert.True(t, ok, "a connection lends")
	c.Lent(first+1, start.Add(2*time.Second), 12)
	c.Lent(first, start.Add(2*time.Second), 11)
	c.Return(first + 2)
	id, err := c.Call(start.Add(time.Second), "q", Payload{}, 13)
	assert.NoError(t, err)
	assert.Equal(t, first+2, id, "the next call has the id that was given back")

	c.NextEvent()
	c.HandleText(start, appendAck(first+1))
	ev := c.NextEvent()
	assert.Equal(t, EventReply, ev.Kind, "what was sent meanwhile is answered as any")
	assert.Equal(t, uint32(12), ev.Tag)

	c.Close(start, CloseNormal, "")
	var tags []uint32
	for ev := c.NextEvent(); ev.Kind != NoEvent; ev = c.NextEvent() {
		if ev.Kind == EventReject {
			tags = append(tags, ev.Tag)
		}
	}
	assert.Equal(t, []uint32{13, 11, 1, 2}, tags, "who was to be answered first is told first")
	_, ok = c.Lend()
	assert.False(t, ok, "nothing is lent behind the end")
}

func appendAck(id uint32) []byte {
	return append(appendPacket(nil, packet{Type: PacketAck, HasID: true, ID: id}, ""), "[null]"...)
}

// Ids are given again after 2^32 calls, some of which may still be waiting: an
// owner does not know which.
func TestNothingIsLentWhereIDsComeAgain(t *testing.T) {
	c := fuzzConn(Version3)
	drain := func() {
		for c.NextEvent().Kind != NoEvent {
		}
	}
	drain()
	c.Return(math.MaxUint32)
	_, ok := c.Lend()
	assert.True(t, ok, "there is one more")
	_, err := c.Call(time.Unix(1, 0), "q", Payload{}, 1)
	assert.NoError(t, err)
	drain()
	_, ok = c.Lend()
	assert.False(t, ok, "it was the last")
}
