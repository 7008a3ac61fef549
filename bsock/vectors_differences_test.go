package bsock

// A difference is what a Conn does instead of what a vector says, and why.
type difference struct {
	instead string // lines, with "; " between them
	why     string
}

// differences are all there are from npm's bsock, by file and vector.
var differences = map[string]difference{
	"encode: no event is refused":                   unchecked(`42[]`),
	"encode: an event that is no string is refused": unchecked(`42[1,"a"]`),
	"encode: a call of no event is refused":         unchecked(`420[]`),
	"encode: a call of null is refused":             unchecked(`420[null]`),
	"encode: a reserved event is not refused when sent": {
		"error Blacklisted event.",
		"The other end would refuse it and only this one can mend it.",
	},

	"decode: base64 frame in the URL alphabet":         notBase64,
	"decode: base64 frame with junk":                   notBase64,
	"decode: base64 frame with data after its padding": notBase64,
	"decode: base64 frame of one character":            notBase64,
	"decode: base64 frame with blanks":                 notBase64,
	"decode: base64 ping":                              onlyMessages("", 2),
	"decode: binary ping":                              onlyMessages("", 2),
	"decode: binary frame type 6":                      onlyMessages("", 6),
	"decode: connect to a namespace without a comma": {
		"packet 0 with 0 for /chat, id -1: ",
		"Socket.IO's own parsers take it, and there is nothing else that it can mean.",
	},
	"session: ping":           onlyMessages("1 send 3; 2 send 3; 3 ", 2),
	"session: open as base64": onlyMessages("1 ", 0),

	"session: an event in another namespace is delivered all the same": otherNamespace("1 "),
	"session: a call in another namespace is answered in /":            otherNamespace("1 "),
	"session: an ack in another namespace":                             otherNamespace(`1 send 420["a"]; 2 `),

	"session: a server's handshake": {
		`1 open; 1 send 0{"sid":"00000000000000000000","upgrades":[],"pingInterval":25000,"pingTimeout":60000}; ` +
			`1 send 40; 1 connect; 2 send 3`,
		"The connection is announced behind its CONNECT packet, so that nothing an application sends then can overtake it.",
	},
	"session: connect before open": {
		"1 error Connect packet before the open frame.",
		"Without the open frame there are no intervals to ping by.",
	},
	"session: connect twice": {
		"1 error Duplicate connect packet.",
		"A connection comes up once, and authenticating twice is an error in bcoin and hsd.",
	},
	"session: open that is no object": {
		"1 error 'open' must be a(n) object.; 2 error 'open' must be a(n) object.; 3 error 'open' must be a(n) object.",
		"An array is not the object that an open frame must hold, although JavaScript calls it one.",
	},
	"session: an event before connect": {
		"1 open; 2 error Packet before the connection is up.",
		"Only the CONNECT packet makes a connection, and nothing is delivered outside one.",
	},
	"session: what is sent before connect waits": {
		"1 error Socket is not connected.; 2 error Socket is not connected.; 3 open; 4 connect",
		"It waits with the owner of a Conn, who must have authenticated first and bounds the queue.",
	},

	"session: an error packet that is a string": {
		`1 error {"message":"not authorized","name":null,"type":null,"code":null}`,
		"It is what Socket.IO 2 sends.",
	},
	"session: a pong that nobody asked for": {
		"",
		"A stray pong does no harm, and bsock's socket never comes back from it.",
	},
	"session: close to a server": {
		"1 close; 1 disconnect",
		"Engine.IO 3 lets both ends close.",
	},
	"session: close rejects the calls that wait": {
		`1 send 420["a"]; 2 close; 2 reject 0 Connection was lost.; 2 disconnect`,
		"No time has run out, and a caller should learn why it failed before it sees what follows from it.",
	},
}

// unchecked is that a Conn sends what it is given, as frame.
func unchecked(frame string) difference {
	return difference{
		"send " + frame,
		"In Go an event's name is a string, and what JavaScript gives for one is checked where it comes in.",
	}
}

var notBase64 = difference{
	"error Binary frame is not valid base64.",
	"No sender writes this, and data that were mutilated on the way must not arrive as other data.",
}

// onlyMessages is that a binary frame of a kind is refused.
func onlyMessages(before string, kind FrameType) difference {
	return difference{
		before + protocolErrorf("error Received a binary frame of type %d.", kind).Message,
		"No sender writes this: attachments alone are binary.",
	}
}

// otherNamespace is that a packet for one is refused.
func otherNamespace(before string) difference {
	return difference{
		before + `error Packet for the unknown namespace "/chat".`,
		"What is meant for another namespace must not pass for this one's.",
	}
}
