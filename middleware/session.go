package middleware

import (
	"errors"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// From a connection that is up to one that may be used, and down again. The
// first packet is a call of "auth" with the API key; nothing else goes out
// until it was acknowledged.

// authTag marks the call of auth. It is no emit's.
const authTag = 0

// HandleKey gives m the body of the call that authenticates: ["auth",KEY].
// attempt is what the host was asked with; a key that comes too late is
// dropped.
func (m *Middleware) HandleKey(now time.Time, attempt, ref uint32) {
	if attempt != m.asked || m.conn == nil {
		m.host.Drop(ref)
		return
	}
	_, err := m.conn.Call(now.Add(m.options.AuthTimeout), "auth", bsock.Payload{Ref: ref}, authTag)
	m.pump(now)
	m.host.Drop(ref)
	if err != nil {
		m.keyFailed(now, err)
	}
}

// HandleKeyError tells m why there is no key.
func (m *Middleware) HandleKeyError(now time.Time, attempt uint32, message string) {
	if attempt == m.asked && m.conn != nil {
		m.keyFailed(now, &bsock.LocalError{Code: CodeAuthFailed, Message: "No API key: " + message})
	}
}

func (m *Middleware) keyFailed(now time.Time, err error) {
	if m.conn != nil {
		m.conn.Break(now, err, 0)
		m.pump(now)
	}
}

// becomeReady announces the connection and lets the waiting emits go.
func (m *Middleware) becomeReady(now time.Time) {
	m.debug("bsock client connected")
	m.ready = true
	conn := m.conn
	m.check(m.host.Dispatch(SocketConnected))
	// A plugin may have disconnected, or connected elsewhere, meanwhile.
	if m.conn == conn && m.ready {
		m.flush(now)
	}
}

// refused ends a connection whose authentication failed. The same key would
// be refused again, so the next attempt waits; a connection that was lost, or
// a server that was slow, is tried again at the usual pace.
func (m *Middleware) refused(now time.Time, err error) {
	if remote, ok := errors.AsType[*bsock.RemoteError](err); ok {
		m.conn.Break(now, &authError{remote}, refusedPace)
		return
	}
	if errors.Is(err, bsock.ErrTimeout) {
		m.conn.Break(now, errAuthTimeout, 0)
	}
}

// disconnected reports the end of an attempt or a connection.
func (m *Middleware) disconnected(ev *bsock.Event) {
	m.ready = false
	m.asked++
	conn := m.conn
	if ev.Up {
		m.debug("bsock client disconnected")
		m.check(m.host.DispatchClosed(uint16(ev.Code), ev.Reason, ev.Retry))
	}
	if ev.Err != nil {
		m.lament(ev.Err)
	}
	if !ev.Retry && m.conn == conn {
		m.settleAll(m.endWaiting(nil, bsock.ErrLost))
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
