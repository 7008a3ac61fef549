package native

import (
	"runtime"
	"sync"
)

// A flusher writes what a server's broadcasts have queued: one goroutine, or some
// where there are many connections, goes from one to the next and offers what it
// has. More that is broadcast meanwhile waits in the queues and goes out in the
// same write. A connection that does not take its offer at once is left to its
// own writer.
//
// To start a writer for each connection takes as long as the write itself.
type flusher struct {
	mu      sync.Mutex
	waiting fifo[*connection] // those whose links it has claimed
	workers int
}

const (
	// someLinks is how many connections are handed over together.
	someLinks = 64
	// perWorker is for how many connections one more goroutine is started.
	perWorker = 256
)

// add takes over connections whose links have been claimed.
func (f *flusher) add(conns []*connection) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range conns {
		f.waiting.push(c)
	}
	if f.workers == 0 || f.waiting.len() > f.workers*perWorker && f.workers < runtime.GOMAXPROCS(0) {
		f.workers++
		go f.work()
	}
}

func (f *flusher) work() {
	runtime.Gosched() // who broadcasts may go on; see link.begin
	var conns [someLinks]*connection
	for n := f.take(conns[:]); n > 0; n = f.take(conns[:]) {
		for _, c := range conns[:n] {
			c.self.offer(&c.driver)
		}
	}
}

// take takes some connections. If there is none, the caller is to return.
func (f *flusher) take(conns []*connection) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for ; n < len(conns); n++ {
		c, ok := f.waiting.pop()
		if !ok {
			break
		}
		conns[n] = c
	}
	if n == 0 {
		f.workers--
	}
	return n
}
