package native_test

import (
	"io"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

func TestOneCloseFrameIsTheLastFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		p := w.rawDial()
		go func() { _ = w.socket().CloseWith(bsock.CloseGoingAway, "bye") }()
		require.Equal(t, "1001 bye", p.wantClose())
		p.frame(opClose, []byte{1001 >> 8, 1001 & 0xff, 'b', 'y', 'e'})
		_, data, err := p.next()
		assert.ErrorIs(t, err, io.EOF, "nothing comes behind the close frame, but got %q", data)
	})
}

func TestPeersCloseFrameIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		p := w.rawDial()
		p.frame(opClose, []byte{1000 >> 8, 1000 & 0xff})
		require.Equal(t, "1000 ", p.wantClose())
		_, data, err := p.next()
		assert.ErrorIs(t, err, io.EOF, "nothing comes behind the close frame, but got %q", data)
	})
}

func TestClientSaysOneCloseFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRawServer(t)
		p, client := s.connect(native.DialOptions{})
		p.text(hello)
		p.text("40")
		c := receive(t, client, "the client")
		go func() { _ = c.Close() }()
		require.Equal(t, "1000 ", p.wantClose())
		p.frame(opClose, []byte{1000 >> 8, 1000 & 0xff})
		_, data, err := p.next()
		assert.ErrorIs(t, err, io.EOF, "nothing comes behind the close frame, but got %q", data)
		<-c.Done()
	})
}

func TestClientAnswersACloseFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRawServer(t)
		p, client := s.connect(native.DialOptions{Reconnect: bsock.Backoff{Off: true}})
		p.text(hello)
		p.text("40")
		c := receive(t, client, "the client")
		p.frame(opClose, []byte{1001 >> 8, 1001 & 0xff})
		require.Equal(t, "1001 ", p.wantClose())
		_, data, err := p.next()
		assert.ErrorIs(t, err, io.EOF, "nothing comes behind the close frame, but got %q", data)
		<-c.Done()
	})
}
