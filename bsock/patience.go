package bsock

import "time"

// What a peer may keep a Conn waiting for, and for how much. All that is bounded
// here is legal on the wire, and nothing that a well-behaved peer does: it sends
// the attachments of a packet right behind it, and a name is a few letters long.

const (
	// maxHead is how much of a text is looked at for what the protocol itself
	// must know of it, in bytes. An owner that keeps the text to itself is never
	// asked for more, so that a name of 99 MB is not copied to be read.
	maxHead = 1 << 16

	// maxPatience is the longest time that the next attachment of a packet may
	// take, whatever heartbeat the peer has asked for. It is as long as bsock's
	// own heartbeat lets a peer be silent.
	maxPatience = DefaultPingInterval + DefaultPingTimeout
)

var (
	errHeadTooLarge = &ProtocolError{Message: "Packet has a head of more than 65536 bytes."}
	errNoAttachment = &ProtocolError{Message: "Packet's attachments do not come."}
)

// patience returns when the packet that waits for its attachments, if there is
// one, has waited for too long. Till then it is all that can be received.
func (c *Conn) patience() (deadline time.Time, waits bool) {
	w := &c.waiting
	if w.left == 0 || w.skip {
		return time.Time{}, false
	}
	return w.since.Add(min(c.heart.interval+c.heart.timeout, maxPatience)), true
}

// losePatience ends a connection on which a packet has waited for too long: who
// does not send what was announced may just as well send it as the next packet's.
func (c *Conn) losePatience(now time.Time) {
	deadline, waits := c.patience()
	if waits && !now.Before(deadline) {
		c.lose(now, loss{err: errNoAttachment, code: CloseAbnormal, reason: errNoAttachment.Message, hangup: true})
	}
}
