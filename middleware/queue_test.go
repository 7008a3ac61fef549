package middleware

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A page that is offline for days, and drops the oldest of what waits, has a
// queue that is never empty. It takes no more room than what waits in it.
func TestQueueThatIsNeverEmpty(t *testing.T) {
	const limit = 10
	var q queue
	for n := range uint32(10_000) {
		if q.size() == limit {
			oldest, ok := q.pop()
			require.True(t, ok)
			require.Equal(t, n-limit, oldest.ref, "first in, first out")
		}
		q.push(emit{ref: n})
	}
	assert.LessOrEqual(t, cap(q.emits), 4*limit)
}

// What expires leaves the others in their order, and nothing behind.
func TestQueueExpires(t *testing.T) {
	at := func(seconds int64) time.Time { return time.Unix(seconds, 0) }
	var q queue
	for n, due := range []int64{9, 3, 9, 1, 9, 2} {
		q.push(emit{ref: uint32(n), name: "named", expires: at(due)})
	}
	var expired, left []uint32
	for e, ok := q.expired(at(3)); ok; e, ok = q.expired(at(3)) {
		expired = append(expired, e.ref)
	}
	assert.Equal(t, []uint32{1, 3, 5}, expired)
	assert.Equal(t, at(9), q.soonest)
	for _, e := range q.emits[:q.head] {
		assert.Empty(t, e.name, "an emit that has left is let go")
	}
	for e, ok := q.pop(); ok; e, ok = q.pop() {
		left = append(left, e.ref)
	}
	assert.Equal(t, []uint32{0, 2, 4}, left)
}
