package bsock

import "time"

// An owner may send events and calls to the default namespace itself, as Fire
// and Call would have them sent: 42, the id of a call, and the payload. Lend
// says so, and it holds until the owner lets the Conn send anything, or tells it
// of anything that may end the connection. Before that it gives back what it
// has used.

// Lend returns the id of the owner's first call; the next ones follow upward.
// It reports whether there may be any.
func (c *Conn) Lend() (id uint32, ok bool) {
	ok = c.state == StateConnected && c.root.stage == joined && c.queue.empty() && !c.rejecting && !c.calls.wrapped
	return c.calls.next, ok
}

// Lent tells c of a call that the owner has sent and that has no answer, as if
// it had been made by [Conn.Call].
func (c *Conn) Lent(id uint32, deadline time.Time, tag uint32) {
	c.calls.put(id, deadline, tag, c.root.epoch)
}

// Return ends what Lend began: id is that of the next call.
func (c *Conn) Return(id uint32) { c.calls.next = id }
