package native

import (
	"context"
	"sync/atomic"

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

func (d *driver) arrivalOf(ev *bsock.Event, l *link, s *space) arrival {
	return arrival{kind: ev.Kind, name: d.nameOf(ev.Name), payload: ev.Payload, call: ev.Call, link: l, space: s}
}

// maxNames is how many names of events a connection remembers.
const maxNames = 64

// nameOf returns the name of an event. Most come again and again, and need not be
// made again.
func (d *driver) nameOf(name []byte) string {
	s, known := d.names[string(name)]
	if known {
		return s
	}
	s = string(name)
	if d.names == nil {
		d.names = make(map[string]string)
	}
	if len(d.names) < maxNames && len(name) < maxNames {
		d.names[s] = s
	}
	return s
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
	closed   bool

	// The dispatcher's own, in part: what it has taken, as many as atOnce, up
	// to next. All of that but news is dropped once it is stale.
	taken  []arrival
	next   int
	atOnce int
	stale  atomic.Bool
}

// most is how many arrivals the dispatcher takes at a time: to take each by itself
// would have it fight with the reader over the mutex.
const most = 64

func (b *inbox) init(l Limits) {
	b.maxCount, b.maxBytes = l.MaxInbox, l.MaxInboxBytes
	b.atOnce = max(1, min(most, l.MaxInbox/16)) // they are above the bound
}

// any reports whether there is something to tell. It is for who may take it.
func (b *inbox) any() bool { return b.next < len(b.taken) || b.arrivals.len() > 0 }

// called reports whether what is to be told first is a call. It is for who may
// take it.
func (b *inbox) called() bool {
	a := &b.arrivals
	return b.next == len(b.taken) && a.len() > 0 && a.items[a.head].kind == bsock.EventCall
}

func (b *inbox) full() bool {
	return b.arrivals.len() >= b.maxCount || b.bytes >= b.maxBytes
}

func (b *inbox) put(a arrival) {
	b.arrivals.push(a)
	b.bytes += a.size()
}

// take has the dispatcher take what there is.
func (b *inbox) take() {
	clear(b.taken)
	b.taken, b.next = b.taken[:0], 0
	b.stale.Store(false)
	for len(b.taken) < b.atOnce {
		a, ok := b.arrivals.pop()
		if !ok {
			return
		}
		b.bytes -= a.size()
		b.taken = append(b.taken, a)
	}
}

// clear drops all there is but news.
func (b *inbox) clear() {
	all := b.arrivals
	b.arrivals, b.bytes = fifo[arrival]{}, 0
	for a, ok := all.pop(); ok; a, ok = all.pop() {
		if a.news != nil {
			b.put(a)
		}
	}
	b.stale.Store(true)
}
