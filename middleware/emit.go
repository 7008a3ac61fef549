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
	if err := a.check(m.target.protocol); err != nil {
		m.fail(a.Ref, err)
		return true
	}
	if m.conn == nil {
		m.host.Log("Please connect bsock before trying to call server")
		return false
	}
	e := emit{
		ref:     a.Ref,
		count:   a.Attachments,
		name:    a.Type.Text,
		call:    a.Acknowledge.Kind == Function || a.Meta != nil && a.Meta.Ack.Kind == String,
		offline: m.options.Offline,
		rule:    m.ruleOf(a),
	}
	if e.call {
		e.deadline = now.Add(m.options.AckTimeout)
	}
	if a.Meta != nil {
		e.readMeta(now, a.Meta)
	}
	m.emit(now, &e)
	if a.Meta == nil && e.rule == nil {
		m.lend(now)
	}
	return true
}

// readMeta applies what action.meta says, which has been checked.
func (e *emit) readMeta(now time.Time, m *EmitMeta) {
	if m.Timeout.Kind == Number {
		e.deadline = now.Add(milliseconds(m.Timeout.Number))
	}
	if m.TTL.Kind == Number {
		e.ttl = milliseconds(m.TTL.Number)
	}
	if m.Queue.Kind == String {
		e.offline, _ = ParseOffline(m.Queue.Text)
	}
	if m.Nsp.Text != "/" {
		e.nsp = strings.Clone(m.Nsp.Text)
	}
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
	nsp      string
	call     bool
	offline  Offline
	ttl      time.Duration // how long it may wait for the connection; 0 if options say
	deadline time.Time     // when it must be answered; zero if there is none
	expires  time.Time     // when it has waited too long; zero if there is none

	// What it is to subscriptions.
	rule   *rule         // nil if nothing
	serial uint64        // counts those that are anything to them, as sent
	copied uint32        // the body to remember
	known  *subscription // that it is once more
}

func (e *emit) payload() bsock.Payload {
	return bsock.Payload{Ref: e.ref, Count: int(e.count), Namespace: e.nsp}
}

// emit sends e now, behind those that wait already, or does what the policy
// says of one that comes while there is no connection.
func (m *Middleware) emit(now time.Time, e *emit) {
	switch {
	case m.open() && m.waiting.empty():
		m.send(now, e)
	case m.open(): // what the application emits meanwhile comes after e
		m.waiting.push(e)
		m.flush(now)
	case e.offline == OfflineDrop:
		m.discard(e.ref, errDropped)
	case !m.alive() || e.offline == OfflineFail:
		m.fail(e.ref, bsock.ErrNotConnected)
	default:
		m.enqueue(now, e)
	}
}

// enqueue lets e wait, if there is room for it.
func (m *Middleware) enqueue(now time.Time, e *emit) {
	if m.waiting.size() >= m.options.QueueLimit {
		if !m.options.DropOldest {
			m.fail(e.ref, errQueueFull)
			return
		}
		oldest, _ := m.waiting.pop()
		defer m.discard(oldest.ref, errPushedOut) // the application may emit when it hears of it
	}
	if e.ttl == 0 {
		e.ttl = m.options.QueueTimeout
	}
	if e.ttl > 0 {
		e.expires = now.Add(e.ttl)
	}
	m.waiting.push(e)
	m.tellQueued(now)
	m.setAlarm(now)
}

// flush sends the emits that wait, oldest first. An emit leaves the queue
// before it is sent, and a connection that is lost meanwhile keeps the rest.
func (m *Middleware) flush(now time.Time) {
	if m.waiting.empty() {
		return
	}
	for !m.waiting.empty() && m.open() {
		e, _ := m.waiting.pop()
		m.send(now, &e)
	}
	m.tellQueued(now)
	m.setAlarm(now)
}

// send hands e to the WebSocket. A fire is settled then, a call waits for its
// answer.
func (m *Middleware) send(now time.Time, e *emit) {
	if e.nsp != "" && !m.reaches(e.nsp) {
		m.fail(e.ref, errNotJoined)
		return
	}
	if e.rule != nil {
		if e.rule.remember && m.absorb(now, e) {
			return
		}
		m.sending(e)
	}
	var err error
	if e.call {
		_, err = m.conn.Call(e.deadline, e.name, e.payload(), e.ref)
	} else {
		err = m.conn.Fire(e.name, e.payload())
	}
	if err != nil {
		m.notSent(e)
		m.fail(e.ref, err)
		return
	}
	m.takeUnsent(e.ref) // an earlier emit of that number
	if !e.call {
		m.sendFire(now, e)
		return
	}
	if e.rule != nil {
		e.name = strings.Clone(e.name)
		m.unanswered[e.ref] = *e
	}
	m.pump(now)
}

