//go:build js && wasm

package jsbridge

// A Host is a store and its WebSocket on the JavaScript side, by number. Each
// of its methods is an import of the same name; what they mean is said where
// they are asked for, in package middleware. They are methods of a pointer,
// because behind an interface any others would be written out twice.
type Host uint32

//go:wasmimport bsock dispatch
func importDispatch(store uint32, actionType string) (ok bool)

// Dispatch dispatches {type}.
func (h *Host) Dispatch(actionType string) (ok bool) {
	return importDispatch(uint32(*h), actionType)
}

//go:wasmimport bsock dispatchClosed
func importDispatchClosed(store, code uint32, reason string, willRetry bool) (ok bool)

// DispatchClosed dispatches SOCKET_CLOSED.
func (h *Host) DispatchClosed(code uint16, reason string, willRetry bool) (ok bool) {
	return importDispatchClosed(uint32(*h), uint32(code), reason, willRetry)
}

//go:wasmimport bsock dispatchConnecting
func importDispatchConnecting(store, attempt uint32) (ok bool)

// DispatchConnecting dispatches SOCKET_CONNECTING.
func (h *Host) DispatchConnecting(attempt uint32) (ok bool) {
	return importDispatchConnecting(uint32(*h), attempt)
}

//go:wasmimport bsock dispatchReconnecting
func importDispatchReconnecting(store, attempt uint32, delay, at float64) (ok bool)

// DispatchReconnecting dispatches SOCKET_RECONNECTING.
func (h *Host) DispatchReconnecting(attempt uint32, delay, at int64) (ok bool) {
	return importDispatchReconnecting(uint32(*h), attempt, float64(delay), float64(at))
}

//go:wasmimport bsock dispatchFailed
func importDispatchFailed(store, attempts uint32) (ok bool)

// DispatchFailed dispatches SOCKET_FAILED.
func (h *Host) DispatchFailed(attempts uint32) (ok bool) {
	return importDispatchFailed(uint32(*h), attempts)
}

//go:wasmimport bsock dispatchResumed
func importDispatchResumed(store uint32, gap float64, attempts uint32) (ok bool)

// DispatchResumed dispatches SOCKET_RESUMED.
func (h *Host) DispatchResumed(gap int64, attempts uint32) (ok bool) {
	return importDispatchResumed(uint32(*h), float64(gap), attempts)
}

//go:wasmimport bsock dispatchStatus
func importDispatchStatus(store, status uint32, since float64, attempt uint32, retryAt, latency float64, queued uint32) (ok bool)

// DispatchStatus dispatches SOCKET_STATUS.
func (h *Host) DispatchStatus(status uint8, since int64, attempt uint32, retryAt, latency int64, queued uint32) (ok bool) {
	return importDispatchStatus(uint32(*h), uint32(status), float64(since), attempt, float64(retryAt), float64(latency), queued)
}

//go:wasmimport bsock dispatchError
func importDispatchError(store, emit uint32, message, name, errorType, code string, codeIsNumber bool) (ok bool)

// DispatchError dispatches SOCKET_ERROR with an Error.
func (h *Host) DispatchError(emit uint32, message, name, errorType, code string, codeIsNumber bool) (ok bool) {
	return importDispatchError(uint32(*h), emit, message, name, errorType, code, codeIsNumber)
}

//go:wasmimport bsock dispatchThrown
func importDispatchThrown(store uint32)

// DispatchThrown dispatches SOCKET_ERROR with what the page threw last.
func (h *Host) DispatchThrown() { importDispatchThrown(uint32(*h)) }

//go:wasmimport bsock forward
func importForward(store uint32) (ok bool)

// Forward hands disconnectedAction to the next middleware.
func (h *Host) Forward() (ok bool) { return importForward(uint32(*h)) }

//go:wasmimport bsock deliver
func importDeliver(store, listener, ref, offset uint32, last bool) (delivery uint32)

// Deliver dispatches the action of a listener.
func (h *Host) Deliver(listener, ref, offset uint32, last bool) (delivery uint32) {
	return importDeliver(uint32(*h), listener, ref, offset, last)
}

//go:wasmimport bsock gather
func importGather(store, listener, ref, offset uint32, last, latest bool) (delivery uint32)

// Gather adds the payload for a listener to what it has gathered.
func (h *Host) Gather(listener, ref, offset uint32, last, latest bool) (delivery uint32) {
	return importGather(uint32(*h), listener, ref, offset, last, latest)
}

//go:wasmimport bsock deliverGathered
func importDeliverGathered(store, listener uint32) (delivery uint32)

// DeliverGathered dispatches what a listener has gathered.
func (h *Host) DeliverGathered(listener uint32) (delivery uint32) {
	return importDeliverGathered(uint32(*h), listener)
}

//go:wasmimport bsock route
func importRoute(store, ref, offset uint32)

// Route lets JavaScript deliver itself what begins as this body does: see
// route.js.
func (h *Host) Route(ref, offset uint32) { importRoute(uint32(*h), ref, offset) }

