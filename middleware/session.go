package middleware

import (
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A connection in use, from SOCKET_CONNECTED to its loss, and what is said of
// either.

// becomeReady sends again what is remembered, announces the connection, and
// lets the waiting emits go. Whatever it calls may lose the connection, or
// replace it.
func (m *Middleware) becomeReady(now time.Time) {
	if m.conn.State() != bsock.StateConnected {
		return // its end is about to be told
	}
	m.debug("bsock client connected")
	m.readyBy = time.Time{}
	session := m.asked
	m.replay(now)
	if m.asked != session {
		return
	}
	m.ready = true
	lost := m.board.lost
	m.board.lost = time.Time{}
	m.board.become(now, StatusConnected)
	m.tell(now)
	if m.asked == session {
		m.check(m.host.Dispatch(SocketConnected))
	}
	if m.asked == session && !lost.IsZero() {
		m.check(m.host.DispatchResumed(now.Sub(lost).Milliseconds(), m.board.now.attempt))
	}
	if m.asked == session {
		m.flush(now)
	}
}

// endSession forgets what belongs to a connection that has ended.
func (m *Middleware) endSession() {
	m.ready = false
	m.asked++
	m.owed = 0 // a key that comes now is for a connection that is gone
	m.readyBy = time.Time{}
	m.joined, m.joining = nil, 0
	clear(m.calls)
	m.dropAuth()
	m.restReplays()
}

// disconnected reports the end of an attempt or a connection.
func (m *Middleware) disconnected(now time.Time, ev *bsock.Event) {
	conn := m.conn
	if m.ready {
		m.board.lost = now
		m.board.now.attempt = 0
	}
	m.endSession()
	m.rest(now, ev.Retry)
	session := m.asked
	m.deliverGathered(m.takeGathered(now))
	if m.conn != conn {
		return
	}
	m.tell(now)
	if m.conn == conn && ev.Up {
		m.debug("bsock client disconnected")
		m.check(m.host.DispatchClosed(uint16(ev.Code), ev.Reason, ev.Retry))
	}
	if remote, refused := remoteOf(ev.Err); refused {
		m.lament(&authError{remote}) // to the payload of the CONNECT packet
	} else if ev.Err != nil {
		m.lament(ev.Err)
	}
	switch {
	case m.conn != conn || m.asked != session: // it is out of date
	case m.board.now.retryAt != 0:
		m.reconnecting(now)
	case !ev.Retry:
		m.settleAll(m.endWaiting(nil, bsock.ErrLost))
		m.gaveUp(conn)
	}
}

// rest notes whether another attempt follows.
func (m *Middleware) rest(now time.Time, retry bool) {
	if !retry {
		m.board.become(now, StatusFailed)
		return
	}
	m.board.become(now, StatusReconnecting)
	m.board.now.retryAt = m.retryAt()
}

func (m *Middleware) gaveUp(conn *bsock.Conn) {
	if m.conn == conn {
		m.check(m.host.DispatchFailed(m.board.now.attempt))
	}
}

// report dispatches SOCKET_ERROR for an error of an action or an option.
func (m *Middleware) report(err error) {
	m.reportFault(0, faultOf(err))
}

func (m *Middleware) reportFault(emit uint32, f fault) {
	m.debug("There was an error with bsock: " + f.message)
	m.check(m.host.DispatchError(emit, f.message, f.name, f.errorType, f.code, f.codeIsNumber))
}

// lament reports an error of the connection. An application that has a
// disconnectedAction gets that instead.
// bsock-middleware: socket.on('error')
func (m *Middleware) lament(err error) {
	if m.options.DisconnectedAction {
		m.debug("There was an error with bsock: " + err.Error())
		m.check(m.host.Forward())
		return
	}
	m.report(err)
}

// check dispatches SOCKET_ERROR for what the application threw, unless it was
// thrown at just such an action.
func (m *Middleware) check(ok bool) {
	if !ok {
		m.host.DispatchThrown()
	}
}
