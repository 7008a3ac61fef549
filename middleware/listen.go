package middleware

import (
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// deliver dispatches the actions of the listeners to an event. A body is
// parsed for the first of them and let go with the last.
func (m *Middleware) deliver(now time.Time, ev *bsock.Event) {
	b := m.last
	if b == nil || b.event != string(ev.Name) || b.nsp != ev.Payload.Namespace { // mostly it is, and a map is slower
		b = m.boundTo(ev)
	}
	if b == nil || len(b.events) == 0 {
		m.host.Drop(ev.Payload.Ref)
		return
	}
	m.last = b
	session := m.asked
	ref, offset := ev.Payload.Ref, uint32(ev.Payload.Offset)
	if !b.paced {
		m.host.Route(ref, offset)
	}
	for i := range b.events {
		last := i == len(b.events)-1
		if m.hear(now, &b.events[i], ref, offset, last) {
			continue
		}
		if !last {
			m.host.Drop(ref)
		}
		break
	}
	if b.paced && (m.last != b || m.asked != session) {
		// An action has put an end to the listeners, or to the connection.
		m.deliverGathered(m.takeGathered(now))
		m.setAlarm(now)
	}
}

// boundTo returns what is bound to an event or a call, nil if nothing is.
func (m *Middleware) boundTo(ev *bsock.Event) *binding {
	if ev.Payload.Namespace == "" {
		return m.bound[string(ev.Name)]
	}
	return m.bound[boundKey(ev.Payload.Namespace, string(ev.Name))]
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
