package bsock

import "time"

// Fire sends the event name. The payload's JSON is the whole array, the name
// as its first element.
// bsock: lib/socket.js fire
func (c *Conn) Fire(name string, p Payload) error {
	if _, err := c.mayEmit(name, &p); err != nil {
		return err
	}
	c.pushPacket(packet{Type: PacketEvent}, &p, nil)
	return nil
}

// Call sends the event name as a call. An EventReply or an EventReject with
// the same tag follows, just one; at deadline at the latest. The payload is
// that of [Conn.Fire].
// bsock: lib/socket.js call
func (c *Conn) Call(deadline time.Time, name string, p Payload, tag uint32) (id uint32, err error) {
	m, err := c.mayEmit(name, &p)
	if err != nil {
		return 0, err
	}
	id = c.calls.add(deadline, tag, m.epoch)
	c.pushPacket(packet{Type: PacketEvent, HasID: true, ID: id}, &p, nil)
	return id, nil
}

func (c *Conn) mayEmit(name string, p *Payload) (*member, error) {
	if c.version.Reserved(name) {
		return nil, ErrBadEvent
	}
	return c.maySend(p)
}

// maySend returns the member that may send p.
func (c *Conn) maySend(p *Payload) (*member, error) {
	switch {
	case c.state != StateConnected:
		return nil, ErrNotConnected
	case len(p.JSON) > c.config.MaxSend:
		return nil, ErrTooLarge
	}
	for _, a := range p.Attachments {
		if len(a) >= c.config.MaxSend {
			return nil, ErrTooLarge
		}
	}
	m := c.memberNamed(p.Namespace)
	if m == nil || m.stage != joined {
		return nil, ErrNotJoined
	}
	p.Namespace = m.name
	return m, nil
}

// A CallID names a call from the peer until its namespace, or the connection,
// ends.
type CallID struct {
	id    uint32
	epoch uint32 // of the member that was asked
}

// Reply answers a call from the peer. The payload's JSON is [null,RESULT], or
// with PlainAcks the array of all values. It returns ErrNotConnected if the
// call's connection or namespace has ended: the answer must not reach another
// call that was given the same number.
// bsock: lib/socket.js sendAck
func (c *Conn) Reply(call CallID, p Payload) error {
	if err := c.mayAnswer(call, &p); err != nil {
		return err
	}
	c.pushPacket(packet{Type: PacketAck, HasID: true, ID: call.id}, &p, nil)
	return nil
}

// Refuse answers a call from the peer with an error: in the error slot, or with
// PlainAcks, where there is none, as the only value. An object with a message is
// what Socket.IO's own servers answer with, too, when something went wrong.
// bsock: lib/socket.js sendError
func (c *Conn) Refuse(call CallID, e *RemoteError) error {
	var p Payload
	if err := c.mayAnswer(call, &p); err != nil {
		return err
	}
	body := append(appendRemoteError([]byte{'['}, e), ']')
	c.pushPacket(packet{Type: PacketAck, HasID: true, ID: call.id}, &p, body)
	return nil
}

// mayAnswer addresses p to whoever made the call.
func (c *Conn) mayAnswer(call CallID, p *Payload) error {
	m := c.memberAt(call.epoch)
	if m == nil {
		return ErrNotConnected
	}
	p.Namespace = m.name
	_, err := c.maySend(p)
	return err
}

// sendError tells the peer of an error that belongs to no call. A peer of
// Version4 would take it for a refusal, and go.
// bsock: lib/socket.js sendError
func (c *Conn) sendError(e *RemoteError) {
	if c.version != Version4 {
		c.pushPacket(packet{Type: PacketError}, &Payload{}, appendRemoteError(nil, e))
	}
}

func (t PacketType) withAttachments() PacketType {
	switch t {
	case PacketEvent:
		return PacketBinaryEvent
	case PacketAck:
		return PacketBinaryAck
	}
	return t
}

// pushAttachments queues the binary frames of a packet, as text where the peer
// asked for that.
// bsock: lib/frame.js toString. Engine.IO 4 protocol: "Packet encoding".
func (c *Conn) pushAttachments(p Payload) {
	if !c.config.SendBase64 || c.config.Base64 == nil {
		ev := c.add(EventBinary)
		ev.Payload, ev.Raw = p, c.RawBinary()
		return
	}
	mark := []byte{base64Mark, '0' + byte(FrameMessage)}
	if c.RawBinary() {
		mark = mark[:1]
	}
	for _, a := range p.Attachments {
		c.pushText(c.config.Base64.AppendEncode(mark[:len(mark):len(mark)], a))
	}
}
