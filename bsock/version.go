package bsock

import "time"

// A Version is a generation of the protocol. Both ends must speak the same.
//
//	                       Version3                  Version4
//	who pings              the client                the server
//	who says 40 first      the server, unasked       the client, with a payload for its authentication
//	a binary frame         04 and the data           the data
//	                       b4 and base64             b and base64
//	44                     an error                  a refusal of 40, nothing else
//	names nobody may send  see [Version.Reserved]
type Version uint8

const (
	// Version3 is Engine.IO 3 and Socket.IO 2, which is what bsock speaks.
	Version3 Version = iota
	// Version4 is Engine.IO 4 and Socket.IO 3 and 4.
	Version4
	// VersionAny lets a client find out, at each attempt. It dials as a
	// client of Version4, which servers of Version3 do not mind.
	VersionAny
)

// detectTime is how long a client lets a server that greeted it say 40 of its
// own accord. The packet comes right behind the greeting if it comes at all.
const detectTime = 500 * time.Millisecond

// Version returns what is spoken: VersionAny until a client knows.
func (c *Conn) Version() Version { return c.version }

// RawBinary reports whether a binary message is the attachment itself, as in
// Version4; in Version3 a byte that is its [FrameType] stands in front.
func (c *Conn) RawBinary() bool { return c.version == Version4 }

// detect takes a greeting for what it says of the server's version. One that
// knows no other than Version3 never says how large a payload may be; those that
// speak Version4 to whoever dials so mostly do.
func (c *Conn) detect(now time.Time, h hello) {
	switch {
	case c.version == Version4, c.version == VersionAny && h.maxPayload:
		c.askToConnect()
	case c.version == VersionAny:
		c.detected = now.Add(detectTime)
	}
	c.root.stage = joining
}

// askToConnect goes on as a client of Version4.
func (c *Conn) askToConnect() {
	c.version = Version4
	if c.config.AskAuth {
		c.asked = true
		c.add(EventAuth)
		return
	}
	c.pushPacket(packet{Type: PacketConnect}, &Payload{}, nil)
}

// detecting reports whether the server has greeted c, but not shown its version.
func (c *Conn) detecting() bool {
	return c.version == VersionAny && c.greeted && c.state == StateOpening
}
