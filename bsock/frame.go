package bsock

// A FrameType is the type of an Engine.IO frame: the digit a text frame begins
// with, in Version3 also the first byte of a binary one.
type FrameType byte

const (
	FrameOpen    FrameType = 0
	FrameClose   FrameType = 1
	FramePing    FrameType = 2
	FramePong    FrameType = 3
	FrameMessage FrameType = 4
	FrameUpgrade FrameType = 5
	FrameNoop    FrameType = 6
)

// base64Mark begins a text frame that holds a binary one: "b4AAEC", or "bAAEC"
// in Version4.
const base64Mark = 'b'

// parseFrameType reads the digit of a text frame.
// bsock: lib/frame.js fromString
func parseFrameType(c byte) (t FrameType, ok bool) {
	t = FrameType(c - '0')
	return t, t <= FrameNoop
}
