package middleware_test

import (
	"time"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// What must hold whenever nothing is under way, and at the end; and time.

// rest checks what must hold when nothing is under way.
func (w *world) rest() {
	if w.thrown > 0 {
		w.broken("what the application throws is told", "")
	}
	if w.closing > 0 {
		w.broken("the end of a connection is told at once", "")
	}
	if s := w.host.socket; s != nil && s.announce {
		w.broken("SOCKET_CONNECTED follows the last answer of the server at once", "socket %d", s.number)
	}
	w.restEmits()
	w.restGathered()
	w.restStatus()
	w.restBodies()
	w.restAlarm()
}

func (w *world) restEmits() {
	s := w.host.socket
	w.noteAbsorbed()
	n := w.waiting()
	if n > w.options.QueueLimit {
		w.broken("the queue never exceeds its bound", "%d wait", n)
	}
	if n > 0 && (!w.wanted || w.failed || s != nil && s.authed) {
		w.broken("no emit waits that could go, or never will", "%v", w.emits)
	}
	for _, e := range w.emits {
		if e.left || e.on != nil && (e.on != s || e.nsp != "" && !s.joined[e.nsp]) {
			w.broken("what was under way ends with its connection", "%s", e)
		}
	}
}

func (w *world) restBodies() {
	kept := len(w.emits) + len(w.lasting) - len(w.host.lessee.sent)
	if w.host.pending != 0 {
		kept++
	}
	for _, e := range w.emits {
		if (e.on != nil || e.tried) && e.kind.key != "" {
			kept++ // what is to last when it is answered
		}
	}
	for _, l := range w.lasting {
		if l.answered {
			kept++ // the answer to what was sent again
		}
	}
	if s := w.host.socket; s != nil {
		kept += len(s.again)
		if s.authBody {
			kept++
		}
	}
	if len(w.host.bodies) == kept {
		return
	}
	for ref, b := range w.host.bodies {
		w.log("body %d is %s: %s", ref, b.kind, b.text)
	}
	w.broken("every body is dropped or consumed in the end", "%d are kept, and %d are of use", len(w.host.bodies), kept)
}

func (w *world) restAlarm() {
	due := w.due()
	if due.IsZero() {
		if w.host.alarm != 0 && len(w.emits) == 0 { // it may be that of one that waits no more
			w.broken("no alarm is left when nothing waits", "%s", at(w.host.alarm).Sub(w.now))
		}
		return
	}
	if alarm := at(w.host.alarm); w.host.alarm == 0 || alarm.After(due.Add(time.Millisecond-1)) {
		w.broken("the alarm is never later than what is due", "%d, and %s is due", w.host.alarm, due.Sub(w.now))
	}
}

// due returns the earliest moment at which something must happen by itself.
func (w *world) due() (first time.Time) {
	note := func(t time.Time) {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	for _, e := range w.emits {
		note(e.deadline)
		if e.queued() {
			note(w.expires(e))
		}
	}
	for _, kept := range w.host.gathered {
		note(kept.listener.until)
	}
	if w.told.queued != uint32(w.waiting()) {
		note(w.toldAt.Add(queuedPace))
	}
	s := w.host.socket
	switch {
	case s == nil:
		note(w.redialBy)
	case !s.connected:
		note(s.dialed.Add(w.connectTimeout()))
		if s.undecided {
			note(s.detectBy)
		}
	default:
		note(s.authDue)
		note(s.keyDue)
		note(s.joinDue)
		if len(s.joining) > 0 {
			note(s.joinBy)
		}
		for _, due := range s.again {
			note(due)
		}
		note(s.beat())
		if s.left > 0 && w.host.router.held == nil {
			note(s.patience())
		}
	}
	return first
}

// beat returns when a ping is due, or the end of the patience with a silent
// server.
func (s *modelSocket) beat() time.Time {
	switch {
	case s.flavor == flavorSIO4:
		return s.heard.Add(s.interval + s.timeout)
	case !s.pingOpen:
		return s.nextPing
	case s.heard.After(s.pinged):
		return s.heard.Add(s.timeout)
	}
	return s.pinged.Add(s.timeout)
}

// overdue reports whether the Middleware may have given the connection up,
// though it has not come to say so: it tells of one thing after the other.
func (w *world) overdue() bool {
	s := w.host.socket
	if s == nil || !s.connected || !w.ringing {
		return false
	}
	if s.flavor == flavorSIO4 {
		return !w.now.Before(s.beat()) || s.left > 0 && !w.now.Before(s.patience())
	}
	quiet := s.heard
	if s.pinged.After(quiet) {
		quiet = s.pinged
	}
	if !w.now.Before(quiet.Add(s.interval + s.timeout)) {
		return true
	}
	return s.pingOpen && !w.now.Before(s.beat()) || s.left > 0 && !w.now.Before(s.patience())
}

// lastTry reports whether no attempt follows the present one.
func (w *world) lastTry() bool {
	attempt := w.attempt
	if s := w.host.socket; s != nil && s.connected && w.now.Sub(s.up) >= stable {
		attempt = 0
	}
	r := w.options.Reconnect
	return r.Off || r.Limit > 0 && attempt >= r.Limit
}

// patience returns when the packet that is incomplete has been so for too long.
func (s *modelSocket) patience() time.Time {
	return s.since.Add(min(s.interval+s.timeout, maxPatience))
}

// ring wakes the Middleware: its alarm goes off.
func (w *world) ring() {
	w.log("alarm")
	w.host.alarm = 0
	w.expireAgain()
	w.decide()
	w.host.catchUp()
	w.enter(func() {
		w.ringing = true
		w.m.Advance(w.now)
		w.ringing = false
	})
}

// decide notes that a server has been silent for too long to be of Socket.IO 2.
func (w *world) decide() {
	s := w.host.socket
	if s != nil && s.undecided && s.greeted && !w.now.Before(s.detectBy) && w.now.Before(s.dialed.Add(w.connectTimeout())) {
		s.flavor, s.undecided = flavorSIO4, false
	}
}

// pass lets time pass, alarm by alarm.
func (w *world) pass(d time.Duration) {
	w.log("%s pass", d)
	end := w.now.Add(d)
	for rings := 0; w.host.alarm != 0 && !at(w.host.alarm).After(end); rings++ {
		if rings > 1000 {
			w.broken("an alarm does not go off again and again for nothing", "")
		}
		if alarm := at(w.host.alarm); alarm.After(w.now) {
			w.now = alarm
		}
		w.ring()
	}
	w.now = end
}

// finish has the network and the server mend their ways, and the application
// leave.
func (w *world) finish() {
	w.armed = nil
	w.keys, w.refusing = keysAtOnce, false
	if w.suspended {
		w.doResume(w.t)
	}
	for range 300 {
		if !w.keyGiven && w.keyAsked > 0 {
			w.inside(func() { w.host.giveKey(w.keyAsked) })
		}
		w.polite(false)
		w.rest()
		if s := w.host.socket; s != nil && s.authed && len(s.down) == 0 || !w.wanted || w.failed {
			break
		}
		w.pass(at(w.host.alarm).Sub(w.now))
	}
	if s := w.host.socket; w.wanted && !w.failed && (s == nil || !s.authed) {
		w.broken("a connection that may come back does", "")
	}
	w.disconnect()
	w.rest()
	if len(w.emits) > 0 || w.host.socket != nil || w.host.alarm != 0 || len(w.host.bodies) > 0 || len(w.host.gathered) > 0 {
		w.broken("nothing is left after DISCONNECT_SOCKET", "%v", w.emits)
	}
}

var _ middleware.Host = (*modelHost)(nil)
