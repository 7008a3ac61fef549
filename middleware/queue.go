package middleware

import "time"

// A queue holds the emits that wait for the connection, first in, first out.
type queue struct {
	emits []emit
	head  int
	late  int // so many in front have waited too long

	// soonest is the earliest deadline in the queue or, after it has left, one
	// that is too early. Zero if there is none.
	soonest time.Time
	// mixed says that the emits do not expire in the order in which they came.
	// Mostly they do, and then none has to be looked for.
	mixed bool
}

func (q *queue) size() int   { return len(q.emits) - q.head }
func (q *queue) empty() bool { return q.size() == 0 }

func (q *queue) push(e emit) {
	if len(q.emits) == cap(q.emits) && q.head > len(q.emits)/2 { // or one that is never empty would grow for ever
		n := copy(q.emits, q.emits[q.head:])
		clear(q.emits[n:])
		q.emits, q.head = q.emits[:n], 0
	}
	due := e.due()
	if !q.empty() {
		before := q.emits[len(q.emits)-1].due()
		q.mixed = q.mixed || due.IsZero() || before.IsZero() || due.Before(before)
	}
	q.emits = append(q.emits, e)
	q.expect(due)
}

// due returns when a waiting emit has waited too long; zero if it never has.
func (e *emit) due() time.Time { return sooner(e.deadline, e.expires) }

// late reports whether a waiting emit has waited too long.
func (e *emit) late(now time.Time) bool {
	due := e.due()
	return !due.IsZero() && !now.Before(due)
}

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
	q.late = max(q.late-1, 0)
	if q.head++; q.empty() {
		*q = queue{emits: q.emits[:0]}
	}
	return e, true
}

// expired removes and returns the first emit whose deadline has come.
func (q *queue) expired(now time.Time) (e emit, ok bool) {
	if q.late == 0 && !q.soonest.IsZero() && !now.Before(q.soonest) {
		q.findLate(now)
	}
	if q.late == 0 {
		return emit{}, false
	}
	return q.pop()
}

// findLate counts the emits in front that have waited too long, and brings
// those there that wait behind others.
func (q *queue) findLate(now time.Time) {
	for q.late < q.size() && q.emits[q.head+q.late].late(now) {
		q.late++
	}
	q.soonest = time.Time{}
	rest := q.emits[q.head+q.late:]
	if !q.mixed {
		if len(rest) > 0 {
			q.soonest = rest[0].due()
		}
		return
	}
	behind := 0
	for i := range rest {
		if rest[i].late(now) {
			behind++
		} else {
			q.expect(rest[i].due())
		}
	}
	if behind > 0 {
		bringForward(rest, now)
		q.late += behind
	}
}

// bringForward puts the late emits in front of the others, both in their order.
func bringForward(emits []emit, now time.Time) {
	var others []emit
	late := 0
	for i := range emits {
		if emits[i].late(now) {
			emits[late] = emits[i]
			late++
		} else {
			others = append(others, emits[i])
		}
	}
	copy(emits[late:], others)
}
