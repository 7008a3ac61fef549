package native

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// Errors found at this end. What the peer answered is a [bsock.RemoteError],
// what it sent and should not have is a [bsock.ProtocolError].
var (
	// ErrClosed is returned by what needs a connection after it has been
	// closed for good.
	ErrClosed error = bsock.ErrClosed
	// ErrLost is returned by a call whose connection ended before the answer.
	// Whether the peer has carried it out is not known.
	ErrLost error = bsock.ErrLost
	// ErrTimeout is returned by a call that was not answered in time.
	ErrTimeout error = bsock.ErrTimeout
	// ErrNotConnected is wrapped in the error of what waited for a connection
	// until its context ended.
	ErrNotConnected error = bsock.ErrNotConnected
	// ErrNotJoined is returned by what needs a namespace that is not joined.
	ErrNotJoined error = bsock.ErrNotJoined
	// ErrQueueFull is wrapped in the error of what waited for room in the
	// outgoing queue until its context ended. Nothing of it was sent.
	ErrQueueFull error = &bsock.LocalError{Code: "QUEUE_FULL", Message: "Outgoing queue is full."}
	// ErrSlowConsumer is reported of a socket that does not read what is
	// broadcast to it as fast as it is sent.
	ErrSlowConsumer error = &bsock.LocalError{Code: "SLOW_CONSUMER", Message: "Peer reads too slowly."}
	// ErrNotUnderstood ends an attempt at a server that goes on in another
	// language than the WebSocket's.
	ErrNotUnderstood error = &bsock.LocalError{Code: "NOT_UNDERSTOOD", Message: "Peer does not speak this protocol; servers of Socket.IO 3 and later speak that of Socket.IO 2 only with allowEIO3."}
	// ErrWriteTimeout ends a connection whose peer has stopped reading.
	ErrWriteTimeout error = &bsock.LocalError{Code: "WRITE_TIMEOUT", Message: "Timed out writing to the peer."}
	// ErrHookExists is returned for a second hook of one event.
	// bsock: lib/socket.js hook
	ErrHookExists error = &bsock.LocalError{Code: "HOOK_EXISTS", Message: "Hook already bound."}
	// ErrNamespaceExists is returned for a namespace that is served already.
	ErrNamespaceExists error = &bsock.LocalError{Code: "NAMESPACE_EXISTS", Message: "Namespace is served already."}
	// ErrShutdown ends the connections of a server that shuts down.
	ErrShutdown error = &bsock.LocalError{Code: "SHUTDOWN", Message: "Server is shutting down."}
	// ErrPlaceholder is returned for arguments that mix binary data with an
	// object that looks like the placeholder of binary data but is none: the
	// peer could not tell it from a real one.
	ErrPlaceholder error = &bsock.LocalError{Code: "PLACEHOLDER", Message: "Cannot send an object that looks like a placeholder together with binary data."}
)

// A DialError is an attempt to connect that failed before the WebSocket was
// open.
type DialError struct {
	// URL is what was dialed, without user, password, and query.
	URL string
	// Status is the HTTP status of the answer, 0 if there was none.
	Status int
	// Err is the reason.
	Err error
}

func (e *DialError) Error() string { return "dial " + e.URL + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *DialError) Unwrap() error { return e.Err }

// A RefusedError is a namespace that the server does not let the client into.
type RefusedError struct {
	// Namespace is its name.
	Namespace string
	// Remote is what the server said.
	Remote *bsock.RemoteError
}

func (e *RefusedError) Error() string {
	return "namespace " + e.Namespace + " is refused: " + e.Remote.Message
}

// Unwrap returns what the server said.
func (e *RefusedError) Unwrap() error { return e.Remote }

// A PanicError is a panic of a function that the application has bound. The
// connection lives on; the peer is told of an internal error and no more.
type PanicError struct {
	// Where names the function: `hook "get tip"`.
	Where string
	// Value is what it panicked with.
	Value any
	// Stack is where it did.
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic in %s: %v", e.Where, e.Value) }

// safeURL returns raw without what may be secret in it.
func safeURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "the given URL"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// networkError takes the layers off err that repeat the URL.
func networkError(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// printable keeps what a server says from driving the terminal it is shown on.
func printable(r rune) rune {
	if r == utf8.RuneError || !unicode.IsPrint(r) {
		return -1
	}
	return r
}

// saying returns the first line of a refusal in plain text.
func saying(resp *http.Response) string {
	const enough = 200 // bytes, for a line of a log
	if resp.Body == nil || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain") {
		return ""
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, enough)) // what can be read is said
	line, _, _ := strings.Cut(string(body), "\n")
	if line == "" {
		return ""
	}
	return "(" + strings.Map(printable, line) + ")"
}
