package middleware

import "time"

// A queue holds the emits that wait for the connection, first in, first out.
type queue struct {
	emits []emit
	head  int

	// soonest is the earliest deadline in the queue or, after it has left, one
	// that is too early. Zero if there is none.
	soonest time.Time
}

func (q *queue) size() int   { return len(q.emits) - q.head }
func (q *queue) empty() bool { return q.size() == 0 }

func (q *queue) push(e emit) {
	if len(q.emits) == cap(q.emits) && q.head > len(q.emits)/2 { // or one that is never empty would grow for ever
		n := copy(q.emits, q.emits[q.head:])
		clear(q.emits[n:])
		q.emits, q.head = q.emits[:n], 0
	}
	q.emits = append(q.emits, e)
	q.expect(e.due())
}

// due returns when a waiting emit has waited too long; zero if it never has.
func (e *emit) due() time.Time { return sooner(e.deadline, e.expires) }

// sooner returns the earlier of two moments, a zero one being none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func (q *queue) expect(deadline time.Time) {
	q.soonest = sooner(q.soonest, deadline)
}

func (q *queue) pop() (e emit, ok bool) {
	if q.empty() {
		return emit{}, false
	}
	e = q.emits[q.head]
	q.emits[q.head] = emit{}
	if q.head++; q.empty() {
		*q = queue{emits: q.emits[:0]}
	}
	return e, true
}

// expired removes and returns the first emit whose deadline has come.
func (q *queue) expired(now time.Time) (e emit, ok bool) {
	if q.soonest.IsZero() || now.Before(q.soonest) {
		return emit{}, false
	}
	for i := q.head; i < len(q.emits); i++ {
		e = q.emits[i]
		if due := e.due(); !due.IsZero() && !now.Before(due) {
			copy(q.emits[q.head+1:i+1], q.emits[q.head:i]) // mostly none: they expire in order
			q.pop()
			return e, true
		}
	}
	q.soonest = time.Time{}
	for i := q.head; i < len(q.emits); i++ {
		q.expect(q.emits[i].due())
	}
	return emit{}, false
}
