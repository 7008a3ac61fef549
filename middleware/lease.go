package middleware

import (
	"time"
)

// A lease lets the host send emits by itself, where to ask the Middleware costs
// more than to send. lend offers it, and vouches that until the next emit, and
// as long as the connection stands:
//
//   - an emit with the same type and message and without meta passes all checks,
//     is nothing to subscriptions, and none waits before it: it is sent at once;
//   - no other call is given an id;
//   - the alarm that was asked for last goes off before any call that the host
//     sends has waited too long. So there need be none for it.
//
// The host tells by EndLease which id is next before it hands over an emit, and
// by HandleSent of its calls that have no answer before anything that may end
// them: the clock, the end of the connection, an answer that is not a result.

// lend offers the lease, if there is a connection and nothing waits. It is the
// last thing that is done with an emit.
func (m *Middleware) lend(now time.Time) {
	if m.conn == nil || !m.open() || !m.waiting.empty() {
		return
	}
	if id, ok := m.conn.Lend(); ok {
		calls := !m.alarm.IsZero() && !m.alarm.After(now.Add(m.options.AckTimeout))
		m.host.Lease(id, calls)
	}
}

// HandleSent tells m of a call that the host has sent at that time, and that
// has no answer: ref names the emit.
func (m *Middleware) HandleSent(at time.Time, id, ref uint32) {
	m.takeUnsent(ref) // an earlier emit of that number
	m.conn.Lent(id, at.Add(m.options.AckTimeout), ref)
}

// EndLease tells m that the host sends no more: id is that of the next call.
func (m *Middleware) EndLease(id uint32) { m.conn.Return(id) }
