package middleware

import "github.com/bsock-wasm/bsock-wasm/bsock"

// Calls from the server. The listener that answers them gives its answer at
// once or later, through the host.

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
	if !m.delivered(m.host.Deliver(b.hook, ref, offset, false)) {
		delete(m.calls, call)
		m.host.Drop(ref)
		return
	}
	if answer, attachments := m.host.Answer(b.hook, call, ref, offset); answer != 0 {
		m.reply(call, answer, attachments)
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
