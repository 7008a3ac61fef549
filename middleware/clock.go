package middleware

import "time"

// Time: what is due, when the host is to wake the Middleware for it, and what
// it learns of pauses in which no alarm goes off.

// Advance tells m what time it is.
func (m *Middleware) Advance(now time.Time) {
	m.alarm = time.Time{} // it has gone off, or a little early
	m.expire(now)
	if m.conn != nil {
		m.conn.Advance(now)
	}
	m.pump(now)
}

// expire does what is due by now, but for what the Conn does.
func (m *Middleware) expire(now time.Time) {
	m.expireWaiting(now)
	m.expireReplays(now)
	m.release(now)
	m.expireReady(now)
}

// setAlarm asks the host to be woken for the next deadline. An alarm that has
// become too early is left alone: it finds nothing to do and is set anew. One
// that nothing needs is taken back: it would keep a program from ending.
func (m *Middleware) setAlarm(now time.Time) {
	next := m.deadline()
	if next.IsZero() && !m.alarm.IsZero() {
		m.alarm = time.Time{}
		m.host.WakeAt(0)
	}
	if !next.IsZero() && (m.alarm.IsZero() || next.Before(m.alarm)) {
		m.alarm = next
		// Rounded up: woken early, it would ask again for the same millisecond.
		m.host.WakeAt(next.Add(time.Millisecond - 1).UnixMilli())
	}
}

// deadline returns when Advance is next wanted, zero if it is not.
func (m *Middleware) deadline() time.Time {
	next := sooner(m.waiting.soonest, m.readyBy)
	next = sooner(next, m.replayExpiry)
	next = sooner(next, m.gatheredBy)
	if m.queuedChanged() {
		next = sooner(next, m.board.queuedAt.Add(queuedPace))
	}
	if m.conn != nil {
		if t, wanted := m.conn.Deadline(); wanted {
			next = sooner(next, t)
		}
	}
	return next
}

// Suspend hangs up until Resume: the page is put away. What is under way ends
// as with a connection that was lost.
func (m *Middleware) Suspend(now time.Time) {
	if m.conn != nil {
		m.conn.Suspend(now)
		m.replanned(now)
		m.pump(now)
	}
}

// Resume tries at once what would be tried later: the page is back, or the
// network.
func (m *Middleware) Resume(now time.Time) {
	m.expire(now)
	if m.conn != nil {
		m.conn.Resume(now)
		m.replanned(now)
	}
	m.pump(now)
}

// Heard tells m of a sign of life at that time that it was not shown.
func (m *Middleware) Heard(at time.Time) {
	if m.conn != nil {
		m.conn.Heard(at)
	}
}
