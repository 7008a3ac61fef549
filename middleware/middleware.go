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
	dials  uint32 // counts the attempts of all sockets
	alarm  time.Time
	board  board

	// The connection, on its way to being in use: see join.go.
	asked    uint32 // counts what the host was asked for keys, and connections
	owed     uint32 // what it owes an answer for; 0 is nothing
	authSent time.Time
	auth     uint32          // the payload of CONNECT packets
	joined   map[string]bool // the namespaces
	joining  int             // those that have not answered
	readyBy  time.Time
	ready    bool // SOCKET_CONNECTED was dispatched, or is being so

	// Listeners.
	bound      map[string]*binding
	last       *binding   // what was bound to the event delivered last
	gathering  []*hearing // those that have gathered something
	closing    int        // so many of them, in front, whose windows have ended
	gatheredBy time.Time  // when the first window ends, zero if none is open
	calls      map[uint32]bsock.CallID
	lastCall   uint32

	// Emits.
	waiting queue               // those that wait until ready
	unsent  map[uint32]struct{} // those that the WebSocket did not take

	// Subscriptions: see subscription.go and replay.go.
	subscriptions subscriptionList
	serial        uint64
	unanswered    map[uint32]emit // calls that are something to subscriptions
	replays       map[uint32]*subscription
	replayExpiry  time.Time // when the first has waited too long, or sooner; zero if none can
}

// New returns a Middleware that acts on host.
func New(host Host, options Options) *Middleware {
	return &Middleware{
		host: host, options: options.withDefaults(), board: newBoard(),
		unsent:     make(map[uint32]struct{}),
		calls:      make(map[uint32]bsock.CallID),
		unanswered: make(map[uint32]emit),
		replays:    make(map[uint32]*subscription),
	}
}

// HandleConnect handles CONNECT_SOCKET. If something is wrong with the action
// or a listener, nothing changes. If not, its promise is settled before
// anything is done: from then on the key and the listeners are those of this
// action. Whether the connection comes up is told by actions.
func (m *Middleware) HandleConnect(now time.Time, a *ConnectAction) {
	to, err := a.check()
	if err != nil {
		m.fail(a.Ref, err)
		return
	}
	if a.heard.err != nil {
		m.fail(a.Ref, a.heard.err)
		return
	}
	gathered := m.takeGathered(now) // for the listeners that have gathered it
	to.join(a.heard.nsps)
	m.bound, m.last = a.heard.byKey, nil
	m.settled(a.Ref, m.host.Settle(a.Ref, 0, 0))
	m.connect(now, to, a)
	m.deliverGathered(gathered)
}

// connect replaces the socket, unless there is one to the same place with the
// same key: that one is only told to hurry or, if it has given up, replaced by
// one that knows the same subscriptions. The application hears what became of
// the old one when the new one is in its place, and may replace that.
func (m *Middleware) connect(now time.Time, to target, a *ConnectAction) {
	same := to == m.target && !a.NewKey
	if same && m.alive() {
		m.debug("Already connecting or connected there")
		m.conn.Redial(now, a.Asks)
		m.replanned(now)
		m.pump(now)
		return
	}
	m.debug("Connecting bsock client")
	if !same {
		m.forgetAll()
	}
	ended := m.drop(now)
	m.target = to
	m.board.become(now, StatusDisconnected) // the attempts begin anew
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
		Version:        versionOf(to.protocol),
		PlainAcks:      to.protocol != protocolBsock,
		AskAuth:        true,
		RefusedDelay:   refusedPace,
		ConnectTimeout: m.options.ConnectTimeout,
		Reconnect:      m.options.Reconnect,
		Jitter:         m.options.Jitter,
	}
}

// HandleDisconnect handles DISCONNECT_SOCKET, whose promise is ref.
func (m *Middleware) HandleDisconnect(now time.Time, ref uint32) {
	gathered := m.takeGathered(now)
	m.forgetAll()
	m.settleAll(m.drop(now))
	m.deliverGathered(gathered)
	if m.conn == nil {
		m.board.become(now, StatusDisconnected)
		m.tell(now)
	}
	if m.options.DisconnectedAction {
		m.check(m.host.Forward())
	} else {
		m.check(m.host.Dispatch(SocketDisconnected))
	}
	m.settled(ref, m.host.Settle(ref, 0, 0))
	m.setAlarm(now)
}

