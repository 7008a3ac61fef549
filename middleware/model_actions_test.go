package middleware_test

import (
	"time"

	"pgregory.net/rapid"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// What may happen next: the actions of a page, a server, a network and a clock.

func (w *world) doConnect(t *rapid.T) { w.connect(drawConnect(t)) }

func (w *world) doConnectSame(*rapid.T) {
	w.connect(connectDeed{place: w.place, key: w.key, listeners: w.listeners})
}

func (w *world) doDisconnect(*rapid.T) { w.disconnect() }

func (w *world) doEmit(t *rapid.T) { w.emit(drawEmit(t)) }

func (w *world) doEmits(t *rapid.T) {
	e := drawEmit(t)
	for range rapid.IntRange(2, 5).Draw(t, "n") {
		w.emit(e)
	}
}

// doArm has the application react to an action that is still to come.
func (w *world) doArm(t *rapid.T) {
	trigger := rapid.SampledFrom(triggers).Draw(t, "trigger")
	w.armed[trigger] = append(w.armed[trigger], drawDeed(t))
}

// doComeUp has a good server let the client in, and no more.
func (w *world) doComeUp(*rapid.T) { w.polite(true) }

// doComeUpSlowly has the server let the client in when it has been taken for
// one that does not without being asked.
func (w *world) doComeUpSlowly(t *rapid.T) {
	w.doOpen(t)
	s := w.host.socket
	if s == nil || s.phase != socketOpen || s.greeted {
		return
	}
	s.greet(25*time.Second, 60*time.Second)
	w.doDeliverAll(t)
	w.pass(detectTime + time.Millisecond)
	if s == w.host.socket {
		s.push(&message{kind: msgConnect, text: "40"})
		w.doDeliverAll(t)
	}
}

// doComeBack has the connection fail, and the next one come up.
func (w *world) doComeBack(*rapid.T) {
	if s := w.host.socket; s != nil {
		w.close(s, 1006)
	}
	if w.host.socket == nil && !w.redialBy.IsZero() {
		w.pass(w.redialBy.Add(time.Millisecond).Sub(w.now))
	}
	w.polite(true)
}

// sameAgain returns an emit that says what one has said that lasts.
func (w *world) sameAgain(t *rapid.T) (d emitDeed, ok bool) {
	n := rapid.IntRange(0, 3).Draw(t, "which")
	timeout := rapid.SampledFrom([]int{0, 500, 70_000}).Draw(t, "timeout")
	plainly := rapid.Bool().Draw(t, "plainly")
	if len(w.lasting) == 0 {
		return d, false
	}
	d = w.lasting[n%len(w.lasting)].e.emitDeed
	if d.timeout = timeout; plainly {
		d.timeout, d.ttl, d.policy = 0, 0, ""
	}
	return d, true
}

func (w *world) doEmitSame(t *rapid.T) {
	if d, ok := w.sameAgain(t); ok {
		w.emit(d)
	}
}

// doArmSame is a plugin that subscribes whenever it hears of a connection.
func (w *world) doArmSame(t *rapid.T) {
	if d, ok := w.sameAgain(t); ok {
		w.armed[middleware.SocketConnected] = append(w.armed[middleware.SocketConnected], deed{emit: &d})
	}
}

// doPolite has a good server and a good network do all there is to do.
func (w *world) doPolite(*rapid.T) { w.polite(false) }

func (w *world) polite(only bool) {
	for range 100 { // reactions keep it going, but not for ever
		s := w.host.socket
		switch {
		case s == nil || s.phase == socketClosing || s.holed:
			return
		case s.phase == socketDialing:
			w.open(s)
		case len(s.down) > 0:
			w.deliver(s)
		case !s.greeted:
			s.greet(25*time.Second, 60*time.Second)
		case !s.connected && s.speaks == flavorSIO4 && !s.wantsIn:
			return
		case !s.connected:
			s.admit()
		case s.speaks == flavorSIO4 && w.now.Sub(s.heard) >= s.interval:
			s.push(&message{kind: msgPing, text: "2"})
		case s.authID >= 0 && !s.acknowledged:
			s.acceptAuth()
		case len(s.joining) > 0:
			for _, nsp := range w.nsps {
				if s.joining[nsp] {
					s.admitTo(nsp)
				}
			}
		case s.pings > 0:
			s.pong()
		case only:
			return
		case len(s.unanswered) > 0:
			id := s.unanswered[0]
			s.unanswered = s.unanswered[1:]
			s.answer(id, 0)
		default:
			return
		}
	}
}

func (w *world) doOpen(*rapid.T) {
	if s := w.host.socket; s != nil && s.phase == socketDialing {
		w.open(s)
	}
}

// doServer has the server say something that moves the connection, or should
// not.
func (w *world) doServer(t *rapid.T) {
	what := rapid.SampledFrom([]string{"hello", "connect", "auth", "answer", "pong", "answer late",
		"answer twice", "answer another", "error", "quick hello", "refuse", "garbage", "bye",
		"join", "deny", "leave", "ping"}).Draw(t, "what")
	nsp := rapid.SampledFrom([]string{"/a", "/b"}).Draw(t, "nsp")
	s := w.host.socket
	if s == nil || s.phase == socketDialing {
		return
	}
	switch what {
	case "hello":
		s.greet(25*time.Second, 60*time.Second)
	case "quick hello":
		s.greet(time.Second, 2*time.Second)
	case "connect":
		s.admit()
	case "auth":
		s.acceptAuth()
	case "refuse":
		s.refuseAuth()
	case "pong":
		s.pong()
	case "ping":
		s.push(&message{kind: msgPing, text: "2"})
	case "join":
		s.admitTo(nsp)
	case "deny":
		s.denyTo(nsp)
	case "leave":
		s.endOf(nsp)
	case "garbage":
		text := rapid.SampledFrom(garbage).Draw(t, "garbage")
		s.push(&message{kind: meaning[text], text: text})
	case "bye":
		s.push(&message{kind: msgBye, text: rapid.SampledFrom([]string{"1", "41"}).Draw(t, "bye")})
	default:
		w.serverAnswers(t, s, what)
	}
}

// garbage is what no server should send, and some of what it may.
var garbage = []string{"", "4", "9", "6", "2", "5", "42", "42{", "42{}", "42[]", "43[]", "43x", "42[1]", `42["e"`,
	`4299999999999["e"]`, `42["ping"]`, `42["error",1]`, "40", `0{"pingInterval":1}`, "0", "44", `44"no"`, `44{"message":"no"}`,
	`42/admin,["e",1]`, `43777[null,0]`, "46", "45", "45-", `451["e"]`, "47", "3", "\xff"}

// meaning is what the garbage means that means something.
var meaning = map[string]messageKind{
	"40": msgConnect, "3": msgPong, "44": msgDeny, `44"no"`: msgDeny, `44{"message":"no"}`: msgDeny,
}

// serverAnswers has the server answer a call, rightly or not.
func (w *world) serverAnswers(t *rapid.T, s *modelSocket, what string) {
	if what == "answer another" {
		s.answer(uint32(rapid.IntRange(0, 6).Draw(t, "id")), rapid.IntRange(0, 1).Draw(t, "attachments"))
		return
	}
	if len(s.unanswered) == 0 {
		return
	}
	i := 0
	if what == "answer late" { // behind a younger one
		i = len(s.unanswered) - 1
	}
	id := s.unanswered[i]
	s.unanswered = append(s.unanswered[:i:i], s.unanswered[i+1:]...)
	if what == "error" {
		s.answerError(id)
		return
	}
	attachments := rapid.IntRange(0, 2).Draw(t, "attachments")
	s.answer(id, attachments)
	if m := s.down[len(s.down)-1]; attachments == 0 && rapid.IntRange(0, 9).Draw(t, "malformed") == 9 {
		m.spoil()
	}
	if what == "answer twice" {
		s.answer(id, 0)
	}
}

// doEvents has the server send events and calls, perhaps not all of them.
func (w *world) doEvents(t *rapid.T) {
	s := w.host.socket
	n := rapid.IntRange(1, 3).Draw(t, "n")
	if s == nil || s.phase == socketDialing {
		return
	}
	for range n {
		w.numbers++
		name := rapid.SampledFrom(eventNames).Draw(t, "event")
		nsp := rapid.SampledFrom([]string{"", "", "", "/a", "/b"}).Draw(t, "nsp")
		attachments := max(0, rapid.IntRange(-2, 2).Draw(t, "attachments"))
		if rapid.IntRange(0, 3).Draw(t, "call") == 3 {
			s.call(name, nsp, w.numbers, attachments)
		} else {
			s.fire(name, nsp, w.numbers, attachments)
		}
		if m := s.down[len(s.down)-1]; attachments == 0 && rapid.IntRange(0, 9).Draw(t, "malformed") == 9 {
			m.spoil()
		}
		if attachments > 0 && rapid.IntRange(0, 5).Draw(t, "cut short") == 5 {
			s.down = s.down[:len(s.down)-1]
		}
	}
}

// doStorm has the server send one event again and again.
func (w *world) doStorm(t *rapid.T) {
	name := rapid.SampledFrom(eventNames).Draw(t, "event")
	n := rapid.IntRange(2, 8).Draw(t, "n")
	ms := rapid.SampledFrom([]int{0, 50, 200, 400}).Draw(t, "ms")
	for range n {
		s := w.host.socket
		if s == nil || s.phase == socketDialing {
			return
		}
		w.numbers++
		s.fire(name, "", w.numbers, 0)
		w.doDeliverAll(t)
		w.pass(time.Duration(ms) * time.Millisecond)
	}
}

func (w *world) doDeliver(*rapid.T) {
	if s := w.host.socket; s != nil && s.phase != socketDialing {
		w.deliver(s)
	}
}

func (w *world) doDeliverAll(*rapid.T) {
	for s := w.host.socket; s != nil && s == w.host.socket && s.phase != socketDialing && len(s.down) > 0; {
		w.deliver(s)
	}
}

func (w *world) doFault(t *rapid.T) {
	fault := rapid.SampledFrom([]string{"closed", "closing", "black hole", "binary from nowhere"}).Draw(t, "fault")
	code := rapid.SampledFrom([]uint16{1006, 1000, 1001, 1011, 1013, 4000}).Draw(t, "code")
	s := w.host.socket
	if s == nil {
		return
	}
	switch {
	case fault == "closing" && s.phase == socketOpen:
		s.phase = socketClosing
	case fault == "black hole":
		s.holed, s.down = true, nil
	case fault == "binary from nowhere" && s.phase == socketOpen:
		s.push(&message{kind: msgAttachment, binary: true})
	case fault == "closed":
		w.close(s, code)
	}
}

// doTime lets a little time pass, alarm by alarm.
func (w *world) doTime(t *rapid.T) {
	ms := rapid.SampledFrom([]int{1, 10, 300, 1000, 3000, 10_000, 40_000}).Draw(t, "ms")
	w.pass(time.Duration(ms) * time.Millisecond)
}

// doSleep lets much time pass at once: the machine slept, and no alarm went
// off. One does so now, or later.
func (w *world) doSleep(t *rapid.T) {
	seconds := rapid.SampledFrom([]int{1, 30, 600, 7200}).Draw(t, "seconds")
	w.log("%d s of sleep", seconds)
	w.now = w.now.Add(time.Duration(seconds) * time.Second)
	if rapid.Bool().Draw(t, "woken") {
		w.ring()
	}
}

// doAlarm wakes the Middleware, though it may not have asked for it.
func (w *world) doAlarm(t *rapid.T) {
	early := rapid.IntRange(0, 1).Draw(t, "early")
	if alarm := at(w.host.alarm - int64(early)); w.host.alarm != 0 && alarm.After(w.now) {
		w.now = alarm
	}
	w.ring()
}

// doKey gives the page's key, to the attempt that asked for it or to one that
// is over.
func (w *world) doKey(t *rapid.T) {
	attempt := w.keyAsked - uint32(rapid.IntRange(0, 1).Draw(t, "stale"))
	if attempt == w.keyAsked && w.keyGiven || w.keyAsked == 0 {
		return
	}
	w.inside(func() { w.host.giveKey(attempt) })
}

func (w *world) doTemper(t *rapid.T) {
	w.keys = rapid.SampledFrom([]keyTemper{keysAtOnce, keysAtOnce, keysLater, keysFail}).Draw(t, "keys")
	w.refusing = rapid.IntRange(0, 5).Draw(t, "refusing") == 5
	w.jitter = rapid.SampledFrom([]float64{0.5, 0.05, 0.999}).Draw(t, "jitter")
}

func (w *world) doAnswer(t *rapid.T) {
	how := rapid.IntRange(0, 2).Draw(t, "how")
	if len(w.asked) == 0 {
		return
	}
	a := w.asked[0]
	w.asked = w.asked[1:]
	w.enter(func() { w.giveAnswer(a, how) })
}

func (w *world) doSuspend(*rapid.T) {
	if w.wanted && !w.failed {
		w.suspend()
	}
	w.enter(func() { w.m.Suspend(w.now) })
}

func (w *world) doResume(*rapid.T) {
	w.resume()
	w.expireAgain()
	w.decide()
	w.host.catchUp()
	w.enter(func() {
		w.ringing, w.resuming = true, true
		w.m.Resume(w.now)
		w.ringing, w.resuming = false, false
	})
}
