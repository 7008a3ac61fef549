package middleware

import (
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// Subscriptions are sent again on every new connection, in the order in which
// they were made: right behind the key, before SOCKET_CONNECTED, and before
// anything that waits. An application that emits the same once more on that
// connection, as plugins do when they hear SOCKET_CONNECTED, gets the answer to
// what was sent already.

// A replay is what became of a subscription on this connection.
type replay struct {
	active   bool // it was sent again, and nothing has undone it
	answered bool
	answer   uint32 // the body of the answer
	offset   uint32
	waiting  []emit // those of the application that wait for the answer
}

// replay sends what is remembered.
func (m *Middleware) replay(now time.Time) {
	conn := m.conn
	for _, s := range m.subscriptions.all() {
		if m.conn != conn || conn.State() != bsock.StateConnected {
			return
		}
		e := s.emit
		e.ref = m.host.Copy(s.ref)
		if s.again.active = m.resend(now, &e, s); !s.again.active {
			m.host.Drop(e.ref)
		}
	}
}

// resend reports whether the Conn took e, a copy of s. That of a call stays
// for its answer.
func (m *Middleware) resend(now time.Time, e *emit, s *subscription) bool {
	if !m.reaches(e.nsp) {
		return false
	}
	if e.call {
		_, err := m.conn.Call(now.Add(m.options.AckTimeout), e.name, e.payload(), e.ref)
		if err == nil {
			m.replays[e.ref] = s
			m.pump(now)
		}
		return err == nil
	}
	if m.conn.Fire(e.name, e.payload()) != nil {
		return false
	}
	m.pump(now)
	m.takeUnsent(e.ref)
	m.host.Drop(e.ref)
	return true
}

// absorb reports whether e is what was sent again on this connection. It is
// then settled as that is, and not sent.
func (m *Middleware) absorb(now time.Time, e *emit) bool {
	for s := m.subscriptions.of(e.nsp, e.rule.key); s != nil; s = s.like {
		if !s.again.active || s.call != e.call || !m.host.Same(s.ref, e.ref) {
			continue
		}
		switch {
		case !e.call:
			m.settled(e.ref, m.host.Settle(e.ref, 0, 0))
		case s.again.answered:
			m.settled(e.ref, m.host.Settle(e.ref, m.host.Copy(s.again.answer), s.again.offset))
		default:
			s.again.waiting = append(s.again.waiting, *e)
			m.replayExpiry = sooner(m.replayExpiry, e.deadline)
			m.setAlarm(now)
		}
		return true
	}
	return false
}

// replayed settles what was sent again, and what the application has emitted
// of the same meanwhile. It reports whether ev is about such.
func (m *Middleware) replayed(ev *bsock.Event) bool {
	s := m.replays[ev.Tag]
	if s == nil {
		return false
	}
	delete(m.replays, ev.Tag)
	m.takeUnsent(ev.Tag)
	m.host.Drop(ev.Tag)
	waiting := s.again.waiting
	s.again.waiting = nil
	if ev.Kind == bsock.EventReject {
		m.replayFailed(s, ev.Err, waiting)
		return true
	}
	m.replayAnswered(s, ev.Payload.Ref, uint32(ev.Payload.Offset), waiting)
	return true
}

// replayAnswered settles waiting with the answer to s, and keeps that for who
// comes later.
func (m *Middleware) replayAnswered(s *subscription, ref, offset uint32, waiting []emit) {
	answers := make([]uint32, len(waiting))
	for i := range answers {
		answers[i] = m.host.Copy(ref) // before the application hears of any
	}
	if s.again.active && s.kept {
		s.again.answered, s.again.answer, s.again.offset = true, ref, offset
	} else {
		m.host.Drop(ref)
	}
	for i, e := range waiting {
		m.settled(e.ref, m.host.Settle(e.ref, answers[i], offset))
	}
}

// replayFailed ends the replay of s with err. What the server refuses is
// forgotten, and the store is told if nobody else is.
func (m *Middleware) replayFailed(s *subscription, err error, waiting []emit) {
	s.again.active = false
	if _, refused := remoteOf(err); refused {
		if s.kept {
			m.forget(s)
		}
		if len(waiting) == 0 {
			m.report(err)
		}
	}
	for _, e := range waiting {
		m.fail(e.ref, err)
	}
}

func (m *Middleware) dropAnswer(s *subscription) {
	if s.again.answer != 0 {
		m.host.Drop(s.again.answer)
	}
	s.again.answer, s.again.answered = 0, false
}

// restReplays notes that the connection is gone.
func (m *Middleware) restReplays() {
	m.replayExpiry = time.Time{} // who waited has been told, or is about to be
	for s := m.subscriptions.first; s != nil; s = s.next {
		m.dropAnswer(s)
		s.again.active = false
	}
}

// expireReplays fails the emits that have waited too long for the answer to
// what was sent again.
func (m *Middleware) expireReplays(now time.Time) {
	if m.replayExpiry.IsZero() || now.Before(m.replayExpiry) {
		return
	}
	m.replayExpiry = time.Time{}
	var expired []emit
	for _, s := range m.replays {
		kept := s.again.waiting[:0]
		for _, e := range s.again.waiting {
			if now.Before(e.deadline) {
				kept = append(kept, e)
				m.replayExpiry = sooner(m.replayExpiry, e.deadline)
			} else {
				expired = append(expired, e)
			}
		}
		s.again.waiting = kept
	}
	for _, e := range expired {
		m.fail(e.ref, bsock.ErrTimeout)
	}
}
