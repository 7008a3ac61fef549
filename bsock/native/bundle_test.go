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

// Whatever comes, and in whatever pieces, the module is handed the frames that
// came: behind one header those of a bundle, others as they are.
func TestBundlerKeepsWhatComes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		masked := rapid.Bool().Draw(t, "masked")
		var sent []byte
		for range rapid.IntRange(0, 40).Draw(t, "frames") {
			sent = append(sent, drawFrames(t, masked)...)
		}
		b := &bundler{from: &chunks{t: t, data: sent}, masked: masked}
		assert.Equal(t, sent, unbundle(t, b))
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

// unbundle reads to the end, as the module does, and takes the headers of bundles
// off again.
func unbundle(t *rapid.T, b *bundler) (all []byte) {
	out, err := io.ReadAll(b)
	require.NoError(t, err)
	for len(out) > 0 {
		h, ok := headerOf(out)
		require.True(t, ok, "there is a header")
		whole := int(h.size) + h.length
		begins := h.first&opControl == 0 && h.first&0xf != opContinuation
		if begins && b.isBundle() {
			require.Equal(t, [4]byte{}, h.key, "a bundle's mask changes nothing")
			all = append(all, out[h.length:whole]...)
		} else {
			all = append(all, out[:whole]...)
		}
		out = out[whole:]
	}
	return all
}

func TestBundlerHandsOnErrors(t *testing.T) {
	frames := []byte{finalBit | opText, 2, '4', '0', finalBit | opText, 9, 'x'}
	b := &bundler{from: io.MultiReader(bytes.NewReader(frames), iotest.ErrReader(io.ErrClosedPipe))}
	got, err := io.ReadAll(b)
	assert.ErrorIs(t, err, io.ErrClosedPipe)
	assert.Equal(t, append([]byte{finalBit | opBinary, 4}, frames[:4]...), got, "what was whole before the error")
}

// A connection on which nothing happens keeps no room; and no peer can have more
// kept than is made for one message.
func TestBundlerKeepsNoRoom(t *testing.T) {
	r, w := io.Pipe()
	b := &bundler{from: r}
	go func() { w.Write([]byte{finalBit | opText, 1, '2'}) }()
	var p [4096]byte
	for n := 0; n < 5; {
		got, err := b.Read(p[:])
		require.NoError(t, err)
		n += got
	}
	assert.Nil(t, b.room)
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
	b := &bundler{from: bytes.NewReader([]byte{0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 'x'})}
	got, err := io.ReadAll(b)
	assert.NoError(t, err)
	assert.Len(t, got, 10, "its header passes")
	largest := []byte{0x81, 0x7f, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 'x'}
	b = &bundler{from: bytes.NewReader(largest)}
	got, err = io.ReadAll(b)
	assert.NoError(t, err)
	assert.Equal(t, largest, got, "so does what comes of a frame that never ends")
}
