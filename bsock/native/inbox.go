package native

import (
	"context"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// An arrival is something the application is to be told, in its turn.
type arrival struct {
	kind    bsock.EventKind // EventFire, EventCall, EventJoin, EventError; NoEvent for news
	name    string
	payload bsock.Payload
	call    bsock.CallID
	link    *link
	space   *space
	err     error
	news    func()
}

func arrivalOf(ev bsock.Event, l *link, s *space) arrival {
	return arrival{kind: ev.Kind, name: string(ev.Name), payload: ev.Payload, call: ev.Call, link: l, space: s}
}

// context returns what a hook is given, which ends with the namespace if this is
// the server's end.
func (a *arrival) context() context.Context {
	if a.space.socket != nil {
		return a.space.socket.ctx
	}
	return a.link.ctx
}

func (a *arrival) size() int { return len(a.name) + payloadSize(a.payload) }

// An inbox holds arrivals until the dispatcher takes them. It is bounded by
// those who fill it: readers stop while it is full.
type inbox struct {
	arrivals fifo[arrival]
	bytes    int
	maxCount int
	maxBytes int
	wake     chan struct{}
	closed   bool
}

func (b *inbox) init(l Limits) {
	b.maxCount, b.maxBytes = l.MaxInbox, l.MaxInboxBytes
	b.wake = make(chan struct{}, 1)
}

func (b *inbox) full() bool {
	return b.arrivals.len() >= b.maxCount || b.bytes >= b.maxBytes
}

func (b *inbox) put(a arrival) {
	b.arrivals.push(a)
	b.bytes += a.size()
	signal(b.wake)
}

func (b *inbox) take() (a arrival, ok bool) {
	a, ok = b.arrivals.pop()
	if ok {
		b.bytes -= a.size()
	}
	return a, ok
}

// clear drops all there is.
func (b *inbox) clear() {
	b.arrivals, b.bytes = fifo[arrival]{}, 0
}

func (b *inbox) close() {
	b.closed = true
	signal(b.wake)
}
