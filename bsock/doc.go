// Package bsock is the bsock protocol, Socket.IO 2 over Engine.IO 3 over
// WebSocket only, as a state machine without I/O. It also speaks Socket.IO 3
// and 4 over Engine.IO 4: see [Version].
//
// A [Conn] is one end of a connection. It opens no socket, starts no
// goroutine, reads no clock and draws no random number; it is told what
// happened and what time it is, and answers with a queue of events. Package
// native runs a Conn over a real WebSocket; most Go programs want that one.
//
// # Your responsibilities
//
// The owner of a Conn
//
//  1. reports what its WebSocket did, in order, with [Conn.HandleOpen],
//     [Conn.HandleText], [Conn.HandleBinary] and [Conn.HandleClose];
//  2. drains [Conn.NextEvent] after every call of a method that takes a time,
//     and acts on what it says: [EventDial], [EventText], [EventBinary] and
//     [EventHangup] are to be done to the WebSocket, in order, and the rest is
//     news for the application;
//  3. calls [Conn.Advance] when [Conn.Deadline] has come, however late;
//  4. after an EventHangup, or after it has reported HandleClose, reports
//     nothing more of that WebSocket. Dial makes a new one;
//  5. puts the byte [FrameMessage] in front of each attachment it sends, unless
//     the EventBinary says Raw, and takes it off none: HandleBinary is given
//     all of a message. An owner that keeps the data to itself, and so must
//     know where they begin, asks [Conn.RawBinary];
//  6. answers every [EventAuth] with [Conn.Join], and every [EventJoin] with
//     [Conn.Admit] or [Conn.Deny], then or later.
//
// The loop of an owner is therefore
//
//	conn.HandleText(now, msg) // or Advance, Fire, Call, Close, …
//	for {
//		ev := conn.NextEvent()
//		if ev.Kind == bsock.NoEvent {
//			break
//		}
//		act(ev)
//	}
//	wakeAt(conn.Deadline())
//
// act may call the Conn again, and may drain it: an event has left the queue
// before the owner sees it.
//
// # Namespaces
//
// A connection carries any number of Socket.IO namespaces. [Payload.Namespace]
// says to which an event or a call goes and from which it came; a [CallID]
// knows its own. A client is in the default one when the connection is up, at
// the EventConnect without a namespace, and joins others with [Conn.Join], again
// after each EventDisconnect. A client of Socket.IO 4 may stay out of the
// default one: then a server sees no EventConnect but those of the others.
//
// # Sleep and rest
//
// Timers stop while a machine sleeps or a page is frozen, so all deadlines are
// moments. An owner that learns of such a pause, or that the network is back,
// calls [Conn.Resume]; one that must not hold a connection meanwhile calls
// [Conn.Suspend] before.
//
// # Sources
//
// Where a rule comes from bsock 0.1.11 a comment names the file of its source.
// The wire is described by the protocol documents of Engine.IO 3 and Socket.IO 2,
// https://github.com/socketio/engine.io-protocol/tree/v3 and
// https://github.com/socketio/socket.io-protocol/tree/v4, and of Engine.IO 4 and
// Socket.IO 3 and 4, whose protocol is number 5,
// https://github.com/socketio/engine.io-protocol and
// https://github.com/socketio/socket.io-protocol. What they leave open was seen in
// socket.io 2.5 and 4.8.
package bsock
