package middleware

import (
	"errors"
	"strings"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// From a connection that is up to one that may be used. On a bsock server the
// first packet is a call of "auth" with the API key, and nothing else goes out
// until it was acknowledged; Socket.IO 3 and later take a payload with the
// CONNECT packet instead. Then the namespaces are joined that the application
// has asked for.

// What a server may speak, as CONNECT_SOCKET names it.
const (
	protocolBsock     = "bsock"
	protocolSocketIO  = "socket.io"
	protocolSocketIO2 = "socket.io@2"
	protocolSocketIO4 = "socket.io@4"
)

func versionOf(protocol string) bsock.Version {
	switch protocol {
	case protocolSocketIO:
		return bsock.VersionAny
	case protocolSocketIO4:
		return bsock.Version4
	}
	return bsock.Version3
}

// reserved reports whether the protocol keeps the name of an event for itself.
// While it is not known what the server speaks, what both keep is.
func reserved(protocol, event string) bool {
	switch protocol {
	case protocolSocketIO:
		return bsock.Version3.Reserved(event) && bsock.Version4.Reserved(event)
	case protocolSocketIO4:
		return bsock.Version4.Reserved(event)
	}
	return bsock.Version3.Reserved(event)
}

// authTag marks the call of auth. It is no emit's.
const authTag = 0

// connected acts on the connection, or one of its namespaces, being up.
func (m *Middleware) connected(now time.Time, namespace string) {
	if namespace != "" {
		m.joined[namespace] = true
		m.joinedOne(now)
		return
	}
	m.owed = 0 // a payload that is still to come was for a server that wants it
	m.joined = make(map[string]bool)
	m.readyBy = now.Add(m.options.AuthTimeout)
	if m.target.protocol != protocolBsock {
		m.joinAll(now)
		return
	}
	m.asked++
	m.owed = m.asked
	m.host.AskKey(m.asked)
}

// HandleKey gives m the body of the call that authenticates: ["auth",KEY].
// attempt is what the host was asked with; a key that comes too late is
// dropped.
func (m *Middleware) HandleKey(now time.Time, attempt, ref uint32) {
	if !m.takeOwed(attempt) {
		m.host.Drop(ref)
		return
	}
	m.authSent, m.readyBy = now, time.Time{} // the call has a deadline of its own
	_, err := m.conn.Call(now.Add(m.options.AuthTimeout), "auth", bsock.Payload{Ref: ref}, authTag)
	m.pump(now)
	m.host.Drop(ref)
	if err != nil {
		m.keyFailed(now, err)
	}
}

// HandleAuth gives m the body of what goes with the CONNECT packet, an object;
// 0 is none.
func (m *Middleware) HandleAuth(now time.Time, attempt, ref uint32) {
	if !m.takeOwed(attempt) {
		if ref != 0 {
			m.host.Drop(ref)
		}
		return
	}
	m.dropAuth()
	m.auth = ref
	if err := m.join(now, ""); err != nil {
		m.keyFailed(now, err)
	}
}

// join sends a CONNECT packet with the payload that the application gave.
func (m *Middleware) join(now time.Time, namespace string) error {
	var ref uint32
	if m.auth != 0 {
		ref = m.host.Copy(m.auth)
	}
	err := m.conn.Join(now, namespace, bsock.Payload{Ref: ref})
	m.pump(now)
	if ref != 0 {
		m.host.Drop(ref)
	}
	return err
}

func (m *Middleware) dropAuth() {
	if m.auth != 0 {
		m.host.Drop(m.auth)
	}
	m.auth = 0
}

// takeOwed reports whether the host was asked with attempt, and has not
// answered.
func (m *Middleware) takeOwed(attempt uint32) bool {
	owed := attempt == m.owed && attempt != 0
	if owed {
		m.owed = 0
	}
	return owed
}

// HandleKeyError tells m why there is no key, or no payload.
func (m *Middleware) HandleKeyError(now time.Time, attempt uint32, message string) {
	if m.takeOwed(attempt) {
		m.keyFailed(now, &bsock.LocalError{Code: CodeAuthFailed, Message: "No API key: " + message})
	}
}

func (m *Middleware) keyFailed(now time.Time, err error) {
	if m.conn != nil {
		m.conn.Break(now, err, 0)
		m.pump(now)
	}
}

// refused ends a connection whose authentication failed. The same key would
// be refused again, so the next attempt waits; a connection that was lost, or
// a server that was slow, is tried again at the usual pace.
func (m *Middleware) refused(now time.Time, err error) {
	if remote, ok := remoteOf(err); ok {
		m.conn.Break(now, &authError{remote}, refusedPace)
		return
	}
	if errors.Is(err, bsock.ErrTimeout) {
		m.conn.Break(now, errAuthTimeout, 0)
	}
}

// joinAll joins the namespaces, and ends with the last that answers.
func (m *Middleware) joinAll(now time.Time) {
	m.readyBy = now.Add(m.options.AuthTimeout)
	session := m.asked
	m.joining = 1 // or the first answer would be taken for the last
	for rest := m.target.nsps; rest != ""; {
		var namespace string
		namespace, rest, _ = strings.Cut(rest, ",")
		m.joining++
		if err := m.join(now, namespace); err != nil {
			m.joining--
			m.report(err)
		}
		if m.asked != session {
			return // the connection is gone
		}
	}
	m.joinedOne(now)
}

// joinedOne counts a namespace that has answered.
func (m *Middleware) joinedOne(now time.Time) {
	if m.joining == 0 {
		return
	}
	if m.joining--; m.joining == 0 {
		m.becomeReady(now)
	}
}

// left acts on a namespace beside the default one that the server has refused
// or ended, or that ended for err.
func (m *Middleware) left(now time.Time, namespace string, err error) {
	remote, refused := remoteOf(err)
	switch {
	case refused:
		m.report(&namespaceError{namespace, remote})
	case err != nil:
		m.report(err)
	default:
		m.report(&bsock.LocalError{Code: CodeNotJoined, Message: "The server has ended the namespace " + namespace + "."})
	}
	if m.joined[namespace] {
		delete(m.joined, namespace)
	} else {
		m.joinedOne(now)
	}
}

// reaches reports whether emits to a namespace may be sent now.
func (m *Middleware) reaches(namespace string) bool {
	return namespace == "" || m.joined[namespace]
}

// expireReady ends a connection that is not ready in time.
func (m *Middleware) expireReady(now time.Time) {
	if m.readyBy.IsZero() || now.Before(m.readyBy) || m.conn == nil {
		return
	}
	m.readyBy = time.Time{}
	m.conn.Break(now, errNotReady, 0)
}
