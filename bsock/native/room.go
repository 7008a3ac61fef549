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

// Join puts s into a room and reports whether it was not there before. A
// connection leaves all its rooms when it ends, and then joins no more.
func (s *Socket) Join(room string) bool {
	server := s.server
	server.mu.Lock()
	defer server.mu.Unlock()
	if _, in := s.rooms[room]; in || s.gone {
		return false
	}
	if s.rooms == nil {
		s.rooms = make(map[string]struct{})
	}
	s.rooms[room] = struct{}{}
	if server.rooms[room] == nil {
		server.rooms[room] = make(map[*Socket]struct{})
	}
	server.rooms[room][s] = struct{}{}
	return true
}

// Leave takes s out of a room and reports whether it was there.
func (s *Socket) Leave(room string) bool {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	_, in := s.rooms[room]
	s.server.leave(s, room)
	return in
}

func (s *Server) leave(sock *Socket, room string) {
	delete(sock.rooms, room)
	delete(s.rooms[room], sock)
	if len(s.rooms[room]) == 0 {
		delete(s.rooms, room)
	}
}

// Members returns how many connections are in a room.
func (s *Server) Members(room string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.rooms[room])
}

func (s *Server) members(room string) []*Socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return keys(s.rooms[room])
}

func keys(set map[*Socket]struct{}) []*Socket {
	list := make([]*Socket, 0, len(set))
	for sock := range set {
		list = append(list, sock)
	}
	return list
}

// To sends an event to all connections in a room. It never waits; see
// [SlowPolicy]. The error is one of the event or its arguments, and then nobody
// was sent anything.
func (s *Server) To(room, event string, args ...any) error {
	return s.broadcast(s.members(room), event, args)
}

// All sends an event to all connections.
func (s *Server) All(event string, args ...any) error {
	return s.broadcast(s.all(), event, args)
}

// A broadcast is a packet whose frames are made once for all who receive it.
type broadcast struct {
	head     string // what stands before the JSON
	text     []byte
	binaries [][]byte
}

// eventHead is the head of an event without attachments: message, EVENT.
const eventHead = "42"

func newBroadcast(p bsock.Payload) *broadcast {
	b := &broadcast{head: eventHead}
	if p.Count > 0 {
		b.head = fmt.Sprintf("45%d-", p.Count)
	}
	b.text = append([]byte(b.head), p.JSON...)
	for _, a := range p.Attachments {
		b.binaries = append(b.binaries, binaryFrame(a))
	}
	return b
}

// tooLarge reports whether a Conn would refuse to send p.
func tooLarge(p bsock.Payload, maxFrame int) bool {
	return len(p.JSON) > maxFrame || slices.ContainsFunc(p.Attachments, func(a []byte) bool { return len(a) >= maxFrame })
}

func (s *Server) broadcast(to []*Socket, event string, args []any) error {
	payload, err := encodeEvent(event, args)
	if err != nil {
		return err
	}
	if bsock.Reserved(event) {
		return bsock.ErrBadEvent
	}
	if tooLarge(payload, s.opts.MaxFrame) {
		return bsock.ErrTooLarge
	}
	b := newBroadcast(payload)
	size := payloadSize(payload)
	for _, sock := range to {
		sock.sendBroadcast(b, event, payload, size)
	}
	return nil
}

func (s *Socket) sendBroadcast(b *broadcast, event string, payload bsock.Payload, size int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link == nil || !s.open {
		return
	}
	if len(s.queued) == 0 && s.link.out.room(size, s.limits) {
		err := s.send(&sending{size: size, shared: b, emit: func(c *bsock.Conn) error { return c.Fire(event, payload) }})
		if err != nil {
			s.inbox.put(arrival{kind: bsock.EventError, err: err})
		}
		return
	}
	if s.server.opts.SlowPolicy == SlowDrop {
		s.dropped++
		return
	}
	s.inbox.put(arrival{kind: bsock.EventError, err: ErrSlowConsumer})
	s.link.out.clear()
	s.cause = ErrSlowConsumer
	s.conn.Close(time.Now(), bsock.CloseTryAgain, ErrSlowConsumer.Error())
	s.pump()
}
