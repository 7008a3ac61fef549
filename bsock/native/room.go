package native

import (
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

// Join puts s into a room and reports whether it was not there before. A socket
// leaves all its rooms when it ends, and then joins no more.
func (s *Socket) Join(room string) bool {
	n := s.namespace
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	if _, in := s.rooms[room]; in || s.gone {
		return false
	}
	if s.rooms == nil {
		s.rooms = make(map[string]struct{})
	}
	s.rooms[room] = struct{}{}
	if n.rooms[room] == nil {
		n.rooms[room] = make(map[*Socket]struct{})
	}
	n.rooms[room][s] = struct{}{}
	return true
}

// Leave takes s out of a room and reports whether it was there.
func (s *Socket) Leave(room string) bool {
	s.namespace.server.mu.Lock()
	defer s.namespace.server.mu.Unlock()
	_, in := s.rooms[room]
	s.namespace.leave(s, room)
	return in
}

func (n *ServerNamespace) leave(s *Socket, room string) {
	delete(s.rooms, room)
	delete(n.rooms[room], s)
	if len(n.rooms[room]) == 0 {
		delete(n.rooms, room)
	}
}

// Members returns how many sockets are in a room.
func (n *ServerNamespace) Members(room string) int {
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	return len(n.rooms[room])
}

// Members returns how many sockets are in a room of the default namespace.
func (s *Server) Members(room string) int { return s.root.Members(room) }

func (n *ServerNamespace) members(room string) []*Socket {
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	return keys(n.rooms[room])
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
	head     string // what stands before the JSON
	text     []byte
	binaries [][]byte
}

// newBroadcast makes the frames that a Conn would.
func newBroadcast(p bsock.Payload) *broadcast {
	b := &broadcast{head: "42"} // message, EVENT
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
	return b
}

// tooLarge reports whether a Conn would refuse to send p.
func tooLarge(p bsock.Payload, most int) bool {
	return len(p.JSON) > most || slices.ContainsFunc(p.Attachments, func(a []byte) bool { return len(a) >= most })
}

func (n *ServerNamespace) broadcast(to []*Socket, event string, args []any) error {
	payload, err := encodeEvent(event, args)
	switch {
	case err != nil:
		return err
	case bsock.Version3.Reserved(event) || bsock.Version4.Reserved(event):
		return bsock.ErrBadEvent
	case tooLarge(payload, n.server.opts.Limits.MaxSend):
		return bsock.ErrTooLarge
	}
	payload.Namespace = n.name
	b := newBroadcast(payload)
	size := payloadSize(payload)
	for _, s := range to {
		s.sendBroadcast(b, event, payload, size)
	}
	return nil
}

func (s *Socket) sendBroadcast(b *broadcast, event string, payload bsock.Payload, size int) {
	c := s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link == nil || !s.space.joined {
		return
	}
	emit := func(conn *bsock.Conn) error { return conn.Fire(event, payload) }
	sending := &sending{size: size, space: s.space, shared: b, emit: emit}
	if c.firstInLine() == nil && c.fits(sending) {
		if err := c.send(sending); err != nil {
			c.inbox.put(arrival{kind: bsock.EventError, err: err})
		}
		return
	}
	if c.server.opts.SlowPolicy == SlowDrop {
		s.dropped++
		return
	}
	c.cutOff(ErrSlowConsumer)
}

// cutOff closes the connection of a client that does not keep up, ahead of what
// is queued for it.
func (c *connection) cutOff(err error) {
	c.inbox.put(arrival{kind: bsock.EventError, err: err})
	c.link.out.clear()
	c.cause = err
	c.conn.Close(time.Now(), bsock.CloseTryAgain, err.Error())
	c.pump()
}
