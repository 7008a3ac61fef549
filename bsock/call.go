package bsock

import (
	"container/heap"
	"time"
)

// A call is one that awaits its answer.
type call struct {
	id       uint32
	tag      uint32
	epoch    uint32 // of the member that asked
	deadline int64  // in nanoseconds since 1970: a time.Time would bring its formats along
	place    int    // in the heap

	// forgotten says that the caller has been told that it failed; the call
	// stays only so that a late answer is not taken for a stranger's.
	forgotten bool
}

// A callTable holds the calls under way, by id and by deadline.
type callTable struct {
	next    uint32 // the id of the next call
	wrapped bool   // ids are given again, and some may still be waiting
	byID    map[uint32]*call
	byTime  callHeap
	spare   []*call
}

func (t *callTable) add(deadline time.Time, tag, epoch uint32) (id uint32) {
	for t.byID[t.next] != nil {
		t.next++
	}
	id = t.next
	t.put(id, deadline, tag, epoch)
	t.next++
	t.wrapped = t.wrapped || t.next == 0
	return id
}

// put takes a call that has its id.
func (t *callTable) put(id uint32, deadline time.Time, tag, epoch uint32) {
	if t.byID == nil {
		t.byID = make(map[uint32]*call)
	}
	c := t.alloc()
	*c = call{id: id, tag: tag, epoch: epoch, deadline: deadline.UnixNano()}
	t.byID[id] = c
	heap.Push(&t.byTime, c)
}

func (t *callTable) alloc() *call {
	if n := len(t.spare); n > 0 {
		c := t.spare[n-1]
		t.spare = t.spare[:n-1]
		return c
	}
	return new(call)
}

//go:noinline // a heap is long, and answers are few
func (t *callTable) remove(c *call) {
	heap.Remove(&t.byTime, c.place)
	delete(t.byID, c.id)
	t.spare = append(t.spare, c)
}

func (t *callTable) deadline() (time.Time, bool) {
	if len(t.byTime) == 0 {
		return time.Time{}, false
	}
	return time.Unix(0, t.byTime[0].deadline), true
}

// forget marks c as settled.
func (t *callTable) forget(c *call, until time.Time) {
	c.forgotten, c.deadline = true, until.UnixNano()
	heap.Fix(&t.byTime, c.place)
}

// Forget ends the call with this id without an event, for a caller that waits
// no longer. A late answer to it is then no error.
func (c *Conn) Forget(now time.Time, id uint32) {
	if call := c.calls.byID[id]; call != nil && !call.forgotten {
		c.calls.forget(call, now.Add(DefaultCallTimeout))
	}
}

// expireCalls rejects the calls whose time has come.
// bsock: lib/socket.js stall
func (c *Conn) expireCalls(now time.Time) {
	var tags []uint32
	for {
		deadline, ok := c.calls.deadline()
		if !ok || now.Before(deadline) {
			break
		}
		call := c.calls.byTime[0]
		if call.forgotten {
			c.calls.remove(call)
			continue
		}
		tags = append(tags, call.tag)
		c.calls.forget(call, now.Add(DefaultCallTimeout))
	}
	c.addRejects(tags, ErrTimeout)
}

// sorted returns the calls in the order in which they are to end. It is a heap
// all the same.
func (t *callTable) sorted() callHeap {
	all := make(callHeap, len(t.byTime))
	for i := range all {
		all[i] = heap.Pop(&t.byTime).(*call)
		all[i].place = i
	}
	return all
}

// rejectAll ends the calls of a connection that has ended, those that were to
// end first first.
func (c *Conn) rejectAll(err error) {
	var tags []uint32
	for _, call := range c.calls.sorted() {
		if !call.forgotten {
			tags = append(tags, call.tag)
		}
	}
	c.calls = callTable{}
	c.addRejects(tags, err)
}

// rejectMember ends the calls of a member.
func (c *Conn) rejectMember(epoch uint32, err error) {
	h, left := c.calls.sorted(), 0
	for _, call := range h {
		if call.epoch != epoch {
			h[left], call.place = call, left
			left++
			continue
		}
		delete(c.calls.byID, call.id)
		if !call.forgotten {
			c.addReject(call.tag, err)
		}
	}
	clear(h[left:])
	c.calls.byTime = h[:left]
}

// handleAck settles the call that the peer answered.
// bsock: lib/socket.js handleAck
func (c *Conn) handleAck(id, epoch uint32, remote *RemoteError, payload *Payload) Reading {
	call := c.calls.byID[id]
	if call == nil || call.epoch != epoch {
		c.pushError(protocolErrorf("Job not found for %d.", id))
		return ReadDone
	}
	tag, forgotten := call.tag, call.forgotten
	c.calls.remove(call)
	if forgotten {
		return ReadDone
	}
	if remote != nil {
		c.addReject(tag, remote)
		return ReadDone
	}
	ev := c.add(EventReply)
	ev.Tag, ev.Payload = tag, *payload
	return ReadKept
}

func (c *Conn) addReject(tag uint32, err error) {
	ev := c.add(EventReject)
	ev.Tag, ev.Err = tag, err
}

// A rejection is calls that end together, as a hundred thousand can. As an event
// each they would take 330 bytes each, which a browser never gets back.
type rejection struct {
	tags []uint32
	err  error
}

func (c *Conn) addRejects(tags []uint32, err error) {
	if len(tags) > 0 {
		c.rejections = append(c.rejections, rejection{tags, err})
		c.add(eventRejects)
	}
}

// nextReject writes the next of a rejection to ev.
func (c *Conn) nextReject(ev *Event) {
	r := &c.rejections[0]
	*ev = Event{Kind: EventReject, Tag: r.tags[0], Err: r.err}
	r.tags = r.tags[1:]
	if c.rejecting = len(r.tags) > 0; !c.rejecting {
		*r = rejection{} // the array stays as long as there is another
		c.rejections = c.rejections[1:]
	}
}

// A callHeap orders calls by deadline, and by id if that is the same.
type callHeap []*call

func (h callHeap) Len() int { return len(h) }

func (h callHeap) Less(i, j int) bool {
	return h[i].deadline < h[j].deadline || h[i].deadline == h[j].deadline && h[i].id < h[j].id
}

func (h callHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i, j
}

// Push implements heap.Interface.
func (h *callHeap) Push(x any) {
	c := x.(*call)
	c.place = len(*h)
	*h = append(*h, c)
}

// Pop implements heap.Interface.
func (h *callHeap) Pop() any {
	old := *h
	c := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return c
}
