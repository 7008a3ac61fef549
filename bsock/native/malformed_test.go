package native_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

func TestMalformedFrames(t *testing.T) {
	frames := []struct{ frame, want string }{
		{``, "Empty frame."},
		{`x`, `Unknown frame type 'x'.`},
		{`4`, "Empty packet."},
		{`49`, `Unknown packet type '9'.`},
		{`42`, "'args' must be a(n) array."},
		{`42{}`, "'args' must be a(n) array."},
		{`42[1]`, "'event' must be a(n) string."},
		{`42["a",`, "Packet is not valid JSON."},
		{`42["a"]]`, "Packet is not valid JSON."},
		{`43[null]`, "'id' must be a(n) uint32."},
		{`437[null]`, "Job not found for 7."},
		{`42/admin,["a"]`, `Packet for the unknown namespace "/admin".`},
		{`4299999999999["a"]`, "Number with more than 10 digits."},
		{`4599999-["a"]`, "Packet with 99999 attachments, above the limit of 65536."},
		{`42["disconnect"]`, "Cannot emit blacklisted event: disconnect."},
		{"42[\"\xff\"]", "Text frame is not valid UTF-8."},
		{`b4!`, "Binary frame is not valid base64."},
		{`40`, "Inbound socket sent connect packet."},
		{`3`, "Inbound socket sent a pong frame."},
	}
	synctest.Test(t, func(t *testing.T) {
		errs := make(chan error, 100)
		w := newWorld(t, native.ServerOptions{OnError: func(_ *native.Socket, err error) { errs <- err }})
		p := w.rawDial()
		got := inbox(t, w.socket(), "fine")
		go func() { // reads the errors it is sent
			for {
				if _, _, err := p.next(); err != nil {
					return
				}
			}
		}()
		for _, test := range frames {
			p.text(test.frame)
			err := receive(t, errs, "the report of "+test.frame)
			var malformed *bsock.ProtocolError
			assert.ErrorAs(t, err, &malformed, "%s is the peer's fault", test.frame)
			assert.EqualError(t, err, test.want, "%s is reported", test.frame)
			p.text(`42["fine"]`)
			receive(t, got, "an event behind "+test.frame)
		}
		p.binary([]byte{1})
		assert.EqualError(t, receive(t, errs, "the report"), "Received binary frame as a message.")
		p.text(`44{"message":"boom","code":"EBOOM"}`)
		var remote *bsock.RemoteError
		require.ErrorAs(t, receive(t, errs, "the report"), &remote, "an ERROR packet is the peer's own words")
		assert.Equal(t, "EBOOM", remote.Code)
		p.conn.Close()
	})
}

func TestFrameTooLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxFrame: 1000, MaxSend: 900}})
		p := w.rawDial()
		s := w.socket()
		got := inbox(t, s, "x")
		fits := `42["x","` + strings.Repeat("x", 1000-len(`42["x",""]`)) + `"]`
		p.text(fits)
		receive(t, got, "a message of just the size that is allowed")
		assert.ErrorIs(t, s.Fire(w.ctx, "x", strings.Repeat("x", 900)), bsock.ErrTooLarge, "what is sent has a bound of its own")
		assert.ErrorIs(t, w.server.All("x", make([]byte, 900)), bsock.ErrTooLarge)
		go p.tryFrame(opText, []byte(fits+" "))
		assert.Equal(t, "1009 Frame too large.", p.wantClose(), "nor received")
		<-s.Context().Done()
		assert.ErrorIs(t, context.Cause(s.Context()), bsock.ErrTooLarge)
		p.conn.Close()
	})
}

func TestResultTooLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errs := make(chan error, 10)
		w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxSend: 1000}, OnError: func(_ *native.Socket, err error) { errs <- err }})
		c, s := w.dial(native.DialOptions{})
		assert.NoError(t, s.Hook("large", func(context.Context, native.Args) (any, error) { return make([]byte, 1000), nil }))
		_, err := c.Call(w.ctx, "large")
		assert.EqualError(t, err, "Internal error.", "the caller is not left waiting")
		err = receive(t, errs, "the report")
		assert.ErrorIs(t, err, bsock.ErrTooLarge)
		assert.EqualError(t, err, `answer to "large": Frame too large.`)
	})
}
