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

// What reserved names begin with, a bit for each letter from a, and how long
// they are, a bit for each length. Every emit is looked at, and hardly one is
// like that.
const (
	reservedInitials = 1<<('c'-'a') | 1<<('d'-'a') | 1<<('e'-'a') | 1<<('n'-'a') | 1<<('p'-'a') | 1<<('r'-'a')
	reservedLengths  = 1<<4 | 1<<5 | 1<<7 | 1<<9 | 1<<10 | 1<<11 | 1<<12 | 1<<13 | 1<<14 | 1<<15 | 1<<16 | 1<<17
)

// Reserved reports whether event names something of the protocol's own, which
// is never sent, never bound, and an error when received.
func Reserved(event string) bool { return Version3.Reserved(event) }

// Reserved is the function Reserved for a version. A Socket.IO 4 peer hangs up
// at such a name.
func (v Version) Reserved(event string) bool {
	if n := len(event); n > longestReserved || reservedLengths>>n&1 == 0 || reservedInitials>>(event[0]-'a')&1 == 0 {
		return false
	}
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
