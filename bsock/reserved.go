package bsock

// longestReserved is the length of the longest reserved name, in bytes.
const longestReserved = len("reconnect_attempt")

// Reserved reports whether event names something of the protocol's own, which
// is never sent, never bound, and an error when received.
// bsock: lib/blacklist.js
func Reserved(event string) bool {
	switch event {
	case "connect", "connect_error", "connect_timeout", "connecting",
		"disconnect", "error", "ping", "pong", "reconnect",
		"reconnect_attempt", "reconnect_error", "reconnect_failed",
		"reconnecting":
		return true
	}
	return false
}
