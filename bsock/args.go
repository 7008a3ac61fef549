package bsock

import (
	"strconv"
)

// What the protocol reads of a packet's JSON: the event's name, the error slot
// of an ack, the fields of an error, the server's hello.

// Errors in bsock's words.
// bsock: lib/socket.js enforce
var (
	errArgs      = mustBe("args", "array")
	errEvent     = mustBe("event", "string")
	errAckID     = mustBe("id", "uint32")
	errErrorSlot = mustBe("error", "object")
	errOpen      = mustBe("open", "object")
	errInterval  = mustBe("interval", "uint32")
	errTimeout   = mustBe("timeout", "uint32")
	errNotJSON   = &ProtocolError{Message: "Packet is not valid JSON."}
)

func mustBe(name, kind string) *ProtocolError {
	return &ProtocolError{Message: "'" + name + "' must be a(n) " + kind + "."}
}

// parseEventName reads the first element of the array src begins with. The
// name is a slice of src, unless it had to be unescaped.
func parseEventName(src []byte, more bool) (name []byte, err error) {
	n, err := parseArrayStart(src, more)
	if err != nil {
		return nil, err
	}
	switch src[n] {
	case '"':
	case ']':
		return nil, errArgs
	default:
		return nil, errEvent
	}
	end, ok := scanString(src, n)
	if !ok {
		return nil, shortOr(more, errNotJSON)
	}
	name = src[n+1 : end-1]
	for _, c := range name {
		if c == '\\' {
			return appendUnquoted(nil, name), nil
		}
	}
	return name, nil
}

// parseArrayStart returns the place of the array's first element.
func parseArrayStart(src []byte, more bool) (n int, err error) {
	n = skipSpace(src, 0)
	if n == len(src) {
		return 0, shortOr(more, errArgs)
	}
	if src[n] != '[' {
		return 0, errArgs
	}
	if n = skipSpace(src, n+1); n == len(src) {
		return 0, shortOr(more, errNotJSON)
	}
	return n, nil
}

func shortOr(more bool, err error) error {
	if more {
		return errShort
	}
	return err
}

// parseAck reads the error slot of an ack: nil if it holds none. A plain one has
// none, and is any array.
// bsock: lib/socket.js handlePacket. socket.io-parser 4: isPayloadValid.
func parseAck(src []byte, more, plain bool) (*RemoteError, error) {
	switch n := skipSpace(src, 0); {
	case !more && noValues(src):
		return nil, nil
	case more && n < len(src) && src[n] == 'n': // null, if there is no more behind it
		return nil, errShort
	}
	n, err := parseArrayStart(src, more)
	if err != nil || plain {
		return nil, err
	}
	switch src[n] {
	case ']':
		return nil, nil
	case '{', '[':
		end, ok := scanValue(src, n)
		if !ok {
			return nil, shortOr(more, errNotJSON)
		}
		return parseRemoteError(src[n:end]), nil
	}
	end, ok := scanScalar(src, n)
	if !ok || end == len(src) {
		return nil, shortOr(more, errNotJSON)
	}
	if !falsy(string(src[n:end])) {
		return nil, errErrorSlot
	}
	return nil, nil
}

// noValues reports whether the body of an ack is absent, which bsock allows.
func noValues(src []byte) bool {
	n := skipSpace(src, 0)
	if n == len(src) {
		return true
	}
	end, ok := scanWord(src, n, "null")
	return ok && skipSpace(src, end) == len(src)
}

// falsy reports whether JavaScript takes the JSON scalar s for no error.
func falsy(s string) bool {
	switch s {
	case "null", "false", `""`:
		return true
	case "true":
		return false
	}
	return s[0] != '"' && isZero(s)
}

// isZero reports whether the JSON number s is 0: its digits before the
// exponent all are.
func isZero(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c == 'e' || c == 'E':
			return true
		case '1' <= c && c <= '9':
			return false
		}
	}
	return true
}

// parseRemoteError reads the error object src, which must be valid JSON. What
// is missing or of another type becomes bsock's substitute for it.
// bsock: lib/socket.js handleError, castMsg
func parseRemoteError(src []byte) *RemoteError {
	e := &RemoteError{Message: "No message."}
	if src[0] != '{' {
		return e
	}
	for f := fieldsOf(src); f.next(); {
		e.set(f.key, f.value)
	}
	return e
}

func (e *RemoteError) set(key string, value []byte) {
	if key == "code" && (value[0] == '-' || '0' <= value[0] && value[0] <= '9') {
		e.Code, e.CodeIsNumber = string(value), true
		return
	}
	if key == "data" {
		e.Data = string(value)
	}
	if value[0] != '"' {
		return
	}
	text := unquote(value)
	switch key {
	case "message":
		e.Message = text
	case "name":
		e.Name = text
	case "type":
		e.Type = text
	case "code":
		e.Code, e.CodeIsNumber = text, false
	}
}

// A hello is what a server says in its open frame, in milliseconds.
type hello struct {
	pingInterval uint32
	pingTimeout  uint32
	maxPayload   bool // it says how large one may be
}

// parseHello reads the JSON of an open frame.
// bsock: lib/socket.js handleOpen
func parseHello(src []byte) (h hello, err error) {
	if !validJSON(src) {
		return h, errNotJSON
	}
	src = src[skipSpace(src, 0):]
	if src[0] != '{' {
		return h, errOpen
	}
	var hasInterval, hasTimeout bool
	for f := fieldsOf(src); f.next(); {
		switch f.key {
		case "pingInterval":
			h.pingInterval, hasInterval = uint32Of(f.value)
		case "pingTimeout":
			h.pingTimeout, hasTimeout = uint32Of(f.value)
		case "maxPayload":
			h.maxPayload = true
		}
	}
	if !hasInterval {
		return h, errInterval
	}
	if !hasTimeout {
		return h, errTimeout
	}
	return h, nil
}

// uint32Of reads a number as JSON.stringify writes a uint32.
func uint32Of(value []byte) (uint32, bool) {
	v, end, err := parseUint32(value, 0)
	return v, err == nil && end == len(value)
}

// appendHello appends the open frame of a server.
// bsock: lib/socket.js sendHandshake. Engine.IO 4 protocol: "Handshake".
func appendHello(dst []byte, c *Config) []byte {
	dst = append(dst, '0'+byte(FrameOpen))
	dst = appendString(append(dst, `{"sid":`...), c.SID)
	dst = append(dst, `,"upgrades":[],"pingInterval":`...)
	dst = strconv.AppendInt(dst, c.PingInterval.Milliseconds(), 10)
	dst = append(dst, `,"pingTimeout":`...)
	dst = strconv.AppendInt(dst, c.PingTimeout.Milliseconds(), 10)
	if c.Version == Version4 {
		dst = append(dst, `,"maxPayload":`...)
		dst = strconv.AppendInt(dst, int64(c.MaxFrame), 10)
	}
	return append(dst, '}')
}
