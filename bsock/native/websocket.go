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
	"sync"
	"unicode/utf8"

	"nhooyr.io/websocket"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A webSocket is one open WebSocket. One goroutine may read while another
// writes. Compression is off: it costs a window of memory for each connection,
// hashes and keys do not get smaller, and npm's bsock never offers it.
type webSocket struct {
	wire   *wire
	agreed string // subprotocol
	max    int64
	heard  bool // a message has begun

	mu   sync.Mutex
	conn *websocket.Conn // the module's; at a server's end nil until it is needed
	over bool            // it is needed no more

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

// acceptWebSocket answers an upgrade request. If it returns an error it has
// answered the request with what is wrong.
func acceptWebSocket(w http.ResponseWriter, r *http.Request, opts *ServerOptions) (*webSocket, error) {
	if !canHijack(w) {
		http.Error(w, "This server wraps its ResponseWriter in one that has neither Hijack nor Unwrap.", http.StatusNotImplemented)
		return nil, http.ErrNotSupported
	}
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
	_ = conn.CloseNow() // see stage; it is closed whatever it returns
	return &webSocket{
		wire:   h.wire,
		agreed: conn.Subprotocol(),
		max:    int64(opts.Limits.MaxFrame),
		heard:  true, // it has asked to be spoken to
	}, nil
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
	conn.SetReadLimit(-1) // read has a limit of its own, whose error has a name
	return &webSocket{wire: d.wire, agreed: conn.Subprotocol(), max: int64(opts.Limits.MaxFrame), conn: conn}, nil
}

// module returns the module's Conn, until the connection is over.
func (w *webSocket) module() (*websocket.Conn, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return nil, net.ErrClosed
	}
	if w.conn == nil {
		w.conn = stage(w.wire)
	}
	return w.conn, nil
}

// stage returns a Conn of the module's for a server's wire. Such a Conn takes 6 KB,
// a goroutine of its own above all; a connection on which nothing happens takes
// 13 KB without, and it is not needed for messages that come in one piece, nor to
// write them. So the Conn that answered the handshake has been given up, and this
// one is made when a frame comes that is the module's to read, or the connection is
// to be closed. There is no way to a Conn but by a handshake.
func stage(w *wire) *websocket.Conn {
	conn, err := websocket.Accept(&staged{wire: w, header: make(http.Header)}, rehearsed, &websocket.AcceptOptions{
		CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		panic("native: " + err.Error()) // it is the same each time
	}
	conn.SetReadLimit(-1)
	return conn
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
	conn, err := w.module()
	if err != nil {
		return nil, false, err
	}
	typ, r, err := conn.Reader(ctx)
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
	if conn, err := w.module(); err == nil {
		_ = conn.Close(websocket.StatusCode(code), closeReason(reason)) // it is closed whatever it returns
	}
}

// abort closes the connection without a word.
func (w *webSocket) abort() {
	w.mu.Lock()
	w.over = true
	conn := w.conn
	w.mu.Unlock()
	w.interrupt() // there may be no Conn that does
	if conn != nil {
		_ = conn.CloseNow() // it is closed whatever it returns
	}
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