//go:wasmimport bsock answer
func importAnswer(store, listener, call, ref, offset uint32) (answer float64)

// Answer returns a body with what a listener answers to a call, 0 if that is
// yet to come.
func (h *Host) Answer(listener, call, ref, offset uint32) (answer, attachments uint32) {
	// An import returns one number: the attachments are 32 bits to the left.
	both := uint64(importAnswer(uint32(*h), listener, call, ref, offset))
	return uint32(both), uint32(both >> 32)
}

//go:wasmimport bsock remembered
func importRemembered(store, ref uint32)

// Remembered tells JavaScript that what has the same body is known: see
// again.js.
func (h *Host) Remembered(ref uint32) { importRemembered(uint32(*h), ref) }

//go:wasmimport bsock lease
func importLease(store, id uint32, calls bool)

// Lease lets JavaScript send by itself what is like this emit: see lease.js.
func (h *Host) Lease(id uint32, calls bool) { importLease(uint32(*h), id, calls) }

//go:wasmimport bsock settle
func importSettle(store, emit, ref, offset uint32) (delivery uint32)

// Settle resolves the promise of an emit.
func (h *Host) Settle(emit, ref, offset uint32) (delivery uint32) {
	return importSettle(uint32(*h), emit, ref, offset)
}

//go:wasmimport bsock reject
func importReject(store, emit uint32, message, name, errorType, code string, codeIsNumber bool)

// Reject rejects the promise of an emit.
func (h *Host) Reject(emit uint32, message, name, errorType, code string, codeIsNumber bool) {
	importReject(uint32(*h), emit, message, name, errorType, code, codeIsNumber)
}

//go:wasmimport bsock copy
func importCopy(store, ref uint32) (copied uint32)

// Copy returns a new body with the text and the attachments of another.
func (h *Host) Copy(ref uint32) (copied uint32) { return importCopy(uint32(*h), ref) }

//go:wasmimport bsock same
func importSame(store, a, b uint32) (same bool)

// Same reports whether two bodies hold the same.
func (h *Host) Same(a, b uint32) (same bool) { return importSame(uint32(*h), a, b) }

//go:wasmimport bsock hash
func importHash(store, ref uint32) (hash uint32)

// Hash returns what bodies that hold the same have in common.
func (h *Host) Hash(ref uint32) (hash uint32) { return importHash(uint32(*h), ref) }

//go:wasmimport bsock argument
func importArgument(store, ref, n uint32) (size uint32)

// Argument returns the JSON of an argument. It is copied from the buffer
// before anything else is called.
func (h *Host) Argument(ref, n uint32) (json string) {
	return fromBuffer(importArgument(uint32(*h), ref, n))
}

//go:wasmimport bsock drop
func importDrop(store, ref uint32)

// Drop lets go of a body.
func (h *Host) Drop(ref uint32) { importDrop(uint32(*h), ref) }

//go:wasmimport bsock dial
func importDial(store uint32, url, protocols string) (problemSize uint32)

// Dial opens a WebSocket. What is wrong with its arguments comes back in the
// buffer, and must be copied before anything else is called.
func (h *Host) Dial(url, protocols string) (problem string) {
	return fromBuffer(importDial(uint32(*h), url, protocols))
}

//go:wasmimport bsock sendText
func importSendText(store uint32, head *byte, headSize, ref, attachments uint32) (ok bool)

// SendText sends head and the text of a body. head is not empty.
func (h *Host) SendText(head []byte, ref, attachments uint32) (ok bool) {
	ok = importSendText(uint32(*h), &head[0], uint32(len(head)), ref, attachments)
	rest() // all that has waited is sent from inside one export
	return ok
}

//go:wasmimport bsock sendBinary
func importSendBinary(store, ref uint32, raw bool) (ok bool)

// SendBinary sends the attachments of a body.
func (h *Host) SendBinary(ref uint32, raw bool) (ok bool) {
	return importSendBinary(uint32(*h), ref, raw)
}

//go:wasmimport bsock hangup
func importHangup(store, code uint32, reason string)

// Hangup closes the WebSocket.
func (h *Host) Hangup(code uint16, reason string) {
	importHangup(uint32(*h), uint32(code), reason)
}

//go:wasmimport bsock wakeAt
func importWakeAt(store uint32, t float64)

// WakeAt asks for advance at t.
func (h *Host) WakeAt(t int64) { importWakeAt(uint32(*h), float64(t)) }

//go:wasmimport bsock askKey
func importAskKey(store, attempt uint32)

// AskKey asks for the API key.
func (h *Host) AskKey(attempt uint32) { importAskKey(uint32(*h), attempt) }

//go:wasmimport bsock askAuth
func importAskAuth(store, attempt uint32)

// AskAuth asks for what a namespace is joined with.
func (h *Host) AskAuth(attempt uint32) { importAskAuth(uint32(*h), attempt) }

//go:wasmimport bsock log
func importLog(store uint32, message string)

// Log shows a message to whoever develops the page.
func (h *Host) Log(message string) { importLog(uint32(*h), message) }
