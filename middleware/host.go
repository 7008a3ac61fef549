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
	// AskAuth asks for the payload of Socket.IO's CONNECT packet, as AskKey
	// asks for the key. [Middleware.HandleAuth] answers.
	AskAuth(attempt uint32)
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
	// DispatchConnecting dispatches SOCKET_CONNECTING {attempt}.
	DispatchConnecting(attempt uint32) (ok bool)
	// DispatchReconnecting dispatches SOCKET_RECONNECTING {attempt, delay, at},
	// in milliseconds.
	DispatchReconnecting(attempt uint32, delay, at int64) (ok bool)
	// DispatchFailed dispatches SOCKET_FAILED {attempts}.
	DispatchFailed(attempts uint32) (ok bool)
	// DispatchResumed dispatches SOCKET_RESUMED {gap, attempts}.
	DispatchResumed(gap int64, attempts uint32) (ok bool)
	// DispatchStatus dispatches SOCKET_STATUS. status is a [Status], since and
	// retryAt are moments, 0 for none, latency is a time, -1 for none.
	DispatchStatus(status uint8, since int64, attempt uint32, retryAt, latency int64, queued uint32) (ok bool)
	// DispatchError dispatches SOCKET_ERROR with an Error of these fields,
	// the empty ones left out; codeIsNumber says that code is to be a number.
	// If emit is not 0 the error names that emit, which goes on to wait.
	DispatchError(emit uint32, message, name, errorType, code string, codeIsNumber bool) (ok bool)
	// DispatchThrown dispatches SOCKET_ERROR with what the application threw
	// last.
	DispatchThrown()
	// Forward hands disconnectedAction to the next middleware.
	Forward() (ok bool)

	// Deliver dispatches the action of a listener with the body's arguments,
	// unless its filter says no. The body is consumed if last.
	Deliver(listener, ref, offset uint32, last bool) (delivered Delivery)
	// Route says that what begins as this body does, up to the end of the
	// event's name, goes to the listeners that are about to be told of it: the
	// host may deliver it itself as long as the connection and the listeners
	// are the same, and tell of it by [Middleware.Heard].
	Route(ref, offset uint32)
	// Gather adds what Deliver would dispatch to what the listener has
	// gathered; if latest, it replaces that. The body is consumed if last.
	Gather(listener, ref, offset uint32, last, latest bool) (gathered Delivery)
	// DeliverGathered dispatches what a listener has gathered: all of it as
	// one action or, gathered as latest, the newest as it would have been.
	DeliverGathered(listener uint32) (delivered Delivery)
	// Answer returns a new body with what a listener answers to a call, and
	// how many attachments it has. The body of the call is consumed. If there
	// is no answer yet, or never will be, it returns 0;
	// [Middleware.HandleAnswer] or [Middleware.HandleAnswerError] follows,
	// maybe during this call, with the same number of the call.
	Answer(listener, call, ref, offset uint32) (answer, attachments uint32)

	// Copy returns a new body with the arguments of another, for which nobody
	// waits.
	Copy(ref uint32) (copied uint32)
	// Same reports whether two bodies hold the same arguments.
	Same(a, b uint32) bool
	// Hash returns a number that bodies have in common of which Same is true,
	// and few others.
	Hash(ref uint32) uint32
	// Argument returns the JSON of an argument, counted from 0; "" if there
	// is none.
	Argument(ref, n uint32) string

	// Remembered says that the body, which [Store.Copy] has made, is remembered
	// until it is dropped, and that the host may pass an emit of the same to
	// [Middleware.Again].
	Remembered(ref uint32)

	// Lease says that the host may send by itself what has the type and the
	// message of the emit that is being handled, and no meta: see lease.go. id
	// is that of its first call; calls says whether there may be any. A host
	// that called [Middleware.HandleEmit] from inside another of its methods
	// must leave it.
	Lease(id uint32, calls bool)
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
	// DeliveryFiltered says that the listener's filter did not let it pass.
	DeliveryFiltered
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
	// SendBinary sends the attachments of a body, each behind its frame type
	// unless raw.
	SendBinary(ref uint32, raw bool) (ok bool)
	// Hangup closes the WebSocket.
	Hangup(code uint16, reason string)
	// WakeAt asks for [Middleware.Advance] at t, in milliseconds since 1970:
	// a time.Time in an interface would bring all its formats into the
	// module. There is one alarm: the last asked for; 0 takes it back.
	WakeAt(t int64)
}
