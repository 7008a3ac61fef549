package native

import (
	"runtime"
	"sync"
	"time"
)

// The writer of a link sends what is queued, as much at a time as there is: a
// system call costs as much as making twenty events.

const (
	// maxBatch is how much is written at a time, in bytes.
	maxBatch = 1 << 15
	// maxCopied is the size up to which a message is copied into the batch. A
	// larger one is written from where it is.
	maxCopied = 1 << 12
)

var batches = sync.Pool{New: func() any { b := make([]byte, 0, maxBatch+maxCopied+maxHeader); return &b }}

// begin is the writer's beginning.
func (l *link) begin(d *driver) {
	// Whoever is about to send something more does so now, and it goes out in
	// the same write: a hundred callers make half as many calls again a second.
	runtime.Gosched()
	if l.next(d) {
		l.write(d)
	} else {
		d.running.Done()
	}
}

// write sends what was taken and what is queued until there is nothing more, and
// closes the link if that is left.
func (l *link) write(d *driver) {
	defer d.running.Done()
	for more := true; more; more = l.next(d) {
		if len(l.batch) == 0 && l.kept == 0 {
			l.close(d)
			return
		}
		if err := l.send(d.limits.WriteTimeout); err != nil {
			l.broke(err)
			l.close(d)
			return
		}
	}
}

// offer writes what is queued as far as the system takes it at once, which is for
// those who have no time to wait. What is left is the writer's.
func (l *link) offer(d *driver) {
	if !l.next(d) {
		d.running.Done()
		return
	}
	if len(l.batch) > 0 && l.ws.wire.free() {
		l.offering = true
		_ = l.send(0) // what is wrong is for the writer to find
		l.offering = false
		l.ws.wire.mu.Unlock()
		if !l.next(d) {
			d.running.Done()
			return
		}
	}
	go l.write(d)
}

// next takes a batch, which is empty if the link is to be closed. It reports
// whether the writer has anything to do.
func (l *link) next(d *driver) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(l.batch) > 0 {
		l.out.wrote(l.batch)
		clear(l.batch)
		l.batch = l.batch[:0]
		l.roomMade()
	}
	for size := 0; size < maxBatch; {
		p := l.out.take()
		if p == nil {
			break
		}
		l.batch = append(l.batch, p)
		size += p.size
	}
	if len(l.batch) > 0 && d.link == l {
		d.admit()
	}
	l.writing = len(l.batch) > 0 || l.kept > 0 || l.leaving
	return l.writing
}

// send writes the batch.
func (l *link) send(timeout time.Duration) error {
	room := batches.Get().(*[]byte)
	buf := (*room)[:0]
	var err error
	for _, p := range l.batch {
		for _, f := range p.frames {
			if buf, err = l.add(buf, f, timeout); err != nil {
				return err
			}
		}
	}
	err = l.flush(buf, nil, timeout)
	*room = buf[:0]
	batches.Put(room)
	return err
}

// add appends a frame to what is to be written, and writes that if there is
// enough of it.
func (l *link) add(buf []byte, f frame, timeout time.Duration) ([]byte, error) {
	masked := !l.ws.wire.in.masked
	if !f.framed {
		buf = appendHeader(buf, f.text, masked, len(f.data))
	}
	if masked {
		key := newMask()
		buf = append(buf, key[:]...)
		mask(f.data, key) // it is ours, and read only once
	}
	if len(f.data) <= maxCopied {
		buf = append(buf, f.data...)
		if len(buf) < maxBatch {
			return buf, nil
		}
		return buf[:0], l.flush(buf, nil, timeout)
	}
	return buf[:0], l.flush(buf, f.data, timeout)
}

// flush writes head and then rest, behind what was kept, under the watch of a
// timer; or it offers them.
func (l *link) flush(head, rest []byte, timeout time.Duration) error {
	if l.offering {
		l.kept += l.ws.wire.offer(head, rest)
		return nil
	}
	size := l.kept + len(head) + len(rest)
	if size == 0 {
		return nil
	}
	timeout += time.Duration(size/slowestPeer) * time.Second
	if l.watch == nil {
		l.watch = time.AfterFunc(timeout, func() { l.cut(ErrWriteTimeout) })
	} else {
		l.watch.Reset(timeout)
	}
	err := l.ws.write(head, rest)
	l.watch.Stop()
	l.kept = 0
	return err
}
