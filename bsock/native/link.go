package native

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A link is one WebSocket, the queue of what it is to send, and those who read and
// write it. Its fields are guarded by the driver's mutex unless they say otherwise.
type link struct {
	ws *webSocket // never changes

	// ctx is what the application sees; it ends as soon as the connection has.
	ctx context.Context
	end context.CancelCauseFunc
	// io lives on until the WebSocket is closed.
	io   context.Context
	stop context.CancelCauseFunc

	out      outbox
	greeted  bool // OnConnect has succeeded
	leaving  bool // nothing more is queued; the close frame goes out last
	code     bsock.CloseCode
	reason   string
	deadline *time.Timer // of leaving

	// The writer is a goroutine that is there only while there is something
	// to write: a connection on which nothing happens needs no stack for it.
	// Who has something else to do afterwards may make an offer first.
	writing  bool        // somebody does, or was the last who did
	watch    *time.Timer // cuts a write off that takes too long
	batch    []*packet   // what was taken to be written; the writer's own
	offering bool        // nothing may wait; the writer's own
	kept     int         // bytes of an offer that have not been taken; the writer's own

	stalled bool          // the reader waits for room
	late    bool          // it has waited since the time was taken; its own
	room    chan struct{} // holds a token when it should look again
	duty    onDuty        // of the reader, guarded by the relief
	closed  chan struct{} // closed when the WebSocket is
}

// closeTimeout bounds how long a connection that was hung up may take to send
// what is queued and the close frame.
const closeTimeout = 5 * time.Second

// newLink returns a link whose contexts have the values of parent, which does not
// end.
func newLink(parent context.Context, ws *webSocket) *link {
	l := &link{ws: ws, room: make(chan struct{}, 1), closed: make(chan struct{})}
	l.ctx, l.end = context.WithCancelCause(parent)
	l.io, l.stop = context.WithCancelCause(parent)
	return l
}

// cut has what is under way on the WebSocket fail, because of err.
func (l *link) cut(err error) {
	l.stop(err)
	go l.ws.interrupt() // TLS says goodbye first, and may wait for seconds to do so
}

// put queues p.
func (l *link) put(d *driver, p *packet) {
	l.out.put(p)
	l.stir(d)
}

// stir has the writer look at what there is to do.
func (l *link) stir(d *driver) {
	if l.writing {
		return
	}
	l.writing = true
	d.running.Add(1)
	go l.begin(d)
}

// claim queues p, and reports whether the caller is to write it, by an offer.
func (l *link) claim(d *driver, p *packet) bool {
	l.out.put(p)
	if l.writing {
		return false
	}
	l.writing = true
	d.running.Add(1)
	return true
}

// finish sends what is queued, then a close frame.
func (l *link) finish(d *driver, code bsock.CloseCode, reason string) {
	if l.leaving {
		return
	}
	l.leaving, l.code, l.reason = true, code, reason
	l.deadline = time.AfterFunc(closeTimeout, func() { l.cut(ErrWriteTimeout) })
	l.stir(d)
}

// leave ends what the application does on l, and l itself unless it was told to
// finish.
func (l *link) leave(d *driver, err error) {
	l.end(err)
	if !l.leaving {
		l.leaving = true
		l.out.clear()
		l.cut(err)
		l.stir(d)
	}
}

// read feeds the driver until the WebSocket ends. It does not read while there
// is no room for more, so that a peer that sends too fast feels it.
func (l *link) read(d *driver) {
	var now time.Time
	for {
		together := l.ws.waiting()
		msg, text, err := l.ws.read(l.io)
		if !together || l.late {
			now, l.late = time.Now(), false // when all came that have come together
		}
		on := true
		if err == nil {
			on, err = d.receive(l, now, msg, text)
		}
		if err != nil {
			l.failed(d, err)
		}
		if err != nil || !on {
			return
		}
	}
}

// failed reports the end of the WebSocket, with the reason that came first.
func (l *link) failed(d *driver, err error) {
	var closed *bsock.CloseError
	cause := context.Cause(l.io)
	if !errors.As(err, &closed) && cause != nil && cause != context.Canceled {
		err = cause
	}
	d.lose(l, err)
}

// receive hands a message to the Conn and waits until there is room for more. What
// there is to tell is told when all is received that has come together, or the
// dispatcher and the reader would fight over mu. It reports whether the reader is
// to go on; another may have taken its place.
func (d *driver) receive(l *link, now time.Time, msg []byte, text bool) (on bool, err error) {
	d.mu.Lock()
	err = d.handle(l, now, msg, text)
	// What ends the connection in the middle of a batch is told at once: nobody
	// would be counted who is still to do it.
	begin := (err != nil || d.link != l || !l.ws.waiting()) && d.lacksDispatcher()
	here := begin && err == nil && d.relief != nil && d.inbox.called() && len(d.slots) == 0 && d.relief.enter(&l.duty, now)
	d.onDuty = here
	d.mu.Unlock()
	switch {
	case here:
		return d.relief.run(&l.duty), nil
	case begin:
		go d.dispatch()
	}
	return true, err
}

func (d *driver) handle(l *link, now time.Time, msg []byte, text bool) error {
	if d.link != l {
		return ErrClosed
	}
	d.receiving = true
	if text {
		d.conn.HandleText(now, msg)
	} else {
		d.conn.HandleBinary(now, msg)
	}
	d.pump()
	d.receiving = false
	for d.link == l && (d.inbox.full() || l.out.control > maxControl) {
		d.appoint()
		l.stalled, l.late = true, true
		d.mu.Unlock()
		select {
		case <-l.room:
		case <-l.ctx.Done():
		case <-l.io.Done():
		}
		d.mu.Lock()
		l.stalled = false
		if err := context.Cause(l.io); err != nil {
			return err
		}
	}
	return nil
}

// slowestPeer is how many bytes a peer must take in a second: a large message
// may take as long as this makes it, besides the timeout of all messages.
const slowestPeer = 1 << 17

// broke stops the reader, which reports err. A WebSocket that is closed has
// stopped it already, with a better reason.
func (l *link) broke(err error) {
	if !errors.Is(err, net.ErrClosed) {
		l.cut(err)
	}
}

// close closes the WebSocket, with a close frame if it is still possible.
func (l *link) close(d *driver) {
	d.mu.Lock()
	code, reason, deadline := l.code, l.reason, l.deadline
	d.mu.Unlock()
	if code != 0 && l.io.Err() == nil {
		l.ws.close(code, reason)
	}
	if deadline != nil {
		deadline.Stop()
	}
	l.stop(nil)
	l.ws.abort()
	close(l.closed)
}

// roomMade has a reader that waits look again.
func (l *link) roomMade() {
	if !l.stalled {
		return
	}
	select {
	case l.room <- struct{}{}:
	default:
	}
}
