//go:build js && wasm

package jsbridge

// A Host is a store and its WebSocket on the JavaScript side, by number. Each
// of its methods is an import of the same name; what they mean is said where
// they are asked for, in package middleware.
type Host uint32

//go:wasmimport bsock dispatch
func importDispatch(store uint32, actionType string) (ok bool)

// Dispatch dispatches {type}.
func (h Host) Dispatch(actionType string) (ok bool) {
	return importDispatch(uint32(h), actionType)
}

//go:wasmimport bsock dispatchClosed
func importDispatchClosed(store, code uint32, reason string, willRetry bool) (ok bool)

// DispatchClosed dispatches SOCKET_CLOSED.
func (h Host) DispatchClosed(code uint16, reason string, willRetry bool) (ok bool) {
	return importDispatchClosed(uint32(h), uint32(code), reason, willRetry)
}

//go:wasmimport bsock dispatchError
func importDispatchError(store, emit uint32, message, name, errorType, code string, codeIsNumber bool) (ok bool)

// DispatchError dispatches SOCKET_ERROR with an Error.
func (h Host) DispatchError(emit uint32, message, name, errorType, code string, codeIsNumber bool) (ok bool) {
	return importDispatchError(uint32(h), emit, message, name, errorType, code, codeIsNumber)
}

//go:wasmimport bsock dispatchThrown
func importDispatchThrown(store uint32)

// DispatchThrown dispatches SOCKET_ERROR with what the page threw last.
func (h Host) DispatchThrown() { importDispatchThrown(uint32(h)) }

//go:wasmimport bsock forward
func importForward(store uint32) (ok bool)

// Forward hands disconnectedAction to the next middleware.
func (h Host) Forward() (ok bool) { return importForward(uint32(h)) }

//go:wasmimport bsock deliver
func importDeliver(store, listener, ref, offset uint32, last bool) (delivery uint32)

// Deliver dispatches the action of a listener.
func (h Host) Deliver(listener, ref, offset uint32, last bool) (delivery uint32) {
	return importDeliver(uint32(h), listener, ref, offset, last)
}

//go:wasmimport bsock answer
func importAnswer(store, listener uint32) (ref uint32)

// Answer returns a body with the ack of a listener, which is one attachment.
func (h Host) Answer(listener uint32) (ref, attachments uint32) {
	return importAnswer(uint32(h), listener), 1
}

//go:wasmimport bsock settle
func importSettle(store, emit, ref, offset uint32) (delivery uint32)

// Settle resolves the promise of an emit.
func (h Host) Settle(emit, ref, offset uint32) (delivery uint32) {
	return importSettle(uint32(h), emit, ref, offset)
}

//go:wasmimport bsock reject
func importReject(store, emit uint32, message, name, errorType, code string, codeIsNumber bool)

// Reject rejects the promise of an emit.
func (h Host) Reject(emit uint32, message, name, errorType, code string, codeIsNumber bool) {
	importReject(uint32(h), emit, message, name, errorType, code, codeIsNumber)
}

//go:wasmimport bsock drop
func importDrop(store, ref uint32)

// Drop lets go of a body.
func (h Host) Drop(ref uint32) { importDrop(uint32(h), ref) }

//go:wasmimport bsock dial
func importDial(store uint32, url, protocols string) (problemSize uint32)

// Dial opens a WebSocket. What is wrong with its arguments comes back in the
// buffer, and must be copied before anything else is called.
func (h Host) Dial(url, protocols string) (problem string) {
	size := importDial(uint32(h), url, protocols)
	return string(buffer[:min(int(size), len(buffer))])
}

//go:wasmimport bsock sendText
func importSendText(store uint32, head *byte, headSize, ref, attachments uint32) (ok bool)

// SendText sends head and the text of a body. head is not empty.
func (h Host) SendText(head []byte, ref, attachments uint32) (ok bool) {
	return importSendText(uint32(h), &head[0], uint32(len(head)), ref, attachments)
}

//go:wasmimport bsock sendBinary
func importSendBinary(store, ref uint32) (ok bool)

// SendBinary sends the attachments of a body.
func (h Host) SendBinary(ref uint32) (ok bool) { return importSendBinary(uint32(h), ref) }

//go:wasmimport bsock hangup
func importHangup(store, code uint32, reason string)

// Hangup closes the WebSocket.
func (h Host) Hangup(code uint16, reason string) {
	importHangup(uint32(h), uint32(code), reason)
}

//go:wasmimport bsock wakeAt
func importWakeAt(store uint32, t float64)

// WakeAt asks for advance at t.
func (h Host) WakeAt(t int64) { importWakeAt(uint32(h), float64(t)) }

//go:wasmimport bsock askKey
func importAskKey(store, attempt uint32)

// AskKey asks for the API key.
func (h Host) AskKey(attempt uint32) { importAskKey(uint32(h), attempt) }

//go:wasmimport bsock log
func importLog(store uint32, message string)

// Log shows a message to whoever develops the page.
func (h Host) Log(message string) { importLog(uint32(h), message) }
