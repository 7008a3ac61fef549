package middleware

// A Host does for a Middleware what only its embedder can. Its methods may call
// back into the Middleware before they return, and must not panic.
type Host interface {
	Store
	Transport

	// AskKey asks for the API key. [Middleware.HandleKey] or
	// [Middleware.HandleKeyError] answers, during this call or later, with
	// the same attempt.
	AskKey(attempt uint32)
	// Log shows a message to whoever develops the page.
	Log(message string)
}

// A Store is the Redux store, and the callers that wait for their emits.
//
// An exception thrown by the application during a dispatch must not pass
// through here. The host shows it to the page as uncaught, and the method
// reports false.
type Store interface {
	// Dispatch dispatches {type}.
	Dispatch(actionType string) (ok bool)
	// DispatchClosed dispatches SOCKET_CLOSED {code, reason, willRetry}.
	DispatchClosed(code uint16, reason string, willRetry bool) (ok bool)
	// DispatchError dispatches SOCKET_ERROR with an Error of these fields,
	// the empty ones left out; codeIsNumber says that code is to be a number.
	// If emit is not 0 the error names that emit, which goes on to wait.
	DispatchError(emit uint32, message, name, errorType, code string, codeIsNumber bool) (ok bool)
	// DispatchThrown dispatches SOCKET_ERROR with what the application threw
	// last.
	DispatchThrown()
	// Forward hands disconnectedAction to the next middleware.
	Forward() (ok bool)

	// Deliver dispatches the action of a listener with the body's arguments.
	// The body is consumed if last.
	Deliver(listener, ref, offset uint32, last bool) (delivered Delivery)
	// Answer returns a new body with what a listener answers to a call, and
	// how many attachments it has.
	Answer(listener uint32) (ref, attachments uint32)

	// Settle resolves the promise of an emit with the answer in the body, or
	// with undefined if ref is 0, and calls its acknowledge function. Both the
	// emit and the body are consumed.
	Settle(emit, ref, offset uint32) (settled Delivery)
	// Reject rejects the promise of an emit, fields as in DispatchError. The
	// emit is consumed.
	Reject(emit uint32, message, name, errorType, code string, codeIsNumber bool)
	// Drop consumes a body that nobody wants.
	Drop(ref uint32)
}

// A Delivery says what became of a body.
type Delivery = uint32

const (
	// Delivered says that the application has it.
	Delivered Delivery = iota
	// DeliveryThrew says that the application has it, and threw.
	DeliveryThrew
	// DeliveryMalformed says that the body is not valid JSON.
	DeliveryMalformed
)

// A Transport is the WebSocket. There is one at a time: after Hangup, and
// before the next Dial, nothing of the old one may be reported.
type Transport interface {
	// Dial opens a WebSocket; protocols are separated by commas. It returns
	// what is wrong with its arguments, or "".
	Dial(url, protocols string) (problem string)
	// SendText sends head and, if ref is not 0, the text of that body. A body
	// that is an emit stays with the host; that of an answer is consumed with
	// its last message. It reports whether the WebSocket took it.
	SendText(head []byte, ref, attachments uint32) (ok bool)
	// SendBinary sends the attachments of a body, each with its frame type.
	SendBinary(ref uint32) (ok bool)
	// Hangup closes the WebSocket.
	Hangup(code uint16, reason string)
	// WakeAt asks for [Middleware.Advance] at t, in milliseconds since 1970:
	// a time.Time in an interface would bring all its formats into the
	// module. There is one alarm: the last asked for; 0 takes it back.
	WakeAt(t int64)
}
