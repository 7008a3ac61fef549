package native

import (
	"errors"
	"sync"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A driver runs a bsock.Conn: a client's, with one WebSocket after the other,
// or a server's, with its only one.
//
// The rules are:
//
//  1. Whoever calls the Conn holds mu, and pumps before letting go of it.
//  2. Nothing of the application's runs under mu: its news go through the inbox
//     to the dispatcher, its answers through channels.
//  3. Only the goroutine that reads a WebSocket tells the Conn that it ended.
type driver struct {
	limits   Limits
	protocol Protocol // what it was told to speak
	owner    owner

	mu     sync.Mutex
	conn   *bsock.Conn
	link   *link // nil while there is no WebSocket
	open   bool  // the application may send
	spaces []*space

	// Sending.
	packet *packet    // what the Conn's frames belong to while one is being made
	shared *broadcast // the frames that need not be made again
	turns  uint64     // counts those who had to wait
	calls  map[uint32]*pendingCall
	tag    uint32    // of the last call
	spare  sync.Pool // of pendingCalls, whose channels are the driver's own

	// Receiving.
	inbox     inbox
	telling   bool              // there is a dispatcher
	heir      bool              // a goroutine has been started that may become it
	receiving bool              // a message is being received; what it brings is told afterwards
	names     map[string]string // of events that have come
	relief    *relief           // lets the reader run hooks; nil at a client's end
	onDuty    bool              // it does, and nobody else need tell or write
	slots     chan struct{}     // one taken for each running hook

	// Time.
	timer *time.Timer
	armed time.Time // when the timer goes off; zero if it does not

	// The end.
	cause   error          // why this end closed
	err     error          // why it is over
	ended   bool           // there will be no other link
	running sync.WaitGroup // goroutines; nothing is added once ended
	done    chan struct{}
}

// An owner is the client or the server's connection of a driver. Its methods
// are called under the driver's mutex, but for the last three.
type owner interface {
	// dial opens a WebSocket.
	dial(url string, subprotocols []string)
	// authenticate joins the default namespace with what the application has
	// to say of itself.
	authenticate(l *link)
	// up says that s was joined; with the default namespace the connection is
	// up.
	up(l *link, s *space)
	// left says that s has ended with err, or could not be joined.
	left(s *space, err error)
	// down says that an attempt or a connection has ended with err, and whether
	// the application could send on it.
	down(err error, wasOpen bool)

	// over is called when all goroutines have returned, before done is closed.
	over()
	// join lets the peer into a namespace, or not.
	join(a arrival)
	// report tells the application of an error.
	report(err error)
}

func (d *driver) init(o owner, conn *bsock.Conn, p Protocol, l Limits) {
	d.owner, d.conn, d.protocol, d.limits = o, conn, p, l
	d.calls = make(map[uint32]*pendingCall)
	d.slots = make(chan struct{}, l.MaxHooks)
	d.inbox.init(l)
	d.done = make(chan struct{})
	d.timer = time.AfterFunc(time.Hour, d.advance)
	d.timer.Stop()
}

// pump acts on what the Conn has to say, and sends for those who wait if that
// has made it possible.
func (d *driver) pump() {
	for {
		var ev bsock.Event
		if d.conn.Next(&ev); ev.Kind == bsock.NoEvent {
			break
		}
		d.act(&ev)
	}
	d.arm()
	if d.packet == nil {
		d.admit()
	}
}

func (d *driver) act(ev *bsock.Event) {
	switch ev.Kind {
	case bsock.EventDial:
		d.owner.dial(ev.URL, ev.Protocols)
	case bsock.EventText:
		d.sendText(ev)
	case bsock.EventBinary:
		d.sendBinary(ev.Payload.Attachments, ev.Raw)
	case bsock.EventHangup:
		d.hangup(ev.Code, ev.Reason)
	case bsock.EventDisconnect:
		d.disconnected(ev)
	case bsock.EventAuth:
		d.owner.authenticate(d.link)
	case bsock.EventJoin:
		d.tell(d.arrivalOf(ev, d.link, nil))
	case bsock.EventConnect, bsock.EventLeave, bsock.EventFire, bsock.EventCall:
		if s := d.spaceOf(ev.Payload.Namespace); s != nil { // else it was left
			d.actIn(s, ev)
		}
	case bsock.EventReply:
		d.settle(ev.Tag, answer{payload: ev.Payload})
	case bsock.EventReject:
		d.settle(ev.Tag, answer{err: ev.Err})
	case bsock.EventError:
		d.tell(arrival{kind: ev.Kind, err: ev.Err})
	}
}

// actIn acts on what concerns one namespace.
func (d *driver) actIn(s *space, ev *bsock.Event) {
	switch ev.Kind {
	case bsock.EventConnect:
		s.joined = true
		d.owner.up(d.link, s)
	case bsock.EventLeave:
		d.owner.left(s, ev.Err)
	default:
		d.tell(d.arrivalOf(ev, d.link, s))
	}
}

func (d *driver) hangup(code bsock.CloseCode, reason string) {
	if d.link != nil { // a WebSocket that is not open yet is its dialer's to end
		d.link.finish(d, code, reason)
	}
}

// arm sets the timer to the Conn's deadline. A timer that goes off too early
// costs less than one that is set anew for each message.
func (d *driver) arm() {
	deadline, ok := d.conn.Deadline()
	if !ok {
		d.timer.Stop()
		d.armed = time.Time{}
		return
	}
	if d.armed.IsZero() || deadline.Before(d.armed) {
		d.armed = deadline
		d.timer.Reset(time.Until(deadline))
	}
}

func (d *driver) advance() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.armed = time.Time{}
	d.conn.Advance(time.Now())
	d.pump()
}

