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
	q.emits = append(q.emits, e)
	q.expect(e.deadline)
}

func (q *queue) expect(deadline time.Time) {
	if !deadline.IsZero() && (q.soonest.IsZero() || deadline.Before(q.soonest)) {
		q.soonest = deadline
	}
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

// deadline returns when expired is next wanted.
func (q *queue) deadline() (time.Time, bool) {
	return q.soonest, !q.soonest.IsZero()
}

// expired removes and returns the first emit whose deadline has come.
func (q *queue) expired(now time.Time) (e emit, ok bool) {
	if q.soonest.IsZero() || now.Before(q.soonest) {
		return emit{}, false
	}
	for i := q.head; i < len(q.emits); i++ {
		e = q.emits[i]
		if !e.deadline.IsZero() && !now.Before(e.deadline) {
			q.emits = append(q.emits[:i], q.emits[i+1:]...)
			return e, true
		}
	}
	q.soonest = time.Time{}
	for _, e := range q.emits[q.head:] {
		q.expect(e.deadline)
	}
	return emit{}, false
}
