package middleware_test

import (
	"slices"
	"time"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// Listeners that hear what came within a window of time as one.

type pace uint8

const (
	paceEach pace = iota
	paceThrottle
	paceLatest
	paceBatch
)

// paceWindow is the window of every listener that has one.
const paceWindow = 500 * time.Millisecond

// gathered is what a page keeps for a listener until its window ends.
type gathered struct {
	listener *modelListener
	latest   bool
	numbers  []int
}

// filters reports whether the filter of l does not let msg pass.
func (l *modelListener) filters(msg *message) bool { return l.filter && msg.number%3 == 0 }

// open reports whether the window of l is.
func (l *modelListener) open(now time.Time) bool {
	return now.Before(l.until) || len(l.owed) > 0
}

// hears reports whether l is told of an event that comes now, and whether it
// gathers that.
func (l *modelListener) hears(now time.Time) (told, gathers bool) {
	switch l.pace {
	case paceThrottle:
		return !l.open(now), false
	case paceLatest:
		return true, l.open(now)
	case paceBatch:
		return true, true
	}
	return true, false
}

// toldNow checks that l may be told of msg at once.
func (w *world) toldNow(msg *message, l *modelListener) {
	if told, gathers := l.hears(w.now); !told || gathers {
		w.broken("throttle and latest deliver at most one event in a window, batch none before its end", "event %d", msg.number)
	}
}

// passed notes an event that l's filter has let pass.
func (w *world) passed(l *modelListener) {
	if l.pace != paceEach {
		l.until = w.now.Add(paceWindow)
	}
}

// Gather implements middleware.Store.
func (h *modelHost) Gather(listener, ref, offset uint32, last, latest bool) middleware.Delivery {
	b, l := h.tell("Gather", listener, ref, offset, last)
	b.route = nil
	if b.message.malformed {
		b.message.due = b.message.due[:1] // and no other listener's
		return middleware.DeliveryMalformed
	}
	if _, gathers := l.hears(h.w.now); !gathers || latest != (l.pace == paceLatest) {
		h.w.broken("what has no window open is told at once", "event %d", b.message.number)
	}
	if l.filters(b.message) {
		return middleware.DeliveryFiltered
	}
	h.w.log("gather %d for %d", b.message.number, listener)
	if len(l.owed) == 0 && l.pace == paceBatch {
		l.until = h.w.now.Add(paceWindow)
	}
	kept := h.gathered[listener]
	if kept != nil && kept.listener != l {
		h.w.broken("what is gathered is for the listener that has gathered it", "event %d", b.message.number)
	}
	if kept == nil || latest {
		kept = &gathered{listener: l, latest: latest}
		h.gathered[listener] = kept
		l.owed = nil
	}
	kept.numbers = append(kept.numbers, b.message.number)
	l.owed = append(l.owed, b.message.number)
	return middleware.Delivered
}

// DeliverGathered implements middleware.Store.
func (h *modelHost) DeliverGathered(listener uint32) middleware.Delivery {
	kept := h.gathered[listener]
	if kept == nil {
		h.w.broken("what was gathered is delivered, and nothing else", "listener %d has nothing", listener)
	}
	delete(h.gathered, listener)
	l := kept.listener
	h.w.log("gathered %v for %d", kept.numbers, listener)
	if !slices.Equal(kept.numbers, l.owed) {
		h.w.broken("a batch listener loses nothing, and the order is kept", "%v, not %v", kept.numbers, l.owed)
	}
	if h.w.now.Before(l.until) && !h.w.flushing(listener, l) {
		h.w.broken("a window lasts", "%s are left", l.until.Sub(h.w.now))
	}
	l.owed = nil
	if l.pace == paceLatest {
		l.until = h.w.now.Add(paceWindow)
	}
	if !h.w.dispatched(l.actionType()) {
		return middleware.DeliveryThrew
	}
	return middleware.Delivered
}

// flushing reports whether what is gathered may be delivered before its time:
// the connection or the listeners come to an end.
func (w *world) flushing(place uint32, l *modelListener) bool {
	return w.host.socket == nil || w.changing > 0 || int(place) >= len(w.listeners) || w.listeners[place] != l
}

// restGathered checks that nothing is gathered for listeners that are gone, or
// for a connection that is.
func (w *world) restGathered() {
	for place, kept := range w.host.gathered {
		if w.host.socket == nil || int(place) >= len(w.listeners) || w.listeners[place] != kept.listener {
			w.broken("what was gathered is delivered when the connection or the listeners end", "%v", kept.numbers)
		}
	}
}