// drop ends the socket, if there is one. It returns, for settleAll, how the
// emits ended that were under way or waiting.
func (m *Middleware) drop(now time.Time) (ended []ending) {
	conn := m.conn
	if conn == nil {
		return nil
	}
	m.conn, m.target = nil, target{}
	m.endSession()
	m.board.lost = time.Time{}
	conn.Close(now, bsock.CloseNormal, "")
	var ev bsock.Event
	for conn.Next(&ev); ev.Kind != bsock.NoEvent; conn.Next(&ev) {
		if m.finish(&ev) {
			ended = append(ended, endingOf(&ev))
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
		m.setAlarm(now)
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

// RawBinary reports whether binary messages have no frame type in front: see
// [bsock.Conn.RawBinary]. It does not change while a WebSocket lasts, once
// the first event has come.
func (m *Middleware) RawBinary() bool { return m.conn != nil && m.conn.RawBinary() }

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

// pump acts on what the Conn says, until it says nothing more.
func (m *Middleware) pump(now time.Time) {
	// Events alone bring no deadline nearer.
	if m.drain(now) != onlyEvents {
		m.setAlarm(now)
	}
}

// What there was for drain to act on: more than all the ones before, or the
// first, which is nothing.
const (
	nothing = iota
	onlyEvents
	onlyMessages // events, and what was sent
	anything
)

// drain is pump without a look at the deadlines. It returns what there was.
func (m *Middleware) drain(now time.Time) (was int) {
	var ev bsock.Event
	for m.conn != nil {
		m.conn.Next(&ev)
		if ev.Kind == bsock.NoEvent {
			break
		}
		switch ev.Kind {
		case bsock.EventFire:
			was = max(was, onlyEvents)
		case bsock.EventText, bsock.EventBinary:
			was = max(was, onlyMessages)
		default:
			was = anything
		}
		m.act(now, &ev)
	}
	return was
}

func (m *Middleware) act(now time.Time, ev *bsock.Event) {
	switch ev.Kind {
	case bsock.EventFire:
		m.deliver(now, ev)
	case bsock.EventText:
		m.sent(ev, m.host.SendText(ev.Head, ev.Payload.Ref, uint32(ev.Payload.Count)))
	case bsock.EventBinary:
		m.sent(ev, m.host.SendBinary(ev.Payload.Ref, ev.Raw))
	case bsock.EventReply:
		if ev.Tag != authTag {
			m.replied(ev)
			return
		}
		m.host.Drop(ev.Payload.Ref)
		m.measured(now, now.Sub(m.authSent))
		m.joinAll(now)
	case bsock.EventReject:
		if ev.Tag != authTag {
			m.rejected(ev)
			return
		}
		m.refused(now, ev.Err)
	case bsock.EventCall:
		m.answer(ev)
	case bsock.EventDial:
		m.dial(now, ev)
	case bsock.EventHangup:
		m.host.Hangup(uint16(ev.Code), ev.Reason)
	case bsock.EventConnect:
		m.connected(now, ev.Payload.Namespace)
	case bsock.EventAuth:
		m.asked++
		m.owed = m.asked
		m.host.AskAuth(m.asked)
	case bsock.EventLeave:
		m.left(now, ev.Payload.Namespace, ev.Err)
	case bsock.EventPulse:
		m.measured(now, ev.Delay)
	case bsock.EventDisconnect:
		m.disconnected(now, ev)
	case bsock.EventDrop:
		m.host.Drop(ev.Payload.Ref)
	case bsock.EventError:
		m.lament(ev.Err)
	}
}

func (m *Middleware) dial(now time.Time, ev *bsock.Event) {
	conn := m.conn
	m.dials++
	dial := m.dials
	m.connecting(now)
	if m.conn != conn || m.dials != dial || conn.State() != bsock.StateDialing {
		return // the application has changed its mind, maybe twice
	}
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

func (m *Middleware) debug(message string) {
	if m.options.Debug {
		m.host.Log(message)
	}
}
