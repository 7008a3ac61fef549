package middleware_test

import (
	"slices"
	"time"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// What happens to the WebSocket, and what the application may be told of it.

const (
	middlewareAuthTimeout = middleware.DefaultAuthTimeout
	refusedPace           = time.Minute
	stable                = 5 * time.Second
	maxPatience           = 85 * time.Second
)

func (w *world) open(s *modelSocket) {
	w.log("opened")
	s.phase = socketOpen
	w.enter(func() { w.m.HandleOpen(w.now) })
}

// close has the network close s.
func (w *world) close(s *modelSocket, code uint16) {
	w.log("closed %d", code)
	w.ended(s)
	w.enter(func() { w.m.HandleClose(w.now, code, "") })
}

// dialled notes a new attempt.
func (w *world) dialled(url string) {
	if w.failed {
		w.broken("who has given up does not dial", "%s", url)
	}
	if w.now.Before(w.redialAt) && !w.resuming {
		w.broken("a server is not hammered", "dialled %s too early", w.redialAt.Sub(w.now))
	}
	w.dialed, w.redialAt, w.redialBy = w.now, time.Time{}, time.Time{}
}

// ended notes that s is no more.
func (w *world) ended(s *modelSocket) {
	w.host.socket = nil
	w.lose(s)
	for _, l := range w.lasting {
		l.active, l.answered = false, false
	}
	if s.leaving {
		return
	}
	if s.connected && w.now.Sub(s.up) >= stable {
		w.attempt = 0
	}
	if s.connected {
		w.closing++
	}
	if s.authed && !s.announce {
		w.lostAt, w.stands.attempt = w.now, 0
	}
	w.attemptEnded(s.refused)
	if s.connected {
		w.retries = !w.failed
	}
	w.reconnecting()
}

// suspend notes that the page is put away.
func (w *world) suspend() {
	w.suspended = true
	if w.host.socket == nil {
		w.redialBy = time.Time{}
	}
}

// resume notes that the page is back.
func (w *world) resume() {
	w.suspended = false
	if w.host.socket == nil && !w.failed && w.now.Before(w.notBefore) {
		w.redialBy = w.redialAt // a refused key rests, whoever hurries
		return
	}
	w.redialAt = time.Time{}
}

// lose notes that what was sent on s is lost, or what was not sent.
func (w *world) lose(s *modelSocket) {
	for _, e := range w.emits {
		e.lost = e.lost || s != nil && (e.on == s || e.absorbed == s) || s == nil && e.queued()
	}
}

// attemptEnded plans the next attempt, as the options say.
func (w *world) attemptEnded(refused bool) {
	w.notBefore = time.Time{}
	if refused {
		w.notBefore = w.now.Add(refusedPace)
	}
	if w.suspended {
		w.failed, w.redialAt, w.redialBy = false, time.Time{}, time.Time{}
		return
	}
	w.failed = w.lastTry()
	if w.failed {
		w.redialBy = time.Time{}
		w.lose(nil)
		return
	}
	bound := 30 * time.Second
	if w.attempt < 5 {
		bound = min(bound, time.Second<<w.attempt)
	}
	delay := time.Duration(float64(bound) * w.jitter)
	if refused {
		delay = max(delay, refusedPace)
	}
	w.attempt++
	w.redialAt = w.now.Add(delay)
	w.redialBy = w.redialAt
}

// deliver has the oldest message on the way to the client arrive.
func (w *world) deliver(s *modelSocket) {
	if len(s.down) == 0 {
		return
	}
	msg := s.down[0]
	s.down = s.down[1:]
	upheavals := w.upheavals
	w.feeding, w.feedingOn = msg, s
	must := w.expect(s, msg)
	w.host.receive(s, msg)
	w.feeding, w.feedingOn = nil, nil
	if w.upheavals == upheavals {
		must()
	}
}

// expect notes what s has been given, and returns what must have come of it
// unless the application left meanwhile.
func (w *world) expect(s *modelSocket, msg *message) (must func()) {
	nothing := func() {}
	packetLost := !msg.binary && len(msg.text) > 0 && msg.text[0] == '4' && s.left > 0
	if packetLost {
		return nothing
	}
	if s.undecided && s.greeted && msg.text == "2" {
		s.flavor, s.undecided = flavorSIO4, false // no other server pings
	}
	switch msg.kind {
	case msgHello:
		if !s.greeted {
			s.greeted, s.interval, s.timeout = true, msg.interval, msg.timeout
			w.detect(s, msg)
		}
	case msgConnect:
		return w.expectConnect(s, msg)
	case msgPong:
		if s.pingOpen && s.connected && s.flavor != flavorSIO4 {
			s.pingOpen, s.nextPing = false, w.now.Add(s.interval)
			s.latency = w.now.Sub(s.pinged).Milliseconds()
			if s.authed {
				w.stands.latency = s.latency
			}
		}
	case msgJoined, msgDenied:
		return w.expectJoined(s, msg)
	case msgLeft:
		w.expectLeft(s, msg)
	case msgAuth:
		return w.expectAuth(s, msg)
	case msgRefused:
		s.refused = s.connected && !s.acknowledged && int64(msg.id) == s.authID
	case msgDeny:
		s.refused = s.greeted && !s.connected
	case msgAnswer, msgEvent, msgCall, msgError:
		if s.connected && (msg.nsp == "" || s.joined[msg.nsp]) {
			return w.expectPacket(s, msg)
		}
	case msgAttachment:
		return w.expectAttachment(s)
	}
	return nothing
}

func (w *world) expectPacket(s *modelSocket, msg *message) (must func()) {
	if msg.attachments > 0 {
		s.left, s.assembling, s.since = msg.attachments, msg, w.now
		return func() {}
	}
	return w.expectWhole(s, msg)
}

func (w *world) expectAttachment(s *modelSocket) (must func()) {
	if s.left == 0 {
		return func() {}
	}
	s.since = w.now
	if s.left--; s.left > 0 {
		return func() {}
	}
	msg := s.assembling
	s.assembling, w.feeding = nil, msg
	return w.expectWhole(s, msg)
}

// expectWhole is expect for a packet that is complete.
func (w *world) expectWhole(s *modelSocket, msg *message) (must func()) {
	if e := s.calls[msg.id]; msg.emit == nil && e != nil && e.nsp == msg.nsp {
		msg.emit = e // the server knew before it was asked
	}
	switch {
	case msg.kind == msgAnswer && int64(msg.id) == s.authID:
		return w.expectAuth(s, msg)
	case (msg.kind == msgAnswer || msg.kind == msgError) && !s.again[msg.id].IsZero():
		return w.expectAgain(s, msg)
	case msg.kind == msgAnswer, msg.kind == msgError:
		e := msg.emit
		if e == nil || e.settled {
			return func() {}
		}
		return func() {
			if !e.settled {
				w.broken("an answer reaches its call", "%s", e)
			}
		}
	}
	msg.due = w.listening(msg)
	return func() {
		if !slices.Equal(msg.due, msg.delivered) {
			w.broken("an event reaches every listener that is bound, once, in order",
				"event %d reached %v instead of %v", msg.number, msg.delivered, msg.due)
		}
	}
}

// expectAgain takes the answer to what was sent again, the first that comes.
func (w *world) expectAgain(s *modelSocket, msg *message) (must func()) {
	delete(s.again, msg.id)
	msg.again = true
	w.answeredAgain(s, msg.emit, msg.kind == msgError)
	return func() {
		for _, e := range w.emits {
			if e.absorbed == s && e.text == msg.emit.text {
				w.broken("who waits for what was sent again gets its answer", "%s", e)
			}
		}
	}
}

// listening returns the places of the listeners that are told of msg, or
// gather it.
func (w *world) listening(msg *message) (places []int) {
	for i, l := range w.listeners {
		told, _ := l.hears(w.now)
		if l.event == msg.event && l.nsp == msg.nsp && l.hook == (msg.kind == msgCall) && told {
			places = append(places, i)
		}
	}
	return places
}

// listenerOf returns the listener of a delivery of b.
func (w *world) listenerOf(b *modelBody, place uint32) *modelListener {
	if int(place) >= len(b.listeners) {
		w.broken("no event is delivered to a listener that is not bound", "%d of %d", place, len(b.listeners))
	}
	b.message.delivered = append(b.message.delivered, int(place))
	return b.listeners[place]
}

// delivered checks a delivery of msg to l.
func (w *world) delivered(msg *message, l *modelListener, array string) {
	if w.feeding != msg {
		w.broken("an event is delivered when it has come", "event %d", msg.number)
	}
	if l.event != msg.event || l.nsp != msg.nsp || l.hook != (msg.kind == msgCall) || lastNumber(array) != msg.number {
		w.broken("no event is delivered to a listener that is not bound", "%s to %s: %s", msg.event, l.event, array)
	}
	if n := len(msg.delivered); n > len(msg.due) || msg.delivered[n-1] != msg.due[n-1] {
		w.broken("no event is delivered twice, or out of order", "event %d to %v, not %v", msg.number, msg.delivered, msg.due)
	}
}

// sawConnected takes SOCKET_CONNECTED.
func (w *world) sawConnected() {
	s := w.host.socket
	if s == nil || !s.announce || w.feedingOn != s && !w.ringing {
		w.broken("SOCKET_CONNECTED is dispatched after auth was acknowledged, once", "")
	}
	w.restored(s)
	s.announce = false
}

func (w *world) sawDisconnected() {
	if w.options.DisconnectedAction {
		w.broken("disconnectedAction takes the place of SOCKET_DISCONNECTED", "")
	}
}

// sawClosed takes SOCKET_CLOSED.
func (w *world) sawClosed(code uint16, willRetry bool) {
	if w.closing == 0 {
		w.broken("SOCKET_CLOSED tells of a connection that has ended, once", "code %d", code)
	}
	w.closing--
	if willRetry != w.retries {
		w.broken("SOCKET_CLOSED says whether a retry follows", "%t", willRetry)
	}
}
