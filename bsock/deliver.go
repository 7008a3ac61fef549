package bsock

import (
	"bytes"
	"time"
)

// From a packet that has been read to the event that says so, at once or when
// its attachments have come.

// A waitingPacket is a packet some of whose attachments are still to come.
type waitingPacket struct {
	left  uint32    // how many are still to come
	skip  bool      // they belong to a packet that was refused
	since time.Time // when the packet came, or the latest of them

	message message
	size    int // of all that has come, in bytes
}

// A message is an event, a call or an answer.
type message struct {
	packet  packet
	epoch   uint32       // of the member it is for
	name    []byte       // of an event or a call
	remote  *RemoteError // in an answer
	payload Payload
}

// readBody reads what the protocol must know of a packet's JSON, and delivers
// the packet or lets it wait.
func (c *Conn) readBody(p packet, to *member, t text, offset int) (Reading, error) {
	m := message{packet: p, epoch: to.epoch}
	m.payload = Payload{Count: int(p.Attachments), Ref: t.ref, Offset: offset, Namespace: to.name}
	body := t.head[offset:]
	var err error
	if p.Type == PacketAck || p.Type == PacketBinaryAck {
		if !p.HasID {
			return 0, errAckID
		}
		m.remote, err = parseAck(body, t.more, c.config.PlainAcks)
	} else {
		m.name, err = parseEventName(body, t.more)
	}
	if err != nil {
		return 0, err
	}
	if !t.borrowed {
		m.payload.JSON = body
	}
	if p.Attachments > 0 {
		c.wait(&m, len(t.head))
		return ReadWaiting, nil
	}
	if t.borrowed {
		c.own(&m)
	}
	return c.deliver(&m), nil
}

// own keeps the name of m beyond the call that m came in, if it must be: what
// is queued already may be acted on first, and then the next message may come
// before the event of this one is taken.
func (c *Conn) own(m *message) {
	if !c.queue.empty() || c.rejecting {
		m.name = bytes.Clone(m.name)
	}
}

func (c *Conn) wait(m *message, size int) {
	c.name = append(c.name[:0], m.name...)
	m.name = c.name
	c.waiting = waitingPacket{left: m.packet.Attachments, since: c.heart.heard, message: *m, size: size}
}

// readBinary reads a binary frame, which can only be an attachment.
// bsock: lib/socket.js handleMessage
func (c *Conn) readBinary(kind FrameType, b blob) Reading {
	w := &c.waiting
	switch {
	case b.size > c.config.MaxFrame:
		c.pushError(errFrameTooLarge)
		c.refuseWaiting()
	case kind != FrameMessage:
		c.pushError(protocolErrorf("Received a binary frame of type %d.", kind))
	case w.left == 0:
		c.pushError(errBinaryForText)
	case w.skip:
		c.refuseWaiting()
	default:
		return c.attach(b)
	}
	return ReadDone
}

// refuseWaiting gives up the packet with the attachment that has come, and
// lets the others pass.
func (c *Conn) refuseWaiting() {
	w := &c.waiting
	if w.left == 0 {
		return
	}
	c.dropBody(&w.message)
	*w = waitingPacket{left: w.left - 1, skip: true}
}

// giveUpWaiting gives up the packet that waits if it is for the member of that
// epoch, and lets its attachments pass.
func (c *Conn) giveUpWaiting(epoch uint32) {
	w := &c.waiting
	if w.left > 0 && !w.skip && w.message.epoch == epoch {
		c.dropBody(&w.message)
		*w = waitingPacket{left: w.left, skip: true}
	}
}

// dropBody tells an owner that keeps the body of m that it may let go of it.
func (c *Conn) dropBody(m *message) {
	if m.payload.Ref != 0 {
		c.add(EventDrop).Payload = m.payload
	}
}

// attach adds an attachment to the packet that waits for it, and delivers the
// packet with its last.
func (c *Conn) attach(b blob) Reading {
	w := &c.waiting
	if w.size += b.size; w.size > c.config.MaxFrame {
		c.pushError(&ProtocolError{Message: "Packet too large with its attachments."})
		c.refuseWaiting()
		return ReadDone
	}
	w.left--
	w.since = c.heart.heard
	if !b.kept {
		w.message.payload.Attachments = append(w.message.payload.Attachments, b.data)
	}
	if w.left > 0 {
		return ReadWaiting
	}
	m := w.message
	*w = waitingPacket{}
	c.own(&m)
	r := c.deliver(&m)
	if r == ReadDone {
		c.dropBody(&m)
	}
	return r
}

// deliver queues the event that m is, if it may be one.
func (c *Conn) deliver(m *message) Reading {
	switch m.packet.Type {
	case PacketAck, PacketBinaryAck:
		return c.handleAck(m.packet.ID, m.epoch, m.remote, &m.payload)
	}
	if len(m.name) <= longestReserved && c.version.Reserved(string(m.name)) {
		c.refuseReserved(m)
		return ReadDone
	}
	ev := c.add(EventFire)
	ev.Name, ev.Payload = m.name, m.payload
	if m.packet.HasID {
		ev.Kind, ev.Call = EventCall, CallID{m.packet.ID, m.epoch}
	}
	return ReadKept
}

// refuseReserved reports an event the peer may not send, to both ends.
// bsock: lib/socket.js handleEvent, handleCall
func (c *Conn) refuseReserved(m *message) {
	e := protocolErrorf("Cannot emit blacklisted event: %s.", m.name)
	c.pushError(e)
	remote := &RemoteError{Message: e.Message, Name: "Error"}
	if m.packet.HasID {
		_ = c.Refuse(CallID{m.packet.ID, m.epoch}, remote) // c is connected, or m had not come
		return
	}
	c.sendError(remote)
}
