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
	max   int64
	buf   bytes.Buffer
	heard bool // a message has begun
	last  *farewell
}

// keptBuffer is the size up to which a message is copied out of the read
// buffer, so that the buffer can be used again.
const keptBuffer = 1 << 16

func newWebSocket(conn *websocket.Conn, maxFrame int, last *farewell) *webSocket {
	conn.SetReadLimit(-1) // read has a limit of its own, whose error has a name
	return &webSocket{conn: conn, max: int64(maxFrame), last: last}
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
	ws := newWebSocket(conn, opts.Limits.MaxFrame, h.last)
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
	return newWebSocket(conn, opts.Limits.MaxFrame, d.last), nil
}

// read returns the next message, which is the caller's to keep. The error of a
// WebSocket that was closed is a *bsock.CloseError, that of a message above the
// limit bsock.ErrTooLarge.
func (w *webSocket) read(ctx context.Context) (msg []byte, text bool, err error) {
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

// write sends a message. It keeps no reference to msg.
func (w *webSocket) write(ctx context.Context, msg []byte, text bool) error {
	typ := websocket.MessageBinary
	if text {
		typ = websocket.MessageText
	}
	return w.conn.Write(ctx, typ, msg)
}

// close sends a close frame and waits some seconds for the peer's.
func (w *webSocket) close(code bsock.CloseCode, reason string) {
	w.last.leaving.Store(true)
	_ = w.conn.Close(websocket.StatusCode(code), closeReason(reason)) // it is closed whatever it returns
}

// abort closes the connection without a word.
func (w *webSocket) abort() {
	_ = w.conn.CloseNow() // it is closed whatever it returns
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
