package middleware

import (
	"strings"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// HandleEmit handles EMIT_SOCKET. It reports whether the action is consumed;
// if not, because there is no socket, it is for the next middleware, and
// nothing of it was kept.
func (m *Middleware) HandleEmit(now time.Time, a *EmitAction) (consumed bool) {
	if err := a.check(); err != nil {
		m.fail(a.Ref, err)
		return true
	}
	if m.conn == nil {
		m.host.Log("Please connect bsock before trying to call server")
		return false
	}
	e := emit{
		ref:   a.Ref,
		count: a.Attachments,
		name:  a.Type.Text,
		call:  a.Acknowledge.Kind == Function || a.Ack.Kind == String,
	}
	if e.call {
		e.deadline = now.Add(m.options.AckTimeout)
	}
	if a.Timeout.Kind == Number {
		e.deadline = now.Add(milliseconds(a.Timeout.Number))
	}
	m.emit(now, e)
	return true
}

// milliseconds returns ms as a Duration that does not overflow.
func milliseconds(ms float64) time.Duration {
	const most = 1 << 62
	return time.Duration(min(ms*float64(time.Millisecond), most))
}

// An emit is an EMIT_SOCKET under way.
type emit struct {
	ref      uint32
	count    uint32
	name     string
	call     bool
	deadline time.Time // zero if there is none
}

// emit sends e now, behind those that wait already, or lets it wait.
func (m *Middleware) emit(now time.Time, e emit) {
	m.flush(now)
	switch {
	case m.open():
		m.send(now, e)
	case !m.alive():
		m.fail(e.ref, bsock.ErrNotConnected)
	case m.waiting.size() >= m.options.QueueLimit:
		m.fail(e.ref, errQueueFull)
	default:
		e.name = strings.Clone(e.name) // a host may have lent it
		m.waiting.push(e)
		m.setAlarm()
	}
}

// flush sends the emits that wait, oldest first. An emit leaves the queue
// before it is sent, and a connection that is lost meanwhile keeps the rest.
func (m *Middleware) flush(now time.Time) {
	for m.open() {
		e, ok := m.waiting.pop()
		if !ok {
			return
		}
		m.send(now, e)
	}
}

// send hands e to the WebSocket. A fire is settled then, a call waits for its
// answer.
func (m *Middleware) send(now time.Time, e emit) {
	payload := bsock.Payload{Ref: e.ref, Count: int(e.count)}
	var err error
	if e.call {
		_, err = m.conn.Call(e.deadline, e.name, payload, e.ref)
	} else {
		err = m.conn.Fire(e.name, payload)
	}
	if err != nil {
		m.fail(e.ref, err)
		return
	}
	m.takeUnsent(e.ref) // an earlier emit of that number
	m.pump(now)
	if e.call {
		return
	}
	if m.takeUnsent(e.ref) {
		m.fail(e.ref, bsock.ErrLost)
		return
	}
	m.settled(e.ref, m.host.Settle(e.ref, 0, 0))
}

// reply settles the emit that was answered.
func (m *Middleware) reply(ev *bsock.Event) {
	m.settled(ev.Tag, m.host.Settle(ev.Tag, ev.Payload.Ref, uint32(ev.Payload.Offset)))
}

func (m *Middleware) settled(emit uint32, d Delivery) {
	switch d {
	case DeliveryThrew:
		m.host.DispatchThrown()
	case DeliveryMalformed:
		m.fail(emit, errMalformed)
	}
}

// fail tells the caller of an emit, and the store, that it failed. The store
// first: the promise is settled when whoever awaits it can see the state.
func (m *Middleware) fail(ref uint32, err error) {
	f := faultOf(err)
	m.reportFault(ref, f)
	m.host.Reject(ref, f.message, f.name, f.errorType, f.code, f.codeIsNumber)
}

// endWaiting ends the emits that wait, with err, and appends how to ended.
func (m *Middleware) endWaiting(ended []bsock.Event, err error) []bsock.Event {
	for e, ok := m.waiting.pop(); ok; e, ok = m.waiting.pop() {
		ended = append(ended, bsock.Event{Kind: bsock.EventReject, Tag: e.ref, Err: err})
	}
	return ended
}

// settleAll tells the callers of emits how they ended. All of them have left
// the middleware before the first hears of it: what the application does then
// is for the next socket.
func (m *Middleware) settleAll(ended []bsock.Event) {
	for i := range ended {
		ev := &ended[i]
		if ev.Kind == bsock.EventReply {
			m.reply(ev)
		} else {
			m.fail(ev.Tag, ev.Err)
		}
	}
}

// expireWaiting fails the emits that have waited too long. They are never
// sent.
func (m *Middleware) expireWaiting(now time.Time) {
	for e, ok := m.waiting.expired(now); ok; e, ok = m.waiting.expired(now) {
		m.fail(e.ref, bsock.ErrTimeout)
	}
}
