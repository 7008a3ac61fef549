package middleware_test

import (
	"strings"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// How a connection comes up: the server's CONNECT, and what that shows of what
// the server speaks; auth; the namespaces.

func (w *world) expectConnect(s *modelSocket, msg *message) (must func()) {
	bare := msg.text == "40"
	switch {
	case !s.greeted || s.connected:
		return func() {}
	case s.undecided, bare && w.flavor == flavorAny:
		s.flavor, s.undecided = flavorSIO2, false
	case s.flavor == flavorSIO4 && (!s.wantsIn || bare):
		return func() {}
	}
	s.pinged = w.now
	s.connected, s.up, s.pingOpen, s.nextPing = true, w.now, false, w.now.Add(s.interval)
	if s.flavor != flavorBsock {
		return w.join(s)
	}
	return func() {}
}

// believes returns what a client takes a server for before it knows.
func (w *world) believes() flavor {
	if w.flavor == flavorAny {
		return flavorSIO2
	}
	return w.flavor
}

// detectTime is how long a client lets a server show that it is of Socket.IO 2.
const detectTime = 500 * time.Millisecond

// detect takes a greeting for what it says of the server.
func (w *world) detect(s *modelSocket, msg *message) {
	if s.undecided && strings.Contains(msg.text, "maxPayload") {
		s.flavor, s.undecided = flavorSIO4, false
	}
	s.detectBy = w.now.Add(detectTime)
}

// join notes the namespaces that are to be joined now. Without one the
// connection may be used.
func (w *world) join(s *modelSocket) (must func()) {
	for _, nsp := range w.nsps {
		s.joining[nsp] = true
	}
	if len(s.joining) == 0 {
		return w.use(s)
	}
	s.joinDue, s.joinBy = w.now.Add(middlewareAuthTimeout), w.now.Add(w.connectTimeout())
	return func() {}
}

// connectTimeout bounds an attempt, and the join of a namespace.
func (w *world) connectTimeout() time.Duration {
	if w.options.ConnectTimeout > 0 {
		return w.options.ConnectTimeout
	}
	return bsock.DefaultConnectTimeout
}

// expireJoins notes, when the Middleware says that the connection is in use,
// that it has told of the namespace that was refused last, or has given up those
// that the server has not answered about.
func (w *world) expireJoins() {
	s := w.host.socket
	if s != nil && s.refusedLast {
		s.refusedLast = false
		w.use(s)
		return
	}
	if s == nil || len(s.joining) == 0 || !w.ringing || w.now.Before(s.joinBy) || !w.now.Before(s.joinDue) || w.overdue() {
		return
	}
	clear(s.joining)
	s.joinDue = time.Time{}
	w.use(s)
}

// expectJoined takes the server's answer to who wants to join a namespace.
func (w *world) expectJoined(s *modelSocket, msg *message) (must func()) {
	if !s.connected || !s.joining[msg.nsp] {
		return func() {}
	}
	delete(s.joining, msg.nsp)
	s.joined[msg.nsp] = msg.kind == msgJoined
	if len(s.joining) > 0 {
		return func() {}
	}
	s.joinDue = time.Time{}
	if msg.kind == msgJoined {
		return w.use(s)
	}
	s.refusedLast = true // the application hears of that first
	return func() {
		if s.refusedLast {
			w.broken("SOCKET_CONNECTED follows the last answer of the server at once", "socket %d", s.number)
		}
	}
}

// expectLeft takes the end of a namespace.
func (w *world) expectLeft(s *modelSocket, msg *message) {
	if !s.connected || !s.joined[msg.nsp] {
		return
	}
	s.joined[msg.nsp] = false
	for _, e := range w.emits {
		e.lost = e.lost || e.nsp == msg.nsp && (e.on == s || e.triedOn == s)
	}
}

func (w *world) expectAuth(s *modelSocket, msg *message) (must func()) {
	if !s.connected || s.acknowledged || s.authDue.IsZero() || int64(msg.id) != s.authID {
		return func() {}
	}
	s.acknowledged, s.authDue = true, time.Time{}
	s.latency = w.now.Sub(s.authSent).Milliseconds()
	return w.join(s)
}

// use notes that s may be used from now on.
func (w *world) use(s *modelSocket) (must func()) {
	s.authed, s.announce = true, true
	w.become(statusConnected)
	w.stands.latency = s.latency
	s.resume, w.lostAt = w.lostAt, time.Time{}
	return func() {
		if !s.resume.IsZero() {
			w.broken("SOCKET_RESUMED follows SOCKET_CONNECTED after a gap", "socket %d", s.number)
		}
		if s.announce {
			w.broken("SOCKET_CONNECTED follows the answer to auth at once", "socket %d", s.number)
		}
	}
}
