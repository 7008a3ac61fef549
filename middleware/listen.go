package middleware

import "github.com/bsock-wasm/bsock-wasm/bsock"

// deliver dispatches the actions of the listeners to an event. A body is
// parsed for the first of them and let go with the last.
func (m *Middleware) deliver(ev *bsock.Event) {
	b := m.last
	if b == nil || b.event != string(ev.Name) { // mostly it is, and a map is slower
		b = m.bound[string(ev.Name)]
	}
	if b == nil || len(b.events) == 0 {
		m.host.Drop(ev.Payload.Ref)
		return
	}
	m.last = b
	ref, offset := ev.Payload.Ref, uint32(ev.Payload.Offset)
	for i, listener := range b.events {
		last := i == len(b.events)-1
		if m.delivered(m.host.Deliver(listener, ref, offset, last)) {
			continue
		}
		if !last {
			m.host.Drop(ref)
		}
		return
	}
}

// delivered reports whether there was something to deliver, and reports what
// went wrong.
func (m *Middleware) delivered(d Delivery) bool {
	switch d {
	case DeliveryThrew:
		m.host.DispatchThrown()
	case DeliveryMalformed:
		m.lament(errMalformed)
		return false
	}
	return true
}

// answer dispatches the action of the listener that answers a call, and
// answers it. A call that nobody answers is refused.
// bsock: lib/socket.js handleCall
func (m *Middleware) answer(ev *bsock.Event) {
	conn := m.conn
	b := m.bound[string(ev.Name)]
	if b == nil || !b.hooked {
		m.host.Drop(ev.Payload.Ref)
		_ = conn.Refuse(ev.Call, bsock.NotFound(string(ev.Name))) // it came over this connection
		return
	}
	ref, attachments := m.host.Answer(b.hook) // before the application connects with other listeners
	if !m.delivered(m.host.Deliver(b.hook, ev.Payload.Ref, uint32(ev.Payload.Offset), true)) {
		m.host.Drop(ref)
		return
	}
	if conn.Reply(ev.Call, bsock.Payload{Ref: ref, Count: int(attachments)}) != nil {
		m.host.Drop(ref) // the application has closed the connection meanwhile
	}
}
