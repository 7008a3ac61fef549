package middleware

import (
	"strings"
	"time"
)

// blockSize is how many emits have room in a block.
const blockSize = 32

// A block holds emits that wait behind each other.
type block [blockSize]emit

// A queue holds the emits that wait for the connection, first in, first out.
// They are in blocks, which stay where they are: an array that grows is copied
// again and again, and what it leaves behind a browser never gets back. With
// 100,000 emits the module's memory grew from 8 to 53 MB, and now to 30.
type queue struct {
	blocks []*block
	spare  *block // the latest that was emptied
	head   int    // the place of the first emit in the first block
	count  int
	late   int // so many in front have waited too long

	// soonest is the earliest deadline in the queue or, after it has left, one
	// that is too early. Zero if there is none.
	soonest time.Time
	// mixed says that the emits do not expire in the order in which they came.
	// Mostly they do, and then none has to be looked for.
	mixed bool
}

func (q *queue) size() int   { return q.count }
func (q *queue) empty() bool { return q.count == 0 }

// at returns the emit behind so many others.
func (q *queue) at(n int) *emit {
	n += q.head
	return &q.blocks[n/blockSize][n%blockSize]
}

// push keeps e, whose name the host may have lent.
func (q *queue) push(e *emit) {
	due := e.due()
	name := ""
	if !q.empty() {
		last := q.at(q.count - 1)
		before := last.due()
		q.mixed = q.mixed || due.IsZero() || before.IsZero() || due.Before(before)
		name = last.name
	}
	if (q.head+q.count)%blockSize == 0 {
		q.addBlock()
	}
	q.count++
	kept := q.at(q.count - 1)
	if *kept = *e; kept.name != name {
		name = strings.Clone(kept.name) // mostly it is that of the last
	}
	kept.name = name
	q.expect(due)
}

func (q *queue) addBlock() {
	b := q.spare
	if q.spare = nil; b == nil {
		b = new(block)
	}
	q.blocks = append(q.blocks, b)
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

// pop takes the oldest out. Where it was is empty, and lets go of what it
// pointed to.
func (q *queue) pop() (e emit, ok bool) {
	if q.empty() {
		return emit{}, false
	}
	first := q.at(0)
	e, *first = *first, emit{}
	q.count--
	q.late = max(q.late-1, 0)
	if q.head++; q.head == blockSize || q.empty() {
		q.dropBlock()
	}
	return e, true
}

// dropBlock takes out the first block, which is empty.
func (q *queue) dropBlock() {
	q.spare, q.blocks[0], q.head = q.blocks[0], nil, 0
	if q.blocks = q.blocks[1:]; q.empty() {
		*q = queue{spare: q.spare}
	}
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
	for q.late < q.count && q.at(q.late).late(now) {
		q.late++
	}
	q.soonest = time.Time{}
	if !q.mixed {
		if q.late < q.count {
			q.soonest = q.at(q.late).due()
		}
		return
	}
	behind := 0
	for n := q.late; n < q.count; n++ {
		if e := q.at(n); e.late(now) {
			behind++
		} else {
			q.expect(e.due())
		}
	}
	if behind > 0 {
		q.bringForward(now)
		q.late += behind
	}
}

// bringForward puts the late emits in front of the others, both in their order.
func (q *queue) bringForward(now time.Time) {
	var others []emit
	next := q.late
	for n := q.late; n < q.count; n++ {
		if e := q.at(n); e.late(now) {
			*q.at(next) = *e
			next++
		} else {
			others = append(others, *e)
		}
	}
	for i := range others {
		*q.at(next + i) = others[i]
	}
}
