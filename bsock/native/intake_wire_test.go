package native_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// rawFrame is a client's frame, with a mask of zeros; first is its first byte.
func rawFrame(first byte, text string) []byte {
	return append([]byte{first, 0x80 | byte(len(text)), 0, 0, 0, 0}, text...)
}

const (
	final        = 0x80
	continuation = 0
	opPing       = 9
	opPong       = 10
)

// All kinds of frames come in one piece, and each is dealt with in its turn.
func TestFramesThatComeTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		p := w.rawDial()
		got := inbox(t, w.socket(), "e")
		large := `42["e","` + strings.Repeat("x", 110) + `"]`
		var all []byte
		for _, frame := range [][]byte{
			rawFrame(final|opText, `42["e",0]`),
			rawFrame(final|opText, `42["e",1]`),
			rawFrame(final|opPing, "are you there"),
			rawFrame(opText, `42["e"`),
			rawFrame(continuation, `,`),
			rawFrame(final|opPing, "still"),
			rawFrame(final|continuation, `2]`),
			rawFrame(final|opText, `451-["e",{"_placeholder":true,"num":0}]`),
			rawFrame(final|opBinary, "\x04abc"),
			rawFrame(final|opText, large),
		} {
			all = append(all, frame...)
		}
		go func() {
			for _, b := range all[:40] { // the first come in pieces as well
				_, _ = p.conn.Write([]byte{b})
			}
			_, _ = p.conn.Write(all[40:])
		}()
		for _, want := range []string{"are you there", "still"} {
			op, data, err := p.next()
			require.NoError(t, err)
			assert.Equal(t, fmt.Sprint(opPong, want), fmt.Sprint(op, string(data)))
		}
		for i := range 3 {
			args := receive(t, got, "an event")
			assert.Equal(t, fmt.Sprint(i), string(args.Raw(0)))
		}
		args := receive(t, got, "binary data")
		data, _ := args.Bytes(0)
		assert.Equal(t, "abc", string(data))
		args = receive(t, got, "a longer event")
		text, _ := args.Text(0)
		assert.Len(t, text, 110)
	})
}

// What a client must not send ends its connection, and what came before is heard.
func TestFramesThatAreWrong(t *testing.T) {
	for sentence, frame := range map[string][]byte{
		"a frame without a mask":          {final | opText, 2, '4', '2'},
		"a bit that means nothing":        rawFrame(final|0x40|opText, "42"),
		"a piece of nothing":              rawFrame(final|continuation, "42"),
		"an opcode that there is not":     rawFrame(final|3, "42"),
		"a message within a message":      append(rawFrame(opText, `42["e"`), rawFrame(final|opText, "42")...),
		"a size that is not possible":     {final | opText, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		"a ping that is too long":         rawFrame(final|opPing, strings.Repeat("x", 126)),
		"a close frame of a single byte":  rawFrame(final|opClose, "x"),
		"a message above the limit of it": rawFrame(final|opText, strings.Repeat("x", 120)),
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxFrame: 100}})
			p := w.rawDial()
			s := w.socket()
			got := inbox(t, s, "e")
			go func() { _, _ = p.conn.Write(append(rawFrame(final|opText, `42["e",0]`), frame...)) }()
			go p.drain()
			receive(t, got, "what came before "+sentence)
			<-s.Done()
		})
	}
}
