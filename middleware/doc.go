// Package middleware is the Redux side of bsock: what CONNECT_SOCKET,
// DISCONNECT_SOCKET and EMIT_SOCKET do, and which actions come back.
//
// It knows Redux, not JavaScript. A [Middleware] is a state machine around a
// [bsock.Conn], as free of I/O as that is; what it cannot do itself, a [Host]
// does: the store and the WebSocket of a page, or of a test.
//
// # Order and re-entrancy
//
// Every method that takes a time acts at once: when it returns, the host has
// been called for all that came of it. The host may call the Middleware again
// from inside such a call, as a plugin does that emits while SOCKET_CONNECTED
// is being dispatched. Whatever is to be done leaves its queue before it is
// done, so the inner call goes on where the outer one stands, and order holds.
//
// # Bodies
//
// The bodies of events, calls and answers stay with the host. They are known
// here by number, a ref; 0 is none. A host keeps a body until it is consumed:
// see the methods of [Store] and [Transport].
package middleware
