package native

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A SlowPolicy says what becomes of a broadcast for a client whose outgoing
// queue is full. A broadcast never waits: one client that does not read must
// not hold up the others.
type SlowPolicy int

const (
	// SlowClose cuts the client off with code 1013 and reports
	// ErrSlowConsumer. A client that is connected has missed nothing.
	SlowClose SlowPolicy = iota
	// SlowDrop drops the message for that client and counts it in
	// [Socket.Dropped].
	SlowDrop
)

// A room is a set of sockets. Its fields are guarded by the server's mutex.
type room struct {
	sockets map[*Socket]struct{}
	list    []*Socket // of them all; nil if it is to be made anew; never changed
}

func (r *room) add(s *Socket) {
	if r.sockets == nil {
		r.sockets = make(map[*Socket]struct{})
	}
	r.sockets[s], r.list = struct{}{}, nil
}

func (r *room) remove(s *Socket) {
	delete(r.sockets, s)
	r.list = nil
}

// all returns the sockets. For a broadcast to thousands it would take longer to
// go over the map than all the rest. They are in the order in which they were
// made, in which they are in memory as well, or the processor would wait for that.
func (r *room) all() []*Socket {
	if r.list == nil {
		r.list = keys(r.sockets)
		slices.SortFunc(r.list, func(a, b *Socket) int { return cmp.Compare(a.number, b.number) })
	}
	return r.list
}

// Join puts s into a room and reports whether it was not there before. A socket
// leaves all its rooms when it ends, and then joins no more.
func (s *Socket) Join(name string) bool {
	n := s.namespace
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	if _, in := s.rooms[name]; in || s.gone {
		return false
	}
	if s.rooms == nil {
		s.rooms = make(map[string]struct{})
	}
	s.rooms[name] = struct{}{}
	if n.rooms[name] == nil {
		n.rooms[name] = new(room)
	}
	n.rooms[name].add(s)
	return true
}

// Leave takes s out of a room and reports whether it was there.
func (s *Socket) Leave(name string) bool {
	s.namespace.server.mu.Lock()
	defer s.namespace.server.mu.Unlock()
	_, in := s.rooms[name]
	if in {
		s.namespace.leave(s, name)
	}
	return in
}

func (n *ServerNamespace) leave(s *Socket, name string) {
	delete(s.rooms, name)
	r := n.rooms[name]
	if r.remove(s); len(r.sockets) == 0 {
		delete(n.rooms, name)
	}
}

// Members returns how many sockets are in a room.
func (n *ServerNamespace) Members(room string) int {
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	if r := n.rooms[room]; r != nil {
		return len(r.sockets)
	}
	return 0
}

// Members returns how many sockets are in a room of the default namespace.
func (s *Server) Members(room string) int { return s.root.Members(room) }

func (n *ServerNamespace) members(name string) []*Socket {
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	if r := n.rooms[name]; r != nil {
		return r.all()
	}
	return nil
}

func keys[K comparable](set map[K]struct{}) []K {
	list := make([]K, 0, len(set))
	for key := range set {
		list = append(list, key)
	}
	return list
}

// To sends an event to all sockets in a room. It never waits; see [SlowPolicy].
// The error is one of the event or its arguments, and then nobody was sent
// anything.
func (n *ServerNamespace) To(room, event string, args ...any) error {
	return n.broadcast(n.members(room), event, args)
}

// All sends an event to all sockets of the namespace.
func (n *ServerNamespace) All(event string, args ...any) error {
	return n.broadcast(n.all(), event, args)
}

// To is [ServerNamespace.To] of the default namespace.
func (s *Server) To(room, event string, args ...any) error { return s.root.To(room, event, args...) }

// All is [ServerNamespace.All] of the default namespace.
func (s *Server) All(event string, args ...any) error { return s.root.All(event, args...) }

// A broadcast is a packet whose frames are made once for all who receive it.
type broadcast struct {
	event   string
	payload bsock.Payload
	size    int

	head     string // what stands before the JSON
	text     []byte
	binaries [][]byte

	// packet is in the outboxes of all. It is nil if there are attachments, of
	// which not all are sent the same.
	packet *packet
}

// newBroadcast makes the frames that a Conn would.
func newBroadcast(event string, p bsock.Payload) *broadcast {
	b := &broadcast{event: event, payload: p, size: payloadSize(p), head: "42"} // message, EVENT
	if p.Count > 0 {
		b.head = fmt.Sprintf("45%d-", p.Count) // BINARY_EVENT
	}
	if p.Namespace != "" {
		b.head += p.Namespace + ","
	}
	b.text = append([]byte(b.head), p.JSON...)
	for _, a := range p.Attachments {
		b.binaries = append(b.binaries, typedFrame(a))
	}
	if p.Count == 0 {
		framed := appendHeader(make([]byte, 0, maxHeader+len(b.text)), true, false, len(b.text))
		b.packet = &packet{size: b.size, shared: true}
		b.packet.add(frame{data: append(framed, b.text...), framed: true})
	}
	return b
}

// tooLarge reports whether a Conn would refuse to send p.
func tooLarge(p bsock.Payload, most int) bool {
	return len(p.JSON) > most || slices.ContainsFunc(p.Attachments, func(a []byte) bool { return len(a) >= most })
}

func (n *ServerNamespace) broadcast(to []*Socket, event string, args []any) error {
	e := newEncoder()
	defer e.release()
	payload, err := e.event(event, args)
	switch {
	case err != nil:
		return err
	case bsock.Version3.Reserved(event) || bsock.Version4.Reserved(event):
		return bsock.ErrBadEvent
	case tooLarge(payload, n.server.opts.Limits.MaxSend):
		return bsock.ErrTooLarge
	}
	payload.Namespace = n.name
	b := newBroadcast(event, payload)
	var some [someLinks]*connection
	claimed := some[:0]
	for _, s := range to {
		if s.sendBroadcast(b) {
			claimed = append(claimed, s.conn)
		}
		if len(claimed) == someLinks {
			n.server.flusher.add(claimed)
			claimed = some[:0]
		}
	}
	if len(claimed) > 0 {
		n.server.flusher.add(claimed)
	}
	return nil
}

// sendBroadcast queues b for s, and reports whether the flusher is to write it.
// What is the same for all goes past the Conn, which would make just that of it.
func (s *Socket) sendBroadcast(b *broadcast) (claimed bool) {
	c := s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.link == nil || !s.space.joined:
	case c.firstInLine() == nil && c.link.out.room(b.size, c.limits):
		if b.packet != nil {
			return c.link.claim(&c.driver, b.packet)
		}
		mine, err := c.send(&sending{size: b.size, space: s.space, event: b.event, payload: b.payload, shared: b, own: true})
		if err != nil {
			c.tell(arrival{kind: bsock.EventError, err: err})
		}
		return mine != nil
	case c.server.opts.SlowPolicy == SlowDrop:
		s.dropped++
	default:
		c.cutOff(ErrSlowConsumer)
	}
	return false
}

// cutOff closes the connection of a client that does not keep up, ahead of what
// is queued for it.
func (c *connection) cutOff(err error) {
	c.tell(arrival{kind: bsock.EventError, err: err})
	c.link.out.clear()
	c.cause = err
	c.conn.Close(time.Now(), bsock.CloseTryAgain, err.Error())
	c.pump()
}
