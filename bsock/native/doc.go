// Package native connects Go programs over bsock, and over Socket.IO of all
// generations: [Dial] a server, or serve with [NewServer], an http.Handler. Both
// run the state machine of package bsock over real WebSockets.
//
//	c, err := native.Dial(ctx, "ws://127.0.0.1:14037/", &native.DialOptions{
//		OnConnect: func(ctx context.Context, c *native.Client) error {
//			_, err := c.Call(ctx, "auth", key)
//			return err
//		},
//	})
//	tip, err := c.Call(ctx, "get tip")
//
// # What to use
//
// [Client.Fire] sends an event and [Client.Call] one that is answered;
// [Client.Bind] takes events and [Client.Hook] answers calls. A [Socket], the
// server's end of a connection, has the same four. [Server.To] sends an event to
// a room of sockets, [Server.All] to all of them.
//
// A [Client] connects again when its connection is lost, and runs OnConnect each
// time before anything else goes out. Use [NewClient] in place of Dial for a
// server that may not be there yet.
//
// # Protocols
//
// A client speaks bsock's protocol unless DialOptions.Protocol names another;
// [ProtocolSocketIO] finds out which of Socket.IO's the server speaks. A server
// takes all its clients for what they say they are, or those alone that
// ServerOptions.Accept lists: [Socket.Protocol].
//
// The protocols differ in how a call is answered. bsock has a slot for an error.
// Socket.IO has values, any number of them: [Client.Call] returns the first and
// [Client.CallAll] all, a hook returns [Args] to answer with several, and its
// error becomes a value that looks like an error.
//
// They also differ in how a client authenticates: by a call of the server's own,
// in OnConnect, or in Socket.IO 3 and 4 by what DialOptions.Auth returns, which
// ServerOptions.Auth is asked about.
//
// # Namespaces
//
// Namespaces share a connection; each has events, calls, rooms and handlers of
// its own. A client joins one with [Client.Namespace], and joins it again at each
// connection. A server serves one with [Server.Namespace], and has a Socket for
// each that a client has joined.
//
// # Values
//
// Arguments and results are encoded by encoding/json, without its escapes for
// HTML. A []byte is sent as binary data if it is an argument, an element of a
// slice or array, or a value of a map, however deep; a nil one is null; the same
// slice twice in a message is sent once. Inside a struct a []byte is the base64
// string of encoding/json. What is sent has been copied when Fire or Call
// returns.
//
// What arrives is [Args] and [Value]: JSON that is decoded on demand, with the
// binary data it refers to. Both can be sent on as they are, unread.
//
// # Order
//
// Events are sent in the order of Fire and Call, and handlers called in the
// order of arrival, one at a time on each connection. Hooks run beside each
// other; a hook begins after the handlers of the events that came before it.
// [Socket.HookInOrder] is for calls that must not overtake each other.
//
// # Bounds
//
// Nothing grows without bound, and each bound has a policy:
//
//   - The outgoing queue is full: Fire and Call wait until their context ends,
//     and then return [ErrQueueFull]; nothing of the message was sent. A broadcast
//     does not wait: [SlowPolicy].
//   - Handlers or hooks are slower than the peer: what waits for them is bounded,
//     and then the connection is not read. TCP makes the peer wait in its turn.
//     Its pings wait too: if nothing moves for as long as the heartbeat allows,
//     the connection ends.
//   - The peer stops reading altogether: WriteTimeout ends the connection.
//   - A message is larger than MaxFrame: the connection is closed with code 1009.
//   - A call is not answered: CallTimeout, or its context, ends it. One that is
//     still queued then is not sent.
//
// # Losses
//
// Nothing is sent twice. When a connection is lost its calls return [ErrLost],
// and events that were queued but not written are gone; what still waits for a
// connection goes out on the next.
//
// # WebSockets
//
// The WebSocket module does the handshakes, control frames, messages in pieces,
// and all that is wrong. Frames that are whole messages go around it, both ways:
// those that have come are taken apart here, and what is queued is framed here and
// written together. For each message the module wakes a goroutine of its own four
// times to read it, and makes a system call to write it.
//
// A server's connection on which nothing happens is one goroutine, that which
// reads it. The module's is there from the first frame that it is given.
package native
