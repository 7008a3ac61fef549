package bsock

import "time"

// The client pings, the server answers. A client whose ping was followed by
// nothing at all for pingTimeout is cut off; so is, by a server, a client that
// was silent for pingInterval and pingTimeout together. Deadlines are moments,
// not countdowns, so that a machine that slept finds out when it wakes.
//
// Engine.IO 3: "Timeouts".

// A heartbeat is what is known of the peer's pulse.
type heartbeat struct {
	server   bool
	interval time.Duration
	timeout  time.Duration

	heard  time.Time // the last frame from the peer
	pinged time.Time // when the open ping was sent
	open   bool      // a ping awaits its pong
	next   time.Time // when the next ping is due
}

func (h *heartbeat) set(interval, timeout time.Duration) {
	h.interval = max(interval, minHeartbeat)
	h.timeout = max(timeout, minHeartbeat)
}

func (h *heartbeat) start(now time.Time, server bool) {
	h.server = server
	h.heard = now
	h.open = false
	h.next = now.Add(h.interval)
}

// deadline returns when beat is next wanted.
func (h *heartbeat) deadline() time.Time {
	switch {
	case h.server:
		return h.heard.Add(h.interval + h.timeout)
	case !h.open:
		return h.next
	case h.heard.After(h.pinged):
		return h.heard.Add(h.timeout)
	}
	return h.pinged.Add(h.timeout)
}

// pong takes the answer to a ping. One that nobody asked for is ignored: bsock
// destroys the socket for it, and then it never comes back.
func (h *heartbeat) pong(now time.Time) {
	if h.open {
		h.open = false
		h.next = now.Add(h.interval)
	}
}

// beat does what the heartbeat's deadline calls for.
func (c *Conn) beat(now time.Time) {
	h := &c.heart
	if c.state != StateConnected || now.Before(h.deadline()) {
		return
	}
	if h.server || h.open {
		c.lose(now, loss{err: ErrStalled, code: CloseAbnormal, reason: ErrStalled.Message, hangup: true})
		return
	}
	h.open, h.pinged = true, now
	c.pushText(pingFrame)
}

var (
	pingFrame = []byte{'0' + byte(FramePing)}
	pongFrame = []byte{'0' + byte(FramePong)}
)
