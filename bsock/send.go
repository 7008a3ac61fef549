package bsock

import "time"

// Fire sends the event name. The payload's JSON is the whole array, the name
// as its first element.
// bsock: lib/socket.js fire
func (c *Conn) Fire(name string, p Payload) error {
	if err := c.mayEmit(name, p); err != nil {
		return err
	}
	c.pushPacket(packet{Type: PacketEvent}, p, nil)
	return nil
}

// Call sends the event name as a call. An EventReply or an EventReject with
// the same tag follows, just one; at deadline at the latest. The payload is
// that of [Conn.Fire].
// bsock: lib/socket.js call
func (c *Conn) Call(deadline time.Time, name string, p Payload, tag uint32) (id uint32, err error) {
	if err := c.mayEmit(name, p); err != nil {
		return 0, err
	}
	id = c.calls.add(deadline, tag)
	c.pushPacket(packet{Type: PacketEvent, HasID: true, ID: id}, p, nil)
	return id, nil
}

func (c *Conn) mayEmit(name string, p Payload) error {
	if Reserved(name) {
		return ErrBadEvent
	}
	return c.maySend(p)
}

func (c *Conn) maySend(p Payload) error {
	switch {
	case c.state != StateConnected:
		return ErrNotConnected
	case len(p.JSON) > c.config.MaxFrame:
		return ErrTooLarge
	}
	for _, a := range p.Attachments {
		if len(a) >= c.config.MaxFrame {
			return ErrTooLarge
		}
	}
	return nil
}

// A CallID names a call from the peer until its connection ends.
type CallID struct {
	id    uint32
	epoch uint32
}

// Reply answers a call from the peer. The payload's JSON is [null,RESULT]. It
// returns ErrNotConnected if the call's connection has ended: the answer must
// not reach another call that was given the same number.
// bsock: lib/socket.js sendAck
func (c *Conn) Reply(call CallID, p Payload) error {
	if err := c.mayAnswer(call, p); err != nil {
		return err
	}
	c.pushPacket(packet{Type: PacketAck, HasID: true, ID: call.id}, p, nil)
	return nil
}

// Refuse answers a call from the peer with an error.
// bsock: lib/socket.js sendError
func (c *Conn) Refuse(call CallID, e *RemoteError) error {
	if err := c.mayAnswer(call, Payload{}); err != nil {
		return err
	}
	body := append(appendRemoteError([]byte{'['}, e), ']')
	c.pushPacket(packet{Type: PacketAck, HasID: true, ID: call.id}, Payload{}, body)
	return nil
}

func (c *Conn) mayAnswer(call CallID, p Payload) error {
	if call.epoch != c.epoch {
		return ErrNotConnected
	}
	return c.maySend(p)
}

// sendError tells the peer of an error that belongs to no call.
// bsock: lib/socket.js sendError
func (c *Conn) sendError(e *RemoteError) {
	c.pushPacket(packet{Type: PacketError}, Payload{}, appendRemoteError(nil, e))
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
// bsock: lib/frame.js toString
func (c *Conn) pushAttachments(p Payload) {
	if !c.config.SendBase64 || c.config.Base64 == nil {
		c.add(EventBinary).Payload = p
		return
	}
	for _, a := range p.Attachments {
		frame := []byte{base64Mark, '0' + byte(FrameMessage)}
		c.pushText(c.config.Base64.AppendEncode(frame, a))
	}
}
