package native

import (
	"bytes"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Pongs go between messages, and never into one: not even into a large one,
// whose header and payload are written one after the other.
func TestNothingGetsIntoAFrame(t *testing.T) {
	const messages = 200
	s := &script{Reader: bytes.NewReader(nil), pause: 20 * time.Microsecond}
	w := newWire(s, true)
	l := &link{ws: &webSocket{wire: w}}
	pong := []byte{finalBit | 0xa, 1, 'x'}
	var wg sync.WaitGroup
	var done atomic.Bool
	pongs := 0
	wg.Go(func() {
		for ; !done.Load(); pongs++ {
			_, _ = w.Write(pong)
			runtime.Gosched()
		}
	})
	p := &packet{}
	p.add(frame{data: bytes.Repeat([]byte("y"), maxCopied+1)})
	l.batch = []*packet{p}
	for range messages {
		require.NoError(t, l.send(time.Minute))
	}
	done.Store(true)
	wg.Wait()
	got := map[byte]int{}
	for out := s.written.Bytes(); len(out) > 0; {
		h, ok := headerOf(out)
		require.True(t, ok)
		got[h.first&0xf]++
		out = out[h.length+int(h.size):]
	}
	assert.Equal(t, map[byte]int{opBinary: messages, 0xa: pongs}, got)
}

// Behind a close frame, be it an answer to the peer's, comes no message.
func TestNothingFollowsACloseFrame(t *testing.T) {
	s := &script{Reader: bytes.NewReader(nil)}
	w := newWire(s, true)
	closing := []byte{closeFrame, 2, 1000 >> 8, 1000 & 0xff}
	_, err := w.Write(closing)
	require.NoError(t, err)
	assert.Error(t, w.send([]byte{finalBit | opText, 0}, nil))
	_, err = w.Write([]byte{finalBit | 0xa, 0})
	assert.NoError(t, err, "what the module says too late is dropped")
	assert.Equal(t, closing, s.written.Bytes())
}
