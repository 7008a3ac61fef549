package bsock

import "strconv"

// A CloseCode is a WebSocket close code of RFC 6455, section 7.4.
type CloseCode uint16

const (
	CloseNormal    CloseCode = 1000
	CloseGoingAway CloseCode = 1001
	CloseNoStatus  CloseCode = 1005
	CloseAbnormal  CloseCode = 1006
	ClosePolicy    CloseCode = 1008
	CloseTooBig    CloseCode = 1009
	CloseInternal  CloseCode = 1011
	CloseTryAgain  CloseCode = 1013
)

// closeNames are bsock's names of the codes from 1000 on.
// bsock: lib/codes.js
var closeNames = [...]string{
	"NORMAL_CLOSURE", "GOING_AWAY", "PROTOCOL_ERROR", "UNSUPPORTED_DATA",
	"RESERVED", "NO_STATUS_RECVD", "ABNORMAL_CLOSURE",
	"INVALID_FRAME_PAYLOAD_DATA", "POLICY_VIOLATION", "MESSAGE_TOO_BIG",
	"MISSING_EXTENSION", "INTERNAL_ERROR", "SERVICE_RESTART",
	"TRY_AGAIN_LATER", "BAD_GATEWAY", "TLS_HANDSHAKE",
}

// String returns bsock's name of the code, or the number if it has none.
func (c CloseCode) String() string {
	if i := int(c) - 1000; i >= 0 && i < len(closeNames) {
		return closeNames[i]
	}
	return strconv.Itoa(int(c))
}

// clean reports whether a close with this code is not an error.
// bsock: lib/socket.js onClose
func (c CloseCode) clean() bool {
	return c == CloseNormal || c == CloseGoingAway
}
