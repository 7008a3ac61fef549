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
// # A connection
//
// The key goes first, or with Socket.IO 3 and later the payload of the CONNECT
// packet; then the namespaces are joined that CONNECT_SOCKET and the listeners
// name. Then the connection is in use: what is remembered is sent, the store hears
// SOCKET_CONNECTED and, after a loss, SOCKET_RESUMED, and the emits go out that
// wait. SOCKET_STATUS says where all this stands, before the action that says
// what has happened.
//
// # Emits
//
// Without a connection an emit waits, fails or is dropped, as [Offline] says or
// its meta. What asks the server for something lasting is a subscription: it is
// sent again on each new connection, until it is undone or the socket is replaced.
//
// # Listeners
//
// A listener hears each event or, if it has a window, what comes of those in the
// window: the first, the newest, or all as one action. One with an ack answers
// calls instead, at once or later; a call that nobody answers is refused.
//
// # Bodies
//
// The bodies of events, calls and answers stay with the host. They are known
// here by number, a ref; 0 is none. A host keeps a body until it is consumed:
// see the methods of [Store] and [Transport].
package middleware
