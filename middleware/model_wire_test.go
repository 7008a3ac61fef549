package middleware_test

import "strings"

// What the client may send, and when.

// sent takes a text that the client has sent on s; b is the body it ends with,
// nil if it has none.
func (w *world) sent(s *modelSocket, text string, b *modelBody) {
	if s.owed > 0 {
		w.broken("the attachments of a packet follow it at once", "%s was sent before them", text)
	}
	p, ok := readPacket(text)
	if !ok {
		w.broken("what is sent is a packet", "%q", text)
	}
	switch {
	case p.frame == '2' && b == nil && s.flavor != flavorSIO4:
		w.sentPing(s)
	case p.frame == '3' && b == nil && s.flavor == flavorSIO4 && w.feeding != nil && w.feeding.text == "2":
	case p.frame == '4' && p.kind == '0':
		w.sentJoin(s, p, b)
	case p.kind == '1' && p.namespace != "" && w.feeding != nil && w.feeding.kind == msgJoined && w.feeding.nsp == p.namespace:
		// It comes too late: the client has given that namespace up.
	case p.frame != '4' || !s.connected:
		w.broken("nothing goes out but pings before the server's CONNECT, and no other frames ever", "%s", text)
	case p.kind == '2' && b != nil && b.kind == bodyKey:
		w.sentAuth(s, p)
	case p.kind == '2' && b != nil && b.kind == bodyCopy:
		w.sentAgain(s, b.emit)
		w.noteCall(s, p, b.emit, true)
	case p.kind == '2' && b != nil:
		w.sentEmit(s, p, b)
	case p.kind == '3':
		w.sentAnswer(s, p, b)
	case p.kind != '4' || s.flavor == flavorSIO4:
		w.broken("a client sends events, answers and complaints", "%s", text)
	}
	if p.attachments > 0 {
		s.owed, s.owedBody = p.attachments, b
	}
}

// lost takes a text that s did not take; s is nil if there is none.
func (w *world) lost(s *modelSocket, text string, b *modelBody) {
	switch {
	case b != nil && b.kind == bodyCopy:
		w.sentAgain(s, b.emit)
		w.lostCall(s, text, b.emit, true)
	case b != nil && b.emit != nil:
		b.emit.tried, b.emit.triedOn = true, s
		w.sending(b.emit)
		w.lostCall(s, text, b.emit, false)
	case b != nil && b.kind == bodyKey && s != nil:
		p, _ := readPacket(text)
		s.authSent = w.now
		s.authID, s.authDue = int64(p.id), w.now.Add(middlewareAuthTimeout)
	case strings.HasPrefix(text, "40") && s != nil:
		p, _ := readPacket(text)
		w.sentJoin(s, p, b)
	case text == "2" && s != nil:
		s.pingOpen, s.pinged = true, w.now
	}
}

// lostCall notes a call that s did not take: a server may answer it all the
// same, if it guesses its number.
func (w *world) lostCall(s *modelSocket, text string, e *modelEmit, again bool) {
	if p, _ := readPacket(text); s != nil && p.hasID {
		w.note(s, p.id, e, again)
	}
}

func (w *world) note(s *modelSocket, id uint32, e *modelEmit, again bool) {
	s.calls[id] = e
	if again {
		s.again[id] = w.now.Add(w.options.AckTimeout)
	}
}

func (w *world) sentPing(s *modelSocket) {
	if s.pingOpen {
		w.broken("a ping is sent when the last was answered", "on socket %d", s.number)
	}
	if w.now.Before(s.nextPing) {
		w.broken("a ping is sent at the server's interval", "%s too early", s.nextPing.Sub(w.now))
	}
	s.pingOpen, s.pinged = true, w.now
	if !s.holed {
		s.pings++
	}
}