// attach makes l the WebSocket of the Conn.
func (d *driver) attach(l *link) {
	d.link = l
	d.conn.HandleOpen(time.Now())
	d.pump()
}

// lose is for the reader of l: the WebSocket ended with err.
func (d *driver) lose(l *link, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.appoint() // what came before
	if d.link != l {
		return // it was hung up
	}
	var closed *bsock.CloseError
	switch now := time.Now(); {
	case errors.As(err, &closed):
		d.conn.HandleClose(now, closed.Code, closed.Reason)
	case errors.Is(err, bsock.ErrTooLarge):
		l.finish(d, bsock.CloseTooBig, err.Error())
		d.conn.HandleError(now, err)
	default:
		d.conn.HandleError(now, err)
	}
	d.pump()
}

// disconnected ends all that belongs to the connection.
func (d *driver) disconnected(ev *bsock.Event) {
	err := ev.Err
	switch {
	case d.cause != nil:
		err = d.cause
	case err == nil:
		err = &bsock.CloseError{Code: ev.Code, Reason: ev.Reason}
	}
	if d.link != nil {
		d.link.leave(d, err)
	}
	wasOpen := d.open
	d.link, d.open = nil, false
	if !ev.Retry {
		d.ended, d.err = true, err
	}
	for _, s := range d.spaces {
		if s.lose(); d.ended {
			s.shut(d.closedError())
			s.tellJoins(s.ended)
		}
	}
	d.owner.down(err, wasOpen)
	if d.ended {
		d.inbox.closed = true
		go d.windUp()
	}
}

// windUp waits for the goroutines to return.
func (d *driver) windUp() {
	d.running.Wait()
	d.owner.over()
	close(d.done)
}

// closedError is what is returned to those who come too late.
func (d *driver) closedError() error { return closedBy(d.err) }

func closedBy(cause error) error {
	if cause == nil || cause == ErrClosed {
		return ErrClosed
	}
	return &endedError{cause: cause}
}

// An endedError is an ErrClosed with its reason.
type endedError struct{ cause error }

func (e *endedError) Error() string   { return ErrClosed.Error() + " " + e.cause.Error() }
func (e *endedError) Unwrap() []error { return []error{ErrClosed, e.cause} }

// shut closes the connection for good, because of cause, and returns the link
// there was. What is queued still goes out; what has arrived without having been
// handled is dropped.
func (d *driver) shut(cause error, code bsock.CloseCode, reason string) *link {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.link
	if !d.ended {
		d.cause = cause
		d.inbox.clear()
		d.conn.Close(time.Now(), code, reason)
		d.pump()
	}
	return l
}
