package middleware

import (
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// What the store is told of the connection, so that a reducer has nothing to
// work out: SOCKET_STATUS has it all, and comes before the action that says
// what has happened.

// A Status is where a socket stands, as an application sees it.
type Status uint8

const (
	// StatusDisconnected has no socket: none yet, or DISCONNECT_SOCKET.
	StatusDisconnected Status = iota
	// StatusConnecting is making an attempt.
	StatusConnecting
	// StatusConnected is authenticated.
	StatusConnected
	// StatusReconnecting waits for the next attempt.
	StatusReconnecting
	// StatusFailed makes no more attempts.
	StatusFailed
)

// queuedPace is how often the store is told how many emits wait.
const queuedPace = 250 * time.Millisecond

// noLatency says that the latency is not known.
const noLatency = -1

// A standing is what SOCKET_STATUS says. Moments are in milliseconds since
// 1970: the module would have to link the formats of a time.Time.
type standing struct {
	status  Status
	since   int64
	attempt uint32 // tries in a row; 1 is the first
	retryAt int64
	latency int64
	queued  uint32
}

// A board is what is known of the standing, and what the store has been told.
type board struct {
	now, told standing
	queuedAt  time.Time // when the store was last told of the queue
	lost      time.Time // when a connection in use was lost; zero if none was
}

func newBoard() board {
	none := standing{latency: noLatency}
	return board{now: none, told: none}
}

// become notes where the socket stands from now on.
func (b *board) become(now time.Time, s Status) {
	if b.now.status != s {
		b.now.status, b.now.since = s, now.UnixMilli()
	}
	b.now.retryAt = 0
	if s != StatusConnected {
		b.now.latency = noLatency
	}
	if s == StatusDisconnected {
		b.now.attempt = 0
	}
}

// tell dispatches SOCKET_STATUS if it has changed.
func (m *Middleware) tell(now time.Time) {
	s := m.board.now
	s.queued = uint32(m.waiting.size())
	if s.status != StatusConnected {
		s.latency = noLatency // of the connection to come
	}
	if s == m.board.told || m.toldQueued(now) && m.board.told.but(s.queued) == s {
		return
	}
	m.board.told, m.board.queuedAt = s, now
	m.check(m.host.DispatchStatus(uint8(s.status), s.since, s.attempt, s.retryAt, s.latency, s.queued))
}

// tellQueued tells the store how many emits wait, unless it was told a moment
// ago: a thousand of them are not worth a thousand actions. Of a connection
// that has ended that is told with its end, which is about to come.
func (m *Middleware) tellQueued(now time.Time) {
	if m.queuedChanged() && !m.toldQueued(now) && !m.ended() {
		m.tell(now)
	}
}

// toldQueued reports whether the store was told a moment ago.
func (m *Middleware) toldQueued(now time.Time) bool {
	return now.Sub(m.board.queuedAt) < queuedPace
}

// but returns s with another queue.
func (s standing) but(queued uint32) standing {
	s.queued = queued
	return s
}

// ended reports whether the board does not know yet that the connection has
// ended.
func (m *Middleware) ended() bool {
	if m.conn == nil || m.board.now.status != StatusConnecting && m.board.now.status != StatusConnected {
		return false
	}
	state := m.conn.State()
	return state == bsock.StateWaiting || state == bsock.StateClosed
}

func (m *Middleware) queuedChanged() bool {
	return uint32(m.waiting.size()) != m.board.told.queued
}

// connecting announces an attempt.
func (m *Middleware) connecting(now time.Time) {
	conn := m.conn
	m.board.now.attempt++
	m.board.become(now, StatusConnecting)
	m.tell(now)
	if m.conn == conn {
		m.check(m.host.DispatchConnecting(m.board.now.attempt))
	}
}

// reconnecting announces the wait for the next attempt, which the application
// may have cut short since the connection was lost.
func (m *Middleware) reconnecting(now time.Time) {
	at := m.board.now.retryAt
	m.check(m.host.DispatchReconnecting(m.board.now.attempt+1, at-now.UnixMilli(), at))
}

// replanned tells the store that the next attempt comes sooner, or not until
// the page is back.
func (m *Middleware) replanned(now time.Time) {
	if m.board.now.status != StatusReconnecting || m.conn.State() != bsock.StateWaiting {
		return
	}
	if at := m.retryAt(); at != m.board.now.retryAt {
		m.board.now.retryAt = at
		m.tell(now)
	}
}

// retryAt returns when the next attempt is made, 0 if none is planned or it has
// begun already.
func (m *Middleware) retryAt() int64 {
	at, ok := m.conn.Deadline()
	if !ok || m.conn.State() != bsock.StateWaiting {
		return 0
	}
	return at.UnixMilli()
}

// measured notes how long an answer took.
func (m *Middleware) measured(now time.Time, latency time.Duration) {
	ms := max(latency.Milliseconds(), 0) // a clock may be set back
	changed := ms != m.board.now.latency
	m.board.now.latency = ms
	if changed && m.ready {
		m.tell(now)
	}
}
