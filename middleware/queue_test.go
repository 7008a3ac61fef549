package middleware

import (
	"flag"
	"slices"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
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
		q.push(&emit{ref: n})
	}
	assert.LessOrEqual(t, len(q.blocks), 2)
	assert.LessOrEqual(t, cap(q.blocks), 8)
}

// A queue is what a list would be, and keeps nothing of what has left.
func TestQueueIsAList(t *testing.T) {
	require.NoError(t, flag.Set("rapid.nofailfile", "true"), "the seed is enough")
	at := func(seconds int) time.Time { return time.Unix(int64(seconds), 0) }
	rapid.Check(t, func(t *rapid.T) {
		var q queue
		var list []emit
		now, made := 1, uint32(0)
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				require.Equal(t, len(list), q.size())
				require.Equal(t, len(list) == 0, q.empty())
				for n := range list {
					require.Equal(t, list[n], *q.at(n))
				}
			},
			"push": func(t *rapid.T) {
				due := rapid.SampledFrom([]int{0, 10, 1, 3}).Draw(t, "due")
				for range rapid.IntRange(1, 2*blockSize).Draw(t, "n") {
					made++
					e := emit{ref: made, name: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name")}
					if due > 0 {
						e.expires = at(now + due)
					}
					q.push(&e)
					list = append(list, e)
				}
			},
			"pop": func(t *rapid.T) {
				for range rapid.IntRange(1, 2*blockSize).Draw(t, "n") {
					e, ok := q.pop()
					require.Equal(t, len(list) > 0, ok)
					if ok {
						require.Equal(t, list[0], e)
						list = list[1:]
					}
				}
				assertLetGo(t, &q)
			},
			"expire": func(t *rapid.T) {
				now += rapid.IntRange(0, 5).Draw(t, "seconds")
				var late, others []emit
				for _, e := range list {
					if e.late(at(now)) {
						late = append(late, e)
					} else {
						others = append(others, e)
					}
				}
				var expired []emit
				for e, ok := q.expired(at(now)); ok; e, ok = q.expired(at(now)) {
					expired = append(expired, e)
				}
				require.Equal(t, late, expired)
				list = others
				assertLetGo(t, &q)
			},
		})
	})
}

// assertLetGo asserts that q has blocks for what waits alone, and that nothing
// is in the rest of them.
func assertLetGo(t require.TestingT, q *queue) {
	const rest = blockSize - 1
	require.Len(t, q.blocks, (q.head+q.size()+rest)/blockSize)
	if q.empty() {
		require.Equal(t, &queue{spare: q.spare}, q)
	} else {
		last := (q.head + q.size() + rest) % blockSize
		require.Empty(t, slices.DeleteFunc(slices.Clone(q.blocks[0][:q.head]), isEmpty))
		require.Empty(t, slices.DeleteFunc(slices.Clone(q.blocks[len(q.blocks)-1][last+1:]), isEmpty))
	}
	if q.spare != nil {
		require.Empty(t, slices.DeleteFunc(slices.Clone(q.spare[:]), isEmpty))
	}
}

func isEmpty(e emit) bool { return e == emit{} }

// A name is kept, whatever becomes of where it was lent.
func TestQueueKeepsNames(t *testing.T) {
	lent := []byte("a")
	var q queue
	for _, name := range "aab" {
		lent[0] = byte(name)
		q.push(&emit{name: unsafe.String(&lent[0], 1)})
	}
	lent[0] = 'z'
	assert.Equal(t, "aab", q.at(0).name+q.at(1).name+q.at(2).name)
}

// What expires leaves the others in their order, and nothing behind.
func TestQueueExpires(t *testing.T) {
	at := func(seconds int64) time.Time { return time.Unix(seconds, 0) }
	var q queue
	for n, due := range []int64{9, 3, 9, 1, 9, 2} {
		q.push(&emit{ref: uint32(n), name: "named", expires: at(due)})
	}
	var expired, left []uint32
	for e, ok := q.expired(at(3)); ok; e, ok = q.expired(at(3)) {
		expired = append(expired, e.ref)
	}
	assert.Equal(t, []uint32{1, 3, 5}, expired)
	assert.Equal(t, at(9), q.soonest)
	assertLetGo(t, &q)
	for e, ok := q.pop(); ok; e, ok = q.pop() {
		left = append(left, e.ref)
	}
	assert.Equal(t, []uint32{0, 2, 4}, left)
}
