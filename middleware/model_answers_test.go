package middleware_test

// The calls of the server, and the answers of the application.

// answerTemper is what the ack of a listener does.
type answerTemper uint8

const (
	answersAtOnce answerTemper = iota
	answersInside              // through HandleAnswer, before Answer returns
	answersLater
)

// A pendingAnswer is one that the application owes.
type pendingAnswer struct {
	call uint32
	msg  *message
}

// answer has the listener of a call answer it.
func (w *world) answer(b *modelBody, call uint32) (answer, attachments uint32) {
	place := hookOf(b.listeners, b.message.event, b.message.nsp)
	if place < 0 || w.feeding != b.message {
		w.broken("a call is answered by its listener, when it has come", "%s", b.text)
	}
	temper := b.listeners[place].answer
	pending := pendingAnswer{call, b.message}
	if !w.dispatched("answer") {
		w.thrown-- // the host does not tell the store of an ack that throws
	}
	switch temper {
	case answersInside:
		w.giveAnswer(pending, 0)
		return 0, 0
	case answersLater:
		w.asked = append(w.asked, pending)
		return 0, 0
	}
	return w.host.keepAnswer(b.message, 0), 0
}

// giveAnswer gives an answer: without an attachment, with one, or an error.
func (w *world) giveAnswer(a pendingAnswer, how int) {
	w.log("answer %d: %d", a.msg.number, how)
	if how == 2 {
		w.m.HandleAnswerError(w.now, a.call, "no answer today", "Error", "", "", false)
	} else {
		w.m.HandleAnswer(w.now, a.call, w.host.keepAnswer(a.msg, uint32(how)), uint32(how))
	}
	if s := a.msg.socket; s == w.host.socket && s.phase == socketOpen && (a.msg.nsp == "" || s.joined[a.msg.nsp]) && s.answers[a.msg.id] == 0 && w.depth == 1 {
		w.broken("a call of the server is answered while it can be", "%d on socket %d", a.msg.id, s.number)
	}
}
