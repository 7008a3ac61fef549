package middleware

import (
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// Calls from the server. The listener that answers them gives its answer at
// once or later, through the host.

// maxCalls is how many calls may await an answer: a listener may never give
// one, and the server may never end asking. The oldest is refused then.
const maxCalls = 1 << 14

var errNoAnswer = &bsock.RemoteError{Message: "The call was not answered, and too many newer ones wait.", Name: "Error"}

// answer dispatches the action of the listener that answers a call, and
// answers it. A call that nobody answers is refused.
// bsock: lib/socket.js handleCall
func (m *Middleware) answer(ev *bsock.Event) {
	ref, offset := ev.Payload.Ref, uint32(ev.Payload.Offset)
	b := m.boundTo(ev)
	if b == nil || !b.hooked {
		m.host.Drop(ref)
		_ = m.conn.Refuse(ev.Call, bsock.NotFound(string(ev.Name))) // it came over this connection
		return
	}
	m.lastCall++
	call := m.lastCall
	m.calls[call] = ev.Call
	m.refuse(call-maxCalls, errNoAnswer)
	if !m.delivered(m.host.Deliver(b.hook, ref, offset, false)) {
		delete(m.calls, call)
		m.host.Drop(ref)
		return
	}
	if answer, attachments := m.host.Answer(b.hook, call, ref, offset); answer != 0 {
		m.reply(call, answer, attachments)
	}
}

// refuse answers a call with an error, unless it was answered or its connection
// has ended.
func (m *Middleware) refuse(call uint32, e *bsock.RemoteError) {
	id, ok := m.calls[call]
	delete(m.calls, call)
	if ok {
		_ = m.conn.Refuse(id, e) // or its connection has just ended
	}
}

// reply answers a call, unless its connection has ended, with a body that is
// consumed.
func (m *Middleware) reply(call, answer, attachments uint32) {
	id, ok := m.calls[call]
	delete(m.calls, call)
	if !ok || m.conn.Reply(id, bsock.Payload{Ref: answer, Count: int(attachments)}) != nil {
		m.host.Drop(answer)
	}
}

// HandleAnswer gives m what a listener answers to a call.
func (m *Middleware) HandleAnswer(now time.Time, call, answer, attachments uint32) {
	m.reply(call, answer, attachments)
	m.pump(now)
}

// HandleAnswerError gives m the error that a listener has instead of an
// answer.
func (m *Middleware) HandleAnswerError(now time.Time, call uint32, message, name, errorType, code string, codeIsNumber bool) {
	m.refuse(call, &bsock.RemoteError{Message: message, Name: name, Type: errorType, Code: code, CodeIsNumber: codeIsNumber})
	m.pump(now)
}