func (m *Middleware) sendFire(now time.Time, e *emit) {
	conn := m.conn
	if m.drain(now) == anything { // a fire has no deadline of its own
		m.setAlarm(now)
	}
	if m.takeUnsent(e.ref) {
		m.notSent(e)
		m.fail(e.ref, bsock.ErrLost)
		return
	}
	if e.rule != nil {
		m.finished(conn, e)
	}
	m.settled(e.ref, m.host.Settle(e.ref, 0, 0))
}

// finished acts on the rule of e, unless its socket has been replaced.
func (m *Middleware) finished(conn *bsock.Conn, e *emit) {
	if m.conn == conn {
		m.done(e)
	} else {
		m.notSent(e)
	}
}

// replied settles the emit that was answered.
func (m *Middleware) replied(ev *bsock.Event) {
	if len(m.replays) > 0 && m.replayed(ev) {
		return
	}
	e, concerns := m.takeUnanswered(ev.Tag)
	if concerns {
		m.done(&e) // before the application hears of it
	}
	d := m.host.Settle(ev.Tag, ev.Payload.Ref, uint32(ev.Payload.Offset))
	if concerns && d == DeliveryMalformed { // its caller is told that it failed
		m.subscriptions.each(e.nsp, e.rule.key, func(s *subscription) {
			if s.serial == e.serial {
				m.forget(s)
			}
		})
	}
	m.settled(ev.Tag, d)
}

// rejected tells the caller of an emit that was not answered.
func (m *Middleware) rejected(ev *bsock.Event) {
	if len(m.replays) > 0 && m.replayed(ev) {
		return
	}
	if e, ok := m.takeUnanswered(ev.Tag); ok {
		m.notSent(&e)
	}
	m.fail(ev.Tag, ev.Err)
}

// takeUnanswered returns a call that is something to subscriptions, once.
func (m *Middleware) takeUnanswered(ref uint32) (e emit, ok bool) {
	if len(m.unanswered) == 0 {
		return e, false
	}
	e, ok = m.unanswered[ref]
	delete(m.unanswered, ref)
	return e, ok
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
	m.reject(ref, f)
}

// discard tells the caller of an emit that it was dropped. The store is not
// told: the application has asked for it.
func (m *Middleware) discard(ref uint32, err error) {
	m.reject(ref, faultOf(err))
}

func (m *Middleware) reject(ref uint32, f fault) {
	m.host.Reject(ref, f.message, f.name, f.errorType, f.code, f.codeIsNumber)
}

// An ending is how an emit ended, for later. There may be a hundred thousand:
// an Event is ten times as large.
type ending struct {
	tag         uint32
	ref, offset uint32 // the answer, if err is nil
	err         error
}

func endingOf(ev *bsock.Event) ending {
	return ending{ev.Tag, ev.Payload.Ref, uint32(ev.Payload.Offset), ev.Err}
}

// endWaiting ends the emits that wait, with err, and appends how to ended.
func (m *Middleware) endWaiting(ended []ending, err error) []ending {
	for e, ok := m.waiting.pop(); ok; e, ok = m.waiting.pop() {
		ended = append(ended, ending{tag: e.ref, err: err})
	}
	return ended
}

// settleAll tells the callers of emits how they ended. All of them have left
// the middleware before the first hears of it: what the application does then
// is for the next socket.
func (m *Middleware) settleAll(ended []ending) {
	for _, e := range ended {
		if e.err != nil {
			m.rejected(&bsock.Event{Kind: bsock.EventReject, Tag: e.tag, Err: e.err})
			continue
		}
		answer := bsock.Payload{Ref: e.ref, Offset: int(e.offset)}
		m.replied(&bsock.Event{Kind: bsock.EventReply, Tag: e.tag, Payload: answer})
	}
}

// expireWaiting fails the emits that have waited too long. They are never
// sent.
func (m *Middleware) expireWaiting(now time.Time) {
	for e, ok := m.waiting.expired(now); ok; e, ok = m.waiting.expired(now) {
		if e.deadline.IsZero() || now.Before(e.deadline) {
			m.fail(e.ref, errExpired)
		} else {
			m.fail(e.ref, bsock.ErrTimeout)
		}
	}
	m.tellQueued(now)
}
