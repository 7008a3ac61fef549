package bsock

// longestReserved is the length of the longest reserved name, in bytes.
const longestReserved = len("reconnect_attempt")

// reserved3 are the reserved names of Version3.
// bsock: lib/blacklist.js
var reserved3 = [...]string{
	"connect", "connect_error", "connect_timeout", "connecting", "disconnect",
	"error", "ping", "pong", "reconnect", "reconnect_attempt",
	"reconnect_error", "reconnect_failed", "reconnecting",
}

// reserved4 are those of Version4.
// socket.io-parser 4: RESERVED_EVENTS
var reserved4 = [...]string{
	"connect", "connect_error", "disconnect", "disconnecting", "newListener",
	"removeListener",
}

// Reserved reports whether event names something of the protocol's own, which
// is never sent, never bound, and an error when received.
func Reserved(event string) bool { return Version3.Reserved(event) }

// Reserved is the function Reserved for a version. A Socket.IO 4 peer hangs up
// at such a name.
func (v Version) Reserved(event string) bool {
	names := reserved3[:]
	if v == Version4 {
		names = reserved4[:]
	}
	for _, name := range names {
		if name == event {
			return true
		}
	}
	return false
}
