package native

// A fifo is a queue whose array is used again and again.
type fifo[T any] struct {
	items []T
	head  int
}

func (q *fifo[T]) len() int { return len(q.items) - q.head }

func (q *fifo[T]) push(item T) {
	if q.head > len(q.items)/2 && len(q.items) == cap(q.items) {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, item)
}

func (q *fifo[T]) pop() (item T, ok bool) {
	if q.len() == 0 {
		return item, false
	}
	var zero T
	item, q.items[q.head] = q.items[q.head], zero // lets go of what it points to
	if q.head++; q.len() == 0 {
		q.items, q.head = q.items[:0], 0
	}
	return item, true
}
