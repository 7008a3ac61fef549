package bsock

import "time"

// One end pings, the other answers: the client in Version3, the server in
// Version4. An end whose ping was followed by nothing at all for pingTimeout
// cuts the other off; so does the end that awaits the pings if it hears nothing
// for pingInterval and pingTimeout together. Deadlines are moments, not
// countdowns, so that a machine that slept finds out when it wakes.
//
// Engine.IO 3: "Timeouts". Engine.IO 4 protocol: "Heartbeat".

// A heartbeat is what is known of the peer's pulse.
type heartbeat struct {
	pings    bool // this end does
	interval time.Duration
	timeout  time.Duration

	heard  time.Time // the last frame from the peer
	pinged time.Time // when the last ping was sent; at first, when it all began
	open   bool      // a ping awaits its pong
	next   time.Time // when the next ping is due
}

func (h *heartbeat) set(interval, timeout time.Duration) {
	h.interval = max(interval, minHeartbeat)
	h.timeout = max(timeout, minHeartbeat)
}

func (h *heartbeat) start(now time.Time, pings bool) {
	h.pings = pings
	h.heard, h.pinged = now, now
	h.open = false
	h.next = now.Add(h.interval)
}

// deadline returns when beat is next wanted.
func (h *heartbeat) deadline() time.Time {
	switch {
	case !h.pings:
		return h.heard.Add(h.interval + h.timeout)
	case !h.open:
		return h.next
	}
	return h.alive().Add(h.timeout)
}

// alive returns the last moment when there was anything to be heard or to be
// heard of.
func (h *heartbeat) alive() time.Time {
	if h.heard.After(h.pinged) {
		return h.heard
	}
	return h.pinged
}

// slept reports whether this end has been dead to the world for so long that
// the other must have given it up.
func (h *heartbeat) slept(now time.Time) bool {
	return now.Sub(h.alive()) >= h.interval+h.timeout
}

// pong takes the answer to a ping. One that nobody asked for is ignored: bsock
// destroys the socket for it, and then it never comes back.
func (c *Conn) pong(now time.Time) {
	h := &c.heart
	if !h.open {
		return
	}
	h.open = false
	h.next = now.Add(h.interval)
	if !c.server {
		c.add(EventPulse).Delay = now.Sub(h.pinged)
	}
}

// Heard tells c of a sign of life from the peer that the owner did not show it:
// a message that the owner dealt with by itself.
func (c *Conn) Heard(at time.Time) {
	if at.After(c.heart.heard) {
		c.heart.heard = at
	}
}

// beat does what the heartbeat's deadline calls for.
func (c *Conn) beat(now time.Time) {
	h := &c.heart
	if now.Before(h.deadline()) {
		return
	}
	if !h.pings || h.open || h.slept(now) {
		c.lose(now, loss{err: ErrStalled, code: CloseAbnormal, reason: ErrStalled.Message, hangup: true})
		return
	}
	h.open, h.pinged = true, now
	c.pushText(pingFrame)
}

// readPulse reads a ping or a pong. Engine.IO hangs up at one that comes from
// the wrong end; it does no harm here.
func (c *Conn) readPulse(now time.Time, kind FrameType) {
	if c.detecting() && kind == FramePing {
		c.askToConnect() // only servers of Version4 ping
	}
	switch {
	case c.pings() == (kind == FramePong):
		if kind == FramePing {
			c.pushText(pongFrame)
		} else {
			c.pong(now)
		}
	default:
		c.pushError(c.wrongPulse(kind))
	}
}

func (c *Conn) wrongPulse(kind FrameType) error {
	end, frame := "Outbound", "ping"
	if c.server {
		end = "Inbound"
	}
	if kind == FramePong {
		frame = "pong"
	}
	return &ProtocolError{Message: end + " socket sent a " + frame + " frame."}
}

// pings reports whether this end is the one that does.
func (c *Conn) pings() bool {
	return c.server == (c.version == Version4)
}

var (
	pingFrame = []byte{'0' + byte(FramePing)}
	pongFrame = []byte{'0' + byte(FramePong)}
)
