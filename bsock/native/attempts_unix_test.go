//go:build unix

package native

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// connected returns both ends of a TCP connection.
func connected(t *testing.T) (here, there *net.TCPConn) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	conn, err := net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	other, err := listener.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close(); other.Close() })
	return conn.(*net.TCPConn), other.(*net.TCPConn)
}

// What the system does not take of an offer goes out later, in one piece with the
// rest of its frame, and before all else.
func TestOfferThatIsTakenInPart(t *testing.T) {
	here, there := connected(t)
	w := newWire(here, true)
	w.now = newAttempts(here)
	require.NotNil(t, w.now)
	frame := bytes.Repeat([]byte("x"), 100_000)
	frame = append(appendHeader(nil, true, false, len(frame)), frame...)
	var sent []byte
	left := 0
	for left == 0 {
		require.True(t, w.free(), "nobody writes")
		left = w.offer(frame[:5], frame[5:])
		w.mu.Unlock()
		sent = append(sent, frame...)
	}
	assert.Less(t, left, len(frame), "it stopped in the middle of a frame")
	assert.False(t, w.free(), "there is no more to be offered before that is written")
	pong := []byte{finalBit | 0xa, 0}
	done := make(chan error, 1)
	go func() { _, err := w.Write(pong); done <- err }()
	select {
	case <-done:
		t.Fatal("a pong does not go out before the rest of a frame")
	case <-time.After(20 * time.Millisecond):
	}
	sent = append(sent, pong...)
	got := make([]byte, len(sent))
	_, err := io.ReadFull(there, got)
	require.NoError(t, err)
	require.NoError(t, <-done)
	assert.True(t, bytes.Equal(sent, got), "all comes in its order")
	assert.True(t, w.free(), "now more may be offered")
	w.mu.Unlock()
}

// A frame that is written from where it is, behind one that was not taken wholly,
// waits for it.
func TestOffersKeepTheirOrder(t *testing.T) {
	here, there := connected(t)
	w := newWire(here, true)
	w.now = newAttempts(here)
	require.True(t, w.free())
	var sent []byte
	for i := range byte(200) {
		head, rest := bytes.Repeat([]byte{i}, 1000), bytes.Repeat([]byte{^i}, 99_000)
		w.offer(head, rest)
		sent = append(append(sent, head...), rest...)
		clear(head) // it is only lent
	}
	require.NotEmpty(t, w.kept)
	w.mu.Unlock()
	go func() { _ = w.send(nil, nil) }()
	got := make([]byte, len(sent))
	_, err := io.ReadFull(there, got)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(sent, got))
}

func TestAttemptOnAClosedConnection(t *testing.T) {
	here, _ := connected(t)
	a := newAttempts(here)
	here.Close()
	assert.Zero(t, a.write([]byte("x")))
	pipe, _ := net.Pipe()
	assert.Nil(t, newAttempts(pipe), "a pipe is not the system's")
	assert.Nil(t, newAttempts(struct{ *net.TCPConn }{here}), "nor is what may do something else besides")
}
