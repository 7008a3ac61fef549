package middleware

import (
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// The types of the actions that come back.
const (
	SocketConnected    = "SOCKET_CONNECTED"
	SocketDisconnected = "SOCKET_DISCONNECTED"
)

// A Middleware is the socket of one store.
//
// Methods of Middleware are not safe for concurrent use, but may be called
// while another is calling the host.
type Middleware struct {
	host    Host
	options Options

	conn   *bsock.Conn // nil before CONNECT_SOCKET and after DISCONNECT_SOCKET
	target target
	bound  map[string]*binding
	last   *binding // what was bound to the event delivered last
	ready  bool     // authenticated, SOCKET_CONNECTED dispatched or being so
	asked  uint32   // counts what the host was asked for keys

	waiting queue               // emits that wait until ready
	unsent  map[uint32]struct{} // emits that the WebSocket did not take
	alarm   time.Time
}

// New returns a Middleware that acts on host.
func New(host Host, options Options) *Middleware {
	return &Middleware{host: host, options: options.withDefaults(), unsent: make(map[uint32]struct{})}
}

// HandleConnect handles CONNECT_SOCKET. If something is wrong with the action
// or a listener, nothing changes. If not, its promise is settled before
// anything is done: from then on the key and the listeners are those of this
// action. Whether the connection comes up is told by actions.
func (m *Middleware) HandleConnect(now time.Time, a *ConnectAction, listeners []Listener) {
	to, err := a.check()
	if err != nil {
		m.fail(a.Ref, err)
		return
	}
	bound, err := bind(listeners)
	if err != nil {
		m.fail(a.Ref, err)
		return
	}
	m.bound, m.last = bound, nil
	m.settled(a.Ref, m.host.Settle(a.Ref, 0, 0))
	m.connect(now, to, a.NewKey)
}

// connect replaces the socket, unless there is one to the same place with the
// same key: that one is only told to hurry. The application hears what became
// of the old one when the new one is in its place, and may replace that.
func (m *Middleware) connect(now time.Time, to target, newKey bool) {
	if m.alive() && to == m.target && !newKey {
		m.debug("Already connecting or connected there")
		m.conn.Redial(now)
		m.pump(now)
		return
	}
	m.debug("Connecting bsock client")
	ended := m.drop(now)
	m.target = to
	m.conn = bsock.NewClient(m.config(to))
	m.conn.Open(now)
	m.pump(now)
	m.settleAll(ended)
}

// alive reports whether there is a socket that has not given up.
func (m *Middleware) alive() bool {
	return m.conn != nil && m.conn.State() != bsock.StateClosed
}

func (m *Middleware) config(to target) bsock.Config {
	return bsock.Config{
		URL:            to.url,
		ConnectTimeout: m.options.ConnectTimeout,
		Reconnect:      m.options.Reconnect,
		Jitter:         m.options.Jitter,
	}
}

// HandleDisconnect handles DISCONNECT_SOCKET, whose promise is ref.
func (m *Middleware) HandleDisconnect(now time.Time, ref uint32) {
	m.settleAll(m.drop(now))
	if m.options.DisconnectedAction {
		m.check(m.host.Forward())
	} else {
		m.check(m.host.Dispatch(SocketDisconnected))
	}
	m.settled(ref, m.host.Settle(ref, 0, 0))
	m.setAlarm()
}

// drop ends the socket, if there is one. It returns, for settleAll, how the
// emits ended that were under way or waiting.
func (m *Middleware) drop(now time.Time) (ended []bsock.Event) {
	conn := m.conn
	if conn == nil {
		return nil
	}
	m.conn, m.ready, m.target = nil, false, target{}
	m.asked++ // a key that comes now is for a socket that is gone
	conn.Close(now, bsock.CloseNormal, "")
	var ev bsock.Event
	for conn.Next(&ev); ev.Kind != bsock.NoEvent; conn.Next(&ev) {
		if m.finish(&ev) {
			ended = append(ended, ev)
		}
	}
	return m.endWaiting(ended, bsock.ErrClosed)
}

// finish acts on an event of a socket that is gone: what the peer sent is not
// for the application any more. It reports whether an emit ends with it.
func (m *Middleware) finish(ev *bsock.Event) (ends bool) {
	switch ev.Kind {
	case bsock.EventHangup:
		m.host.Hangup(uint16(ev.Code), ev.Reason)
	case bsock.EventText, bsock.EventBinary:
		m.sent(ev, false)
	case bsock.EventFire, bsock.EventCall, bsock.EventDrop:
		m.host.Drop(ev.Payload.Ref)
	case bsock.EventReply, bsock.EventReject:
		return ev.Tag != authTag
	}
	return false
}

// HandleOpen tells m that the WebSocket is open.
func (m *Middleware) HandleOpen(now time.Time) {
	if m.conn != nil {
		m.conn.HandleOpen(now)
		m.pump(now)
	}
}

// HandleHead tells m of a text message: see [bsock.Conn.HandleHead].
func (m *Middleware) HandleHead(now time.Time, head []byte, more bool, size int, ref uint32) bsock.Reading {
	if m.conn == nil {
		return bsock.ReadDone
	}
	r := m.conn.HandleHead(now, head, more, size, ref)
	if r == bsock.ReadWaiting { // then nothing has come of it yet but a deadline
		m.setAlarm()
	} else {
		m.pump(now)
	}
	return r
}

// HandleBinaryHead tells m of a binary message: see
// [bsock.Conn.HandleBinaryHead].
func (m *Middleware) HandleBinaryHead(now time.Time, t bsock.FrameType, size int) bsock.Reading {
	if m.conn == nil {
		return bsock.ReadDone
	}
	r := m.conn.HandleBinaryHead(now, t, size)
	if r != bsock.ReadWaiting { // then nothing has come of it yet
		m.pump(now)
	}
	return r
}

// HandleMalformed tells m of a message that the host could not read, and why.
func (m *Middleware) HandleMalformed(message string) {
	m.lament(&bsock.ProtocolError{Message: message})
}

// HandleClose tells m that the WebSocket was closed.
func (m *Middleware) HandleClose(now time.Time, code uint16, reason string) {
	if m.conn != nil {
		m.conn.HandleClose(now, bsock.CloseCode(code), reason)
		m.pump(now)
	}
}

// Advance tells m what time it is.
func (m *Middleware) Advance(now time.Time) {
	m.alarm = time.Time{} // it has gone off, or a little early
	m.expireWaiting(now)
	if m.conn != nil {
		m.conn.Advance(now)
	}
	m.pump(now)
}

// pump acts on what the Conn says, until it says nothing more.
func (m *Middleware) pump(now time.Time) {
	var ev bsock.Event
	var events, others bool
	for m.conn != nil {
		m.conn.Next(&ev)
		if ev.Kind == bsock.NoEvent {
			break
		}
		isEvent := ev.Kind == bsock.EventFire
		events, others = events || isEvent, others || !isEvent
		m.act(now, &ev)
	}
	if others || !events { // events alone bring no deadline nearer
		m.setAlarm()
	}
}

func (m *Middleware) act(now time.Time, ev *bsock.Event) {
	switch ev.Kind {
	case bsock.EventFire:
		m.deliver(ev)
	case bsock.EventText:
		m.sent(ev, m.host.SendText(ev.Head, ev.Payload.Ref, uint32(ev.Payload.Count)))
	case bsock.EventBinary:
		m.sent(ev, m.host.SendBinary(ev.Payload.Ref))
	case bsock.EventReply:
		if ev.Tag == authTag {
			m.host.Drop(ev.Payload.Ref)
			m.becomeReady(now)
			return
		}
		m.reply(ev)
	case bsock.EventReject:
		if ev.Tag == authTag {
			m.refused(now, ev.Err)
			return
		}
		m.fail(ev.Tag, ev.Err)
	case bsock.EventCall:
		m.answer(ev)
	case bsock.EventDial:
		m.dial(now, ev)
	case bsock.EventHangup:
		m.host.Hangup(uint16(ev.Code), ev.Reason)
	case bsock.EventConnect:
		m.asked++
		m.host.AskKey(m.asked)
	case bsock.EventDisconnect:
		m.disconnected(ev)
	case bsock.EventDrop:
		m.host.Drop(ev.Payload.Ref)
	case bsock.EventError:
		m.lament(ev.Err)
	}
}

func (m *Middleware) dial(now time.Time, ev *bsock.Event) {
	problem := m.host.Dial(ev.URL, m.target.protocols)
	if problem != "" && m.conn != nil {
		m.conn.HandleError(now, &bsock.LocalError{Code: bsock.ErrCouldNotConnect.Code, Message: problem})
	}
}

// sent notes what the WebSocket did not take. It is closing then, and says so
// soon; a fire must not be called sent meanwhile.
func (m *Middleware) sent(ev *bsock.Event, ok bool) {
	if !ok {
		m.unsent[ev.Payload.Ref] = struct{}{}
	}
}

// takeUnsent reports whether the WebSocket did not take an emit, and forgets it.
func (m *Middleware) takeUnsent(ref uint32) bool {
	if len(m.unsent) == 0 {
		return false // as nearly always: a map costs more to ask
	}
	_, unsent := m.unsent[ref]
	delete(m.unsent, ref)
	return unsent
}

// open reports whether emits may be sent now. A connection that was lost is
// not ready any more, even before its end has been told.
func (m *Middleware) open() bool {
	return m.ready && m.conn.State() == bsock.StateConnected
}

// setAlarm asks the host to be woken for the next deadline. An alarm that has
// become too early is left alone: it finds nothing to do and is set anew. One
// that nothing needs is taken back: it would keep a program from ending.
func (m *Middleware) setAlarm() {
	next, ok := m.waiting.deadline()
	if m.conn != nil {
		if t, wanted := m.conn.Deadline(); wanted && (!ok || t.Before(next)) {
			next, ok = t, true
		}
	}
	if !ok && !m.alarm.IsZero() {
		m.alarm = time.Time{}
		m.host.WakeAt(0)
	}
	if ok && (m.alarm.IsZero() || next.Before(m.alarm)) {
		m.alarm = next
		// Rounded up: woken early, it would ask again for the same millisecond.
		m.host.WakeAt(next.Add(time.Millisecond - 1).UnixMilli())
	}
}

func (m *Middleware) debug(message string) {
	if m.options.Debug {
		m.host.Log(message)
	}
}
