// Package bsock is the bsock protocol, Socket.IO 2 over Engine.IO 3 over
// WebSocket only, as a state machine without I/O.
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
//     nothing more of that WebSocket. Dial makes a new one.
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
// # Sources
//
// Where a rule comes from bsock 0.1.11 a comment names the file of its source.
// The wire is described by the Engine.IO 3 and Socket.IO 2 protocol documents:
// https://github.com/socketio/engine.io-protocol/tree/v3 and
// https://github.com/socketio/socket.io-protocol/tree/v4.
package bsock
