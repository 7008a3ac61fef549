package bsock

import "time"

// An EventKind says what an [Event] is.
type EventKind uint8

const (
	// NoEvent says that the queue is empty.
	NoEvent EventKind = iota

	// The owner must act on its WebSocket.

	// EventDial asks for a new WebSocket to URL, offering Protocols.
	EventDial
	// EventText asks for a text message: Head, then the text of Payload.
	EventText
	// EventBinary asks for the attachments of Payload, a binary message each,
	// [FrameMessage] as its first byte unless Raw says that there is none.
	EventBinary
	// EventHangup asks to close the WebSocket with Code and Reason.
	EventHangup

	// The owner should tell its application.

	// EventConnect says that the connection is up: the handshake is done and
	// events and calls may be sent. Payload.Namespace is the namespace that
	// was joined; there is another EventConnect for each.
	EventConnect
	// EventAuth asks a client of Version4 for what it is to say of itself, if
	// its Config says AskAuth: the answer is [Conn.Join] of the namespace "".
	EventAuth
	// EventJoin is a client that wants to join Payload.Namespace, to be
	// answered with [Conn.Admit] or [Conn.Deny]. Of a client of Version4 the
	// payload is what it says of itself, or empty.
	EventJoin
	// EventLeave is the end of Payload.Namespace alone, or of an attempt to
	// join it if there is an Err: a [RemoteError] if the server refused. When
	// the connection ends there is no EventLeave.
	EventLeave
	// EventPulse is the answer to a client's ping, after Delay. In Version4 a
	// client does not ping.
	EventPulse
	// EventDisconnect ends an attempt or a connection; there is one for each
	// EventDial, or one for a server's Conn. If Retry, the next attempt
	// follows in Delay; if not, it is the last event there is.
	EventDisconnect
	// EventFire is an event from the peer: Name and Payload.
	EventFire
	// EventCall is a call from the peer: Name, Call and Payload, to be
	// answered with [Conn.Reply] or [Conn.Refuse].
	EventCall
	// EventReply answers the call that was given Tag, with Payload.
	EventReply
	// EventReject ends the call that was given Tag, with Err.
	EventReject
	// EventDrop says that the body Ref of Payload, which was kept because it
	// was [ReadWaiting], is wanted no more.
	EventDrop
	// EventError is an error that ends nothing: a [ProtocolError], or a
	// [RemoteError] from an ERROR packet.
	EventError

	// eventRejects stands for as many EventReject: see rejection.
	eventRejects
)

// An Event is one thing to do or to know. The byte slices in it are valid
// until the next call of a method of the Conn; what HandleText and
// HandleBinary were given stays the owner's to keep.
type Event struct {
	Kind    EventKind
	Call    CallID        // set for EventCall
	Tag     uint32        // set for EventReply and EventReject
	Name    []byte        // set for EventFire and EventCall
	Head    []byte        // set for EventText
	Payload Payload       // set for EventText, EventBinary, EventFire, EventCall, EventReply, EventDrop and EventJoin
	Err     error         // set for EventReject and EventError, and for EventDisconnect and EventLeave if something went wrong
	Code    CloseCode     // set for EventHangup and EventDisconnect
	Reason  string        // set for EventHangup and EventDisconnect
	Up      bool          // set for EventDisconnect of a connection that was up
	Retry   bool          // set for EventDisconnect
	Raw     bool          // set for EventBinary
	Delay   time.Duration // set for EventDisconnect with Retry, and for EventPulse
	URL     string        // set for EventDial

	// Protocols are the WebSocket subprotocols to offer, set for EventDial.
	Protocols []string

	// What Head is made of.
	hasPacket bool
	packet    packet
	body      []byte
}

// A Payload is the body of an event, a call or an answer: a JSON array and the
// attachments its placeholders, {"_placeholder":true,"num":N}, stand for. A
// Conn carries it and does not look inside beyond the first element.
//
// An owner may keep the body to itself, as a browser does, and carry only a
// Ref: then JSON and Attachments are nil and Count alone says how many
// attachments there are.
type Payload struct {
	JSON        []byte
	Attachments [][]byte

	// Count is how many attachments there are.
	Count int
	// Ref is the owner's own name for the body.
	Ref uint32
	// Offset is where the JSON begins in a text of which the Conn was given
	// only the head, in bytes.
	Offset int
	// Namespace is where the payload goes to, or came from: "/admin", or ""
	// for the default namespace.
	Namespace string
}
