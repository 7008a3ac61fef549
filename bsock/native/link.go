package native

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A link is one WebSocket, the queue of what it is to send, and the two
// goroutines that serve it. Its fields are guarded by the driver's mutex unless
// they say otherwise.
type link struct {
	ws *webSocket // never changes

	// ctx is what the application sees; it ends as soon as the connection has.
	ctx context.Context
	end context.CancelCauseFunc
	// io lives on until the WebSocket is closed.
	io  context.Context
	cut context.CancelCauseFunc

	out      outbox
	greeted  bool // OnConnect has succeeded
	leaving  bool // nothing more is queued; the close frame goes out last
	code     bsock.CloseCode
	reason   string
	deadline *time.Timer // of leaving

	wake   chan struct{} // holds a token when a writer that waits should look again
	room   chan struct{} // holds a token when a reader that waits should look again
	closed chan struct{} // closed when the WebSocket is
}

// closeTimeout bounds how long a connection that was hung up may take to send
// what is queued and the close frame.
const closeTimeout = 5 * time.Second

func newLink(parent context.Context, ws *webSocket) *link {
	l := &link{ws: ws, wake: make(chan struct{}, 1), room: make(chan struct{}, 1), closed: make(chan struct{})}
	l.ctx, l.end = context.WithCancelCause(parent)
	l.io, l.cut = context.WithCancelCause(context.WithoutCancel(parent))
	return l
}

// put queues p.
func (l *link) put(p *packet) {
	l.out.put(p)
	signal(l.wake)
}

// finish sends what is queued, then a close frame.
func (l *link) finish(code bsock.CloseCode, reason string) {
	if l.leaving {
		return
	}
	l.leaving, l.code, l.reason = true, code, reason
	l.deadline = time.AfterFunc(closeTimeout, func() { l.cut(ErrWriteTimeout) })
	signal(l.wake)
}

// leave ends what the application does on l, and l itself unless it was told to
// finish.
func (l *link) leave(err error) {
	l.end(err)
	if !l.leaving {
		l.leaving = true
		l.out.clear()
		l.cut(err)
	}
}

// read feeds the driver until the WebSocket ends. It does not read while there
// is no room for more, so that a peer that sends too fast feels it.
func (l *link) read(d *driver) {
	for {
		msg, text, err := l.ws.read(l.io)
		if err == nil {
			err = d.receive(l, msg, text)
		}
		if err != nil {
			l.failed(d, err)
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

// receive hands a message to the Conn and waits until there is room for more.
func (d *driver) receive(l *link, msg []byte, text bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.link != l {
		return ErrClosed
	}
	now := time.Now()
	if text {
		d.conn.HandleText(now, msg)
	} else {
		d.conn.HandleBinary(now, msg)
	}
	d.pump()
	for d.link == l && (d.inbox.full() || l.out.control > maxControl) {
		d.mu.Unlock()
		select {
		case <-l.room:
		case <-l.ctx.Done():
		case <-l.io.Done():
		}
		d.mu.Lock()
		if err := context.Cause(l.io); err != nil {
			return err
		}
	}
	return nil
}

// write sends what is queued until the link is left, and then closes it.
func (l *link) write(d *driver) {
	watch := time.AfterFunc(time.Hour, func() { l.cut(ErrWriteTimeout) })
	watch.Stop()
	for {
		p := l.next(d)
		if p == nil {
			break
		}
		if err := p.writeTo(l, watch, d.limits.WriteTimeout); err != nil {
			l.broke(err)
			break
		}
	}
	l.close(d)
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

// writeTo writes the frames of p, each under the watch of a timer.
func (p *packet) writeTo(l *link, watch *time.Timer, timeout time.Duration) error {
	for _, f := range p.frames {
		watch.Reset(timeout + time.Duration(len(f.data)/slowestPeer)*time.Second)
		err := l.ws.write(l.io, f.data, f.text)
		watch.Stop()
		if err != nil {
			return err
		}
	}
	return nil
}

// next waits for a packet; it returns nil if none will come.
func (l *link) next(d *driver) *packet {
	d.mu.Lock()
	defer d.mu.Unlock()
	for {
		if p := l.out.take(); p != nil {
			if d.link == l {
				d.admit()
				signal(l.room)
			}
			return p
		}
		if l.leaving {
			return nil
		}
		d.mu.Unlock()
		select {
		case <-l.wake:
		case <-l.io.Done():
			d.mu.Lock()
			return nil
		}
		d.mu.Lock()
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
	l.cut(nil)
	l.ws.abort()
	close(l.closed)
}

// signal leaves a token in ch, which has room for one.
func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
