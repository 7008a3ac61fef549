package bsock

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What the protocol must know of a text stands at its beginning: an owner that
// keeps the text is not asked for 99 MB to find a name in them.
func TestHeadsAreBounded(t *testing.T) {
	for _, begin := range []string{`42["`, `42/`, `430[{"message":"`, `44"`, `42[ `, `451-["`} {
		t.Run(begin, func(t *testing.T) {
			c := fuzzConn(Version3)
			for c.NextEvent().Kind != NoEvent {
			}
			now := time.Unix(1, 0)
			filling := "x"
			if !strings.HasSuffix(begin, `"`) {
				filling = begin[len(begin)-1:]
			}
			head := []byte(begin + strings.Repeat(filling, maxHead-len(begin)))
			const size = 90 << 10
			assert.Equal(t, ReadMore, c.HandleHead(now, head[:32], true, size, 1), "a little is not enough")
			assert.Equal(t, ReadMore, c.HandleHead(now, head[:maxHead-1], true, size, 1), "nor is a little less than all")
			assert.Equal(t, ReadDone, c.HandleHead(now, head[:maxHead], true, size, 1), "more is not asked for")
			assert.Equal(t, errHeadTooLarge, c.NextEvent().Err)
			require.Equal(t, ReadKept, c.HandleHead(now, []byte(`42["a"`), true, size, 1), "and reading goes on")
		})
	}
}

func TestAnOpenFrameIsBounded(t *testing.T) {
	c := NewClient(Config{})
	now := time.Unix(0, 0)
	c.Open(now)
	c.HandleOpen(now)
	require.Equal(t, EventDial, c.NextEvent().Kind)
	head := []byte(`0{"sid":"` + strings.Repeat("x", maxHead))
	assert.Equal(t, ReadMore, c.HandleHead(now, head[:32], true, 1<<20, 1))
	assert.Equal(t, ReadDone, c.HandleHead(now, head, true, 1<<20, 1))
	assert.Equal(t, errHeadTooLarge, c.NextEvent().Err)
}
