package native

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Whatever comes, and in whatever pieces, is handed out once and in its order:
// whole messages, and what is left to the module.
func TestIntakeHandsOutWhatComes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		masked := rapid.Bool().Draw(t, "masked")
		var sent []byte
		for range rapid.IntRange(0, 40).Draw(t, "frames") {
			sent = append(sent, drawFrames(t, masked)...)
		}
		early := rapid.IntRange(0, len(sent)).Draw(t, "come with the handshake")
		in := newIntake(&chunks{t: t, data: sent[early:]}, masked)
		in.raw = bytes.Clone(sent[:early])
		assert.Equal(t, sent, takeAll(t, &in))
	})
}

// drawFrames draws a frame, or the frames of a message in pieces.
func drawFrames(t *rapid.T, masked bool) []byte {
	size := rapid.SampledFrom([]int{0, 1, 75, 125, 126, maxWaiting, maxWaiting + 1, smallRoom, largeRoom, 1 << 16}).Draw(t, "size")
	frame := func(first byte, size int) []byte {
		f := appendHeader(nil, first == finalBit|opText, masked, size)
		f[0] = first
		if masked {
			f = append(f, 1, 2, 3, 4)
		}
		return append(f, bytes.Repeat([]byte{first}, size)...)
	}
	switch rapid.SampledFrom([]string{"text", "text", "binary", "ping", "pieces"}).Draw(t, "kind") {
	case "text":
		return frame(finalBit|opText, size)
	case "binary":
		return frame(finalBit|opBinary, size)
	case "ping":
		return frame(finalBit|0x9, min(size, 125))
	}
	first := append(frame(opText, size), frame(finalBit|0x9, 3)...)
	return append(append(first, frame(opContinuation, 75)...), frame(finalBit|opContinuation, size)...)
}

// chunks is read in pieces of all sizes.
type chunks struct {
	t    *rapid.T
	data []byte
}

// Read implements io.Reader.
func (c *chunks) Read(p []byte) (int, error) {
	if len(c.data) == 0 {
		return 0, io.EOF
	}
	most := rapid.SampledFrom([]int{1, 2, 7, 300, 5000, 1 << 20}).Draw(c.t, "piece")
	n := copy(p, c.data[:min(most, len(c.data))])
	c.data = c.data[n:]
	return n, nil
}

// takeAll reads to the end, as a link does and the module, each what is its.
func takeAll(t *rapid.T, in *intake) (all []byte) {
	for {
		frames, room, err := in.messages()
		if err != nil {
			require.ErrorIs(t, err, io.EOF)
			return all
		}
		for rest := frames; len(rest) > 0; {
			h, ok := headerOf(rest)
			require.True(t, ok && h.message(in.masked), "whole messages are handed out")
			rest = rest[h.length+int(h.size):]
		}
		all = append(all, frames...)
		free(room)
		if len(frames) == 0 {
			frames, end := readMessage(t, in)
			if all = append(all, frames...); end {
				return all
			}
		}
	}
}

// readMessage reads as the module does until it has a message, or the end.
func readMessage(t *rapid.T, in *intake) (all []byte, end bool) {
	for {
		var frame bytes.Buffer
		if _, err := io.CopyN(&frame, in, 1); err != nil {
			require.ErrorIs(t, err, io.EOF)
			return all, true
		}
		_, err := io.CopyN(&frame, in, in.pass)
		require.NoError(t, err, "a frame is whole")
		all = append(all, frame.Bytes()...)
		if first := frame.Bytes()[0]; first&opControl == 0 && first&finalBit != 0 {
			return all, false
		}
	}
}

func TestIntakeHandsOnErrors(t *testing.T) {
	sent := []byte{finalBit | opText, 2, '4', '0', finalBit | opText, 9, 'x'}
	in := newIntake(io.MultiReader(bytes.NewReader(sent), iotest.ErrReader(io.ErrClosedPipe)), false)
	got, _, err := in.messages()
	assert.NoError(t, err)
	assert.Equal(t, sent[:4], got, "what was whole before the error")
	_, _, err = in.messages()
	assert.ErrorIs(t, err, io.ErrClosedPipe)
}

// Who takes messages has their room to itself, even if the beginning of another
// came with them.
func TestIntakeGivesRoomAway(t *testing.T) {
	r, w := io.Pipe()
	in := newIntake(r, false)
	go func() {
		_, _ = w.Write([]byte{finalBit | opText, 1, '2', finalBit | opText})
		_, _ = w.Write([]byte{1, '3'})
	}()
	first, room, err := in.messages()
	require.NoError(t, err)
	require.NotNil(t, room)
	second, _, err := in.messages()
	require.NoError(t, err)
	assert.Equal(t, []byte{finalBit | opText, 1, '2'}, first)
	assert.Equal(t, []byte{finalBit | opText, 1, '3'}, second)
	assert.Nil(t, in.room, "nothing is left")
}

func TestMask(t *testing.T) {
	key := [4]byte{1, 2, 3, 4}
	for size := range 40 {
		data, want := make([]byte, size), make([]byte, size)
		for i := range want {
			want[i] = key[i%4]
		}
		mask(data, key)
		assert.Equal(t, want, data)
	}
}

// What is not possible passes, for the module to complain of.
func TestHeaderOf(t *testing.T) {
	for _, short := range [][]byte{nil, {0x81}, {0x81, 126, 0}, {0x81, 127, 0, 0, 0}, {0x81, 0x80 | 5, 1, 2, 3}} {
		_, ok := headerOf(short)
		assert.False(t, ok, "%x is no whole header", short)
	}
	h, ok := headerOf([]byte{0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	assert.True(t, ok)
	assert.Negative(t, h.size)
	in := newIntake(bytes.NewReader([]byte{0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), false)
	got, err := io.ReadAll(&in)
	assert.NoError(t, err)
	assert.Len(t, got, 10, "its header passes")
	largest := []byte{0x81, 0x7f, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 'x'}
	in = newIntake(bytes.NewReader(largest), false)
	got, err = io.ReadAll(&in)
	assert.NoError(t, err)
	assert.Equal(t, largest, got, "so does what comes of a frame that never ends")
}
