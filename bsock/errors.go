package bsock

import "fmt"

// Errors that the peer sent, that the peer caused and that were made here are
// three types, so that a peer cannot forge a local failure.

// A RemoteError is an error the peer sent: the answer to a call, or an ERROR
// packet. Its fields are the peer's own words.
type RemoteError struct {
	Message string
	Name    string // "Error", "TypeError"; empty if the peer sent none
	Type    string
	Code    string // empty if the peer sent none

	// CodeIsNumber says that the peer sent the code as a number.
	CodeIsNumber bool

	// Data is JSON, what a Socket.IO 4 server says besides when it refuses a
	// client; empty if it says nothing.
	Data string
}

func (e *RemoteError) Error() string { return e.Message }

// A ProtocolError is malformed input from the peer. It has been reported and
// nothing else came of it; reading goes on.
type ProtocolError struct {
	Message string
}

func (e *ProtocolError) Error() string { return e.Message }

func protocolErrorf(format string, args ...any) *ProtocolError {
	return &ProtocolError{Message: fmt.Sprintf(format, args...)}
}

// A CloseError is a WebSocket that was closed.
type CloseError struct {
	Code   CloseCode
	Reason string
}

// Error returns bsock's text.
// bsock: lib/socket.js onClose
func (e *CloseError) Error() string {
	reason := e.Reason
	if reason == "" {
		reason = "Unknown reason"
	}
	return "Websocket Closed: " + reason + " (code=" + e.Code.String() + ")."
}

// A LocalError is a failure found at this end. Errors of this type are
// compared by identity with the variables below, or by their Code.
type LocalError struct {
	Code    string // "TIMEOUT", for programs
	Message string // for people
}

func (e *LocalError) Error() string { return e.Message }

// What can go wrong at this end.
var (
	// ErrNotConnected is returned for what is sent before the connection is
	// up, or after it has ended.
	ErrNotConnected = &LocalError{"NOT_CONNECTED", "Socket is not connected."}
	// ErrCouldNotConnect ends an attempt whose WebSocket did not open.
	// bsock: lib/socket.js onClose
	ErrCouldNotConnect = &LocalError{"CONNECT_FAILED", "Could not connect."}
	// ErrConnectTimeout ends an attempt that took too long.
	// bsock: lib/socket.js stall
	ErrConnectTimeout = &LocalError{"CONNECT_TIMEOUT", "Timed out waiting for connection."}
	// ErrStalled ends a connection whose peer has gone silent.
	// bsock: lib/socket.js stall
	ErrStalled = &LocalError{"STALLED", "Connection is stalling (ping)."}
	// ErrTimeout rejects a call that was not answered in time.
	// bsock: lib/socket.js stall
	ErrTimeout = &LocalError{"TIMEOUT", "Job timed out."}
	// ErrLost rejects what was under way when the connection was lost.
	ErrLost = &LocalError{"CONNECTION_LOST", "Connection was lost."}
	// ErrClosed rejects what was under way when this end closed.
	// bsock: lib/socket.js call
	ErrClosed = &LocalError{"CLOSED", "Socket destroyed."}
	// ErrBadEvent is returned for an event name that may not be sent or bound.
	ErrBadEvent = &LocalError{"BAD_EVENT", "Blacklisted event."}
	// ErrNotJoined is returned for what is sent to a namespace that was not
	// joined.
	ErrNotJoined = &LocalError{"NOT_JOINED", "Namespace is not joined."}
	// ErrBadNamespace is returned for a namespace that cannot be joined, or
	// not be left.
	ErrBadNamespace = &LocalError{"BAD_NAMESPACE", "A namespace begins with a slash and holds neither comma nor question mark; the default one is joined and left with the connection."}
	// ErrTooLarge is returned for a frame above the limit.
	// bsock: lib/parser.js feedString
	ErrTooLarge = &LocalError{"TOO_LARGE", "Frame too large."}
)

// NotFound is what a call of an unknown hook is answered with.
// bsock: lib/socket.js handleCall
func NotFound(event string) *RemoteError {
	return &RemoteError{Message: "Call not found: " + event + ".", Name: "Error"}
}

// appendRemoteError appends e as bsock writes it: the four fields in this
// order, null for what is absent.
// bsock: lib/socket.js sendError
func appendRemoteError(dst []byte, e *RemoteError) []byte {
	for i, field := range [...][2]string{
		{`{"message":`, e.Message}, {`,"name":`, e.Name}, {`,"type":`, e.Type}, {`,"code":`, e.Code},
	} {
		dst = append(dst, field[0]...)
		switch value := field[1]; {
		case value == "" && i > 0:
			dst = append(dst, "null"...)
		case i == 3 && e.CodeIsNumber && isNumber(value):
			dst = append(dst, value...)
		default:
			dst = appendString(dst, value)
		}
	}
	return append(dst, '}')
}

// appendConnectError appends e as Socket.IO 4 writes it, with bsock's fields
// where they say something.
// Socket.IO 5 protocol: "Connection to a namespace"
func appendConnectError(dst []byte, e *RemoteError) []byte {
	dst = appendString(append(dst, `{"message":`...), e.Message)
	dst = appendField(dst, `,"name":`, e.Name)
	dst = appendField(dst, `,"type":`, e.Type)
	dst = appendField(dst, `,"code":`, e.Code)
	if validJSON([]byte(e.Data)) {
		dst = append(append(dst, `,"data":`...), e.Data...)
	}
	return append(dst, '}')
}

func appendField(dst []byte, key, value string) []byte {
	if value == "" {
		return dst
	}
	return appendString(append(dst, key...), value)
}

func isNumber(s string) bool {
	end, ok := scanNumber([]byte(s), 0)
	return ok && end == len(s)
}
