package native

// The WebSocket module was named by the project's user. It is frozen and lives
// on as github.com/coder/websocket with the same API; this file is the only one
// that imports it, so moving on is a change of the import below.
//
//lint:file-ignore SA1019 all of the module is marked deprecated in favour of its continuation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"unicode/utf8"

	"nhooyr.io/websocket"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A webSocket is one open WebSocket. One goroutine may read while another
// writes. Compression is off: it costs a window of memory for each connection,
// hashes and keys do not get smaller, and npm's bsock never offers it.
type webSocket struct {
	conn  *websocket.Conn
	wire  *wire
	max   int64
	heard bool // a message has begun

	// Reading.
	buf    bytes.Buffer // of what the module reads
	frames []byte       // whole messages that have not been taken: in room
	room   *[]byte
	chunk  []byte // room for messages that come together
}

const (
	// keptBuffer is the size up to which a message is copied out of the read
	// buffer, so that the buffer can be used again.
	keptBuffer = 1 << 16

	// maxChunk is how much memory messages share that come together, in bytes:
	// whoever keeps one keeps them all.
	maxChunk = 1 << 10
)

func newWebSocket(conn *websocket.Conn, maxFrame int, w *wire) *webSocket {
	conn.SetReadLimit(-1) // read has a limit of its own, whose error has a name
	return &webSocket{conn: conn, max: int64(maxFrame), wire: w}
}

// acceptWebSocket answers an upgrade request. If it returns an error it has
// answered the request with what is wrong.
func acceptWebSocket(w http.ResponseWriter, r *http.Request, opts *ServerOptions) (*webSocket, error) {
	h := &hijacker{ResponseWriter: w, writeBuffer: opts.WriteBuffer}
	conn, err := websocket.Accept(h, r, &websocket.AcceptOptions{
		Subprotocols:       opts.Subprotocols,
		OriginPatterns:     opts.OriginPatterns,
		InsecureSkipVerify: opts.AnyOrigin,
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, err
	}
	ws := newWebSocket(conn, opts.Limits.MaxFrame, h.wire)
	ws.heard = true // it has asked to be spoken to
	return ws, nil
}

// dialWebSocket opens a WebSocket to url. Its error is a *DialError.
func dialWebSocket(ctx context.Context, url string, subprotocols []string, opts *DialOptions) (*webSocket, error) {
	d := new(dialer)
	conn, resp, err := websocket.Dial(ctx, url, &websocket.DialOptions{
		HTTPClient:      d.through(opts.HTTPClient),
		HTTPHeader:      opts.HTTPHeader,
		Subprotocols:    subprotocols,
		CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, newDialError(ctx, url, resp, err)
	}
	return newWebSocket(conn, opts.Limits.MaxFrame, d.wire), nil
}

// read returns the next message, which is the caller's to keep. The error of a
// WebSocket that was closed is a *bsock.CloseError, that of a message above the
// limit bsock.ErrTooLarge.
func (w *webSocket) read(ctx context.Context) (msg []byte, text bool, err error) {
	if len(w.frames) == 0 {
		if w.frames, w.room, err = w.wire.in.messages(); err != nil {
			return nil, false, w.firstError(ctx, readError(err))
		}
	}
	if len(w.frames) > 0 {
		w.heard = true
		return w.next()
	}
	typ, r, err := w.conn.Reader(ctx)
	if err != nil {
		return nil, false, w.firstError(ctx, readError(err))
	}
	w.heard = true
	n, err := w.buf.ReadFrom(io.LimitReader(r, w.max+1))
	if err != nil {
		return nil, false, readError(err)
	}
	if n > w.max {
		return nil, false, bsock.ErrTooLarge
	}
	return w.take(), typ == websocket.MessageText, nil
}

// waiting reports whether read will not wait.
func (w *webSocket) waiting() bool { return len(w.frames) > 0 }

// next takes the first of the messages that have come together.
func (w *webSocket) next() (msg []byte, text bool, err error) {
	h, _ := headerOf(w.frames) // it is whole
	end := h.length + int(h.size)
	msg = w.frames[h.length:end]
	if h.size > w.max {
		return nil, false, bsock.ErrTooLarge
	}
	if h.masked {
		mask(msg, h.key)
	}
	msg = w.keep(msg, len(w.frames))
	if w.frames = w.frames[end:]; len(w.frames) == 0 {
		free(w.room)
		w.room, w.chunk = nil, nil
	}
	return msg, h.first == finalBit|opText, nil
}

// keep returns a copy of msg, one of those that together have so many bytes.
func (w *webSocket) keep(msg []byte, together int) []byte {
	if len(msg) > cap(w.chunk)-len(w.chunk) {
		w.chunk = make([]byte, 0, max(len(msg), min(together, maxChunk)))
	}
	start := len(w.chunk)
	w.chunk = append(w.chunk, msg...)
	return w.chunk[start:len(w.chunk):len(w.chunk)]
}

func (w *webSocket) take() []byte {
	if w.buf.Len() > keptBuffer {
		msg := w.buf.Bytes()
		w.buf = bytes.Buffer{}
		return msg
	}
	msg := bytes.Clone(w.buf.Bytes())
	w.buf.Reset()
	return msg
}

// firstError returns err, or a better one for what is no WebSocket at all. A
// server of Socket.IO 3 or later that is spoken to in Engine.IO 3 agrees to the
// handshake, and then sends an answer of HTTP.
func (w *webSocket) firstError(ctx context.Context, err error) error {
	var closed *bsock.CloseError
	var network net.Error
	if w.heard || ctx.Err() != nil || errors.As(err, &closed) || errors.As(err, &network) || errors.Is(err, net.ErrClosed) {
		return err
	}
	return ErrNotUnderstood
}

func readError(err error) error {
	var closed websocket.CloseError
	if errors.As(err, &closed) {
		return &bsock.CloseError{Code: bsock.CloseCode(closed.Code), Reason: closed.Reason}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &bsock.CloseError{Code: bsock.CloseAbnormal}
	}
	return err
}

// write sends frames, which are whole: head and then rest, which may be empty.
func (w *webSocket) write(head, rest []byte) error { return w.wire.send(head, rest) }

// close sends a close frame and waits some seconds for the peer's.
func (w *webSocket) close(code bsock.CloseCode, reason string) {
	_ = w.conn.Close(websocket.StatusCode(code), closeReason(reason)) // it is closed whatever it returns
}

// abort closes the connection without a word.
func (w *webSocket) abort() {
	_ = w.conn.CloseNow() // it is closed whatever it returns
}

// interrupt has a read or a write that is under way fail.
func (w *webSocket) interrupt() {
	_ = w.wire.Close() // it is closed whatever it returns
}

// maxCloseReason is what fits in a control frame behind the code.
// RFC 6455, section 5.5
const maxCloseReason = 123

func closeReason(s string) string {
	for len(s) > maxCloseReason {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

func (w *webSocket) subprotocol() string { return w.conn.Subprotocol() }

// newDialError says what failed without the secrets a URL may hold.
func newDialError(ctx context.Context, url string, resp *http.Response, err error) *DialError {
	e := &DialError{URL: safeURL(url), Err: networkError(ctx, err)}
	if resp == nil {
		return e
	}
	if e.Status = resp.StatusCode; e.Status == http.StatusSwitchingProtocols {
		return e
	}
	e.Err = errors.New(strings.TrimSpace(fmt.Sprintf("HTTP %s %s", resp.Status, saying(resp))))
	return e
}