// sentJoin takes a CONNECT packet.
func (w *world) sentJoin(s *modelSocket, p packet, b *modelBody) {
	if p.namespace == "" {
		if s.flavor != flavorSIO4 || !s.greeted || s.wantsIn {
			w.broken("a client of Socket.IO 3 or later says CONNECT once, when it was greeted", "socket %d", s.number)
		}
		s.wantsIn = true
	} else if !s.joining[p.namespace] || !s.connected {
		w.broken("a namespace is joined that the application has asked for, once", "%s", p.namespace)
	}
	if (b != nil) != (s.authBody && s.flavor == flavorSIO4) || b != nil && b.kind != bodyAuth {
		w.broken("what the page has given goes with every CONNECT", "%q", p.namespace)
	}
}

func (w *world) sentAuth(s *modelSocket, p packet) {
	if s.authID >= 0 || !p.hasID {
		w.broken("a connection authenticates once, by a call", "socket %d", s.number)
	}
	s.authSent = w.now
	s.authID, s.authDue = int64(p.id), w.now.Add(middlewareAuthTimeout)
}

func (w *world) sentEmit(s *modelSocket, p packet, b *modelBody) {
	e := b.emit
	if !s.authed {
		w.broken("nothing but auth goes out before auth is acknowledged", "%s on socket %d", e, s.number)
	}
	if e.nsp != "" && !s.joined[e.nsp] {
		w.broken("an emit goes to a namespace that is joined", "%s to %s", e, e.nsp)
	}
	if e.settled {
		w.broken("nothing is sent after it was settled", "%s", e)
	}
	if e.on != nil {
		w.broken("an emit is sent once", "%s on socket %d and on %d", e, e.on.number, s.number)
	}
	if e.left {
		w.broken("what was emitted to a socket that the application left is not sent", "%s", e)
	}
	if e.number < w.sentLast {
		w.broken("emits go out in the order of their dispatch", "%s behind emit %d", e, w.sentLast)
	}
	if l := w.same(e, s); l != nil {
		w.broken("what was sent again is not sent twice", "%s is %s", e, l.e)
	}
	e.on, e.absorbed, w.sentLast = s, nil, e.number
	w.sending(e)
	w.noteCall(s, p, e, false)
}

// noteCall checks that e is sent as it is, and has the server know it if it is
// a call.
func (w *world) noteCall(s *modelSocket, p packet, e *modelEmit, again bool) {
	if p.namespace != e.nsp || p.hasID != e.call || p.attachments != e.bytes || p.body != e.text {
		w.broken("an emit is sent as it is", "%s as %+v", e, p)
	}
	if !p.hasID {
		return
	}
	if s.calls[p.id] != nil || int64(p.id) == s.authID {
		w.broken("every call has an id of its own", "%s has %d", e, p.id)
	}
	w.note(s, p.id, e, again)
	if !s.holed {
		s.unanswered = append(s.unanswered, p.id)
	}
}

// sentAnswer takes an answer to a call of the server.
func (w *world) sentAnswer(s *modelSocket, p packet, b *modelBody) {
	if !p.hasID || p.id == 0 || int(p.id) > s.asked {
		w.broken("an answer is to a call of this connection", "%d on socket %d", p.id, s.number)
	}
	if s.answers == nil {
		s.answers = make(map[uint32]int)
	}
	if s.answers[p.id]++; s.answers[p.id] > 1 {
		w.broken("a call of the server is answered once", "%d on socket %d", p.id, s.number)
	}
	if b != nil && b.call.nsp != p.namespace {
		w.broken("an answer goes to the namespace of its call", "%q, not %q", p.namespace, b.call.nsp)
	}
	if b != nil && (b.call.socket != s || b.call.id != p.id) {
		w.broken("an answer is to its own call", "%d on socket %d, not %d", b.call.id, s.number, p.id)
	}
	if b == nil && !strings.Contains(p.body, "Call not found") && !strings.Contains(p.body, "Cannot emit") && !strings.Contains(p.body, "no answer today") {
		w.broken("a call is answered by its listener, or refused", "%s", p.body)
	}
}

// sentAttachments takes the attachments of b.
func (w *world) sentAttachments(s *modelSocket, b *modelBody) {
	if s.owed == 0 || s.owedBody != b || s.owed != b.attachments {
		w.broken("attachments follow the packet that they are of", "%d of %s, and %d are due", b.attachments, b.kind, s.owed)
	}
	s.owed, s.owedBody = 0, nil
}
