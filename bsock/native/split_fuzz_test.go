package native

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Whatever a peer sends, and in whatever pieces, the messages, the errors and
// the answers are those of the WebSocket module alone.
func FuzzFramesAreTheModules(f *testing.F) {
	const eight = "\xff\xff\xff\xff\xff\xff\xff"
	long := strings.Repeat("x", 3000)
	for _, seed := range []string{
		"\x81\x01a\x82\x01b\x89\x01p\x81\x00\x88\x02\x03\xe8\x81\x01c",
		"\x81\x81\x01\x02\x03\x04a\x82\x82\x01\x02\x03\x04bc\x89\x80\x01\x02\x03\x04\x81\x80\x00\x00\x00\x00\x88\x82\x00\x00\x00\x00\x03\xe8",
		"\x01\x01a\x89\x00\x80\x01b\x81\x01c", "\x01\x81\x00\x00\x00\x00a\x80\x81\x00\x00\x00\x00b\x81\x81\x00\x00\x00\x00c",
		"\x01\x01a\x81\x01b", "\x81\x01a\x80\x01b", "\x81\x01a\x83\x01b", "\x81\x01a\xc1\x01b", "\x81\x01a\x09\x01b", "\x81\x01a\x89\x7e\x00\x7e",
		"\x81\x01a\x81\x7f\x7f" + eight + "bc", "\x81\x7f\xff" + eight, "\x81\xff\x7f" + eight + "\x00\x00\x00\x00bc", "\x81\xff\xff" + eight,
		"\x88\x01a", "\x88\x00", "\x88\x02\x03\xec", "\x8a\x7f\x7f" + eight,
		"\x81\x7e\x0b\xb8" + long + "\x81\x01a", "\x81\x01a\x81\x7e\x0b\xb9" + long + "y\x81\x01a", "\x81\x01a\x01\x7e\x0b\xb8" + long + "\x80\x01a",
	} {
		for _, piece := range []uint8{0, 1, 3} {
			f.Add([]byte(seed), piece, true)
			f.Add([]byte(seed), piece, false)
		}
	}
	f.Fuzz(func(t *testing.T, sent []byte, piece uint8, server bool) {
		require.Equal(t, hear(t, sent, piece, server, true), hear(t, sent, piece, server, false))
	})
}

// A message whose end has not come when the connection ends is none.
func TestHalfAMessageIsNone(t *testing.T) {
	for sentence, sent := range map[string]string{
		"a small message": "\x81\x02a", "only its header": "\x81\x02",
		"a large one": "\x82\x7e\x0b\xb8" + strings.Repeat("x", 512), "only the header of it": "\x82\x7e\x0b\xb8",
		"the first piece": "\x02\x01a", "half a piece": "\x02\x02a",
	} {
		for _, alone := range []bool{false, true} {
			heard := hear(t, []byte(sent), 0, false, alone)
			require.Len(t, heard, 2, "%s is heard: %q", sentence, heard)
			require.Contains(t, heard[0], "ABNORMAL_CLOSURE", sentence)
		}
	}
}

// hear tells what becomes of what is sent in pieces of a size, 0 for all at once.
func hear(t *testing.T, sent []byte, piece uint8, server, alone bool) (heard []string) {
	s := &script{Reader: bytes.NewReader(sent), piece: int(piece)}
	open := s.dial
	if server {
		open = s.accept
	}
	ws := open(t)
	if alone {
		ws.wire.in.pass = math.MaxInt64 // all is the module's
	}
	defer ws.abort()
	for {
		msg, text, err := ws.read(t.Context())
		if err != nil {
			return append(heard, fmt.Sprint(err), s.answers(t))
		}
		heard = append(heard, fmt.Sprintf("%t %q", text, msg))
	}
}

// A script is a connection on which is heard what has been written before.
type script struct {
	*bytes.Reader
	net.Conn
	piece   int
	pause   time.Duration // of each Write
	written bytes.Buffer
}

// Read implements net.Conn.
func (s *script) Read(p []byte) (int, error) {
	if s.piece > 0 {
		p = p[:min(len(p), s.piece)]
	}
	return s.Reader.Read(p)
}

// Write implements net.Conn.
func (s *script) Write(p []byte) (int, error) {
	time.Sleep(s.pause)
	return s.written.Write(p)
}

// Close implements net.Conn.
func (s *script) Close() error { return nil }

// answers returns the frames that were written, without their masks.
func (s *script) answers(t *testing.T) (all string) {
	for out := s.written.Bytes(); len(out) > 0; {
		h, ok := headerOf(out)
		require.True(t, ok && h.length+int(h.size) <= len(out), "frames are whole")
		payload := out[h.length : h.length+int(h.size)]
		if h.masked {
			mask(payload, h.key)
		}
		all += fmt.Sprintf("%x %q ", h.first, payload)
		out = out[h.length+int(h.size):]
	}
	return all
}

// mostHeard is more than is waited for: a larger frame passes at once.
const mostHeard = 3000

// scripted is a ResponseWriter whose connection is a script.
type scripted struct {
	*httptest.ResponseRecorder
	script *script
}

// Hijack implements http.Hijacker.
func (s scripted) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return s.script, bufio.NewReadWriter(bufio.NewReader(s.script), bufio.NewWriter(s.script)), nil
}

func (s *script) accept(t *testing.T) *webSocket {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for key, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="} {
		r.Header.Set(key, value)
	}
	ws, err := acceptWebSocket(scripted{httptest.NewRecorder(), s}, r, &ServerOptions{Limits: Limits{MaxFrame: mostHeard}})
	require.NoError(t, err)
	return ws
}

// RoundTrip implements http.RoundTripper: the module's own handshake is answered
// by its own.
func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := scripted{httptest.NewRecorder(), s}
	ws, err := acceptWebSocket(rec, r, &ServerOptions{})
	if err != nil {
		return nil, err
	}
	ws.abort()
	resp := rec.Result()
	resp.Body = struct {
		io.Reader
		io.Writer
		io.Closer
	}{s, s, s}
	return resp, nil
}

func (s *script) dial(t *testing.T) *webSocket {
	ws, err := dialWebSocket(t.Context(), "ws://peer/", nil, &DialOptions{HTTPClient: &http.Client{Transport: s}, Limits: Limits{MaxFrame: mostHeard}})
	require.NoError(t, err)
	ws.heard = true // or its first error is another
	return ws
}
