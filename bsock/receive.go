package bsock

import (
	"errors"
	"time"
	"unicode/utf8"
)

// HandleText tells c of a text message. The payloads that come of it are
// slices of msg, which must therefore not be changed before they are done
// with.
func (c *Conn) HandleText(now time.Time, msg []byte) {
	switch {
	case !c.reading(now):
	case len(msg) > c.config.MaxFrame:
		c.pushError(errFrameTooLarge)
	case !utf8.Valid(msg):
		c.pushError(errNotUTF8)
	default:
		c.readText(now, text{head: msg})
	}
}

// HandleBinary tells c of a binary message. An attachment that comes of it is
// a slice of msg.
func (c *Conn) HandleBinary(now time.Time, msg []byte) {
	if !c.reading(now) {
		return
	}
	if c.RawBinary() {
		c.readBinary(FrameMessage, blob{data: msg, size: len(msg)})
		return
	}
	if len(msg) == 0 {
		c.pushError(errEmptyFrame)
		return
	}
	c.readBinary(FrameType(msg[0]), blob{data: msg[1:], size: len(msg)})
}

// A Reading says what became of a message of which c was given a part.
type Reading uint8

const (
	// ReadDone says that c has read all it needs; nothing refers to the rest.
	ReadDone Reading = iota
	// ReadKept says that an event with the message's Ref was queued.
	ReadKept
	// ReadMore says that c needs more of the text: nothing has happened, and
	// the whole text must be given, or the first 65,536 letters of a longer one.
	ReadMore
	// ReadWaiting says that the text's attachments are to follow. An event
	// with its Ref will be queued behind the last of them, or an EventDrop if
	// they do not come or come to nothing.
	ReadWaiting
	// ReadBase64 says that the text is a binary message in base64, and must be
	// given to HandleBinaryHead: the data from the third character on, from
	// the second where [Conn.RawBinary].
	ReadBase64
)

// HandleHead is HandleText for an owner that keeps the text to itself, as ref:
// head is how it begins, more says that head is not all of it, and size is how
// long it is. The owner vouches for the JSON, of which c reads no more than it
// must. No reference to head is kept.
func (c *Conn) HandleHead(now time.Time, head []byte, more bool, size int, ref uint32) Reading {
	if !c.reading(now) {
		return ReadDone
	}
	if size > c.config.MaxFrame {
		c.pushError(errFrameTooLarge)
		return ReadDone
	}
	return c.readText(now, text{head: head, borrowed: true, more: more, ref: ref})
}

// HandleBinaryHead is HandleBinary for an owner that keeps the data to itself:
// size is that of the whole message, with the byte in front that is its type;
// where [Conn.RawBinary] there is no such byte, all of the message is data, and
// t is not looked at.
// If the data are an attachment of the text that was [ReadWaiting] it returns
// ReadWaiting again, or ReadKept if it was the last; if they are not, or the
// text came to nothing, ReadDone. A ref of 0 is none.
func (c *Conn) HandleBinaryHead(now time.Time, t FrameType, size int) Reading {
	if !c.reading(now) {
		return ReadDone
	}
	if c.RawBinary() {
		t = FrameMessage
	} else if size == 0 {
		c.pushError(errEmptyFrame)
		return ReadDone
	}
	return c.readBinary(t, blob{size: size, kept: true})
}

var (
	errFrameTooLarge = &ProtocolError{Message: ErrTooLarge.Message}
	errEmptyFrame    = &ProtocolError{Message: "Empty frame."}
	errNotUTF8       = &ProtocolError{Message: "Text frame is not valid UTF-8."}
	errBase64        = &ProtocolError{Message: "Binary frame is not valid base64."}
	errTextForBinary = &ProtocolError{Message: "Received non-binary frame as attachment."}
	errEarlyPacket   = &ProtocolError{Message: "Packet before the connection is up."}
	errBinaryForText = &ProtocolError{Message: "Received binary frame as a message."}
)

// reading reports whether c listens, and notes the sign of life.
func (c *Conn) reading(now time.Time) bool {
	c.heart.heard = now
	return c.state == StateOpening || c.state == StateConnected
}

// A text is a text message, or its head.
type text struct {
	head     []byte
	more     bool
	borrowed bool // head is gone when the method returns, the owner has the rest
	ref      uint32
}

// A blob is a binary message.
type blob struct {
	data []byte
	size int
	kept bool // the owner has the data
}

// readText reads an Engine.IO frame.
// bsock: lib/socket.js handleFrame
func (c *Conn) readText(now time.Time, t text) Reading {
	if len(t.head) == 0 {
		return c.readEmpty(t)
	}
	if t.head[0] == base64Mark {
		return c.readBase64(t)
	}
	kind, ok := parseFrameType(t.head[0])
	if !ok {
		c.pushError(protocolErrorf("Unknown frame type %q.", t.head[0]))
		return ReadDone
	}
	switch kind {
	case FrameOpen:
		return c.readOpen(now, t)
	case FrameMessage:
		return c.readMessage(now, t)
	}
	c.readControl(now, kind)
	return ReadDone
}

func (c *Conn) readBase64(t text) Reading {
	if t.borrowed {
		return c.readBase64Head(t)
	}
	kind, src := FrameMessage, t.head[1:]
	if !c.RawBinary() {
		if len(src) == 0 {
			c.pushError(errEmptyFrame)
			return ReadDone
		}
		kind, _ = parseFrameType(src[0])
		src = src[1:]
	}
	data, ok := c.decodeBase64(src)
	if !ok {
		c.pushError(errBase64)
		return ReadDone
	}
	c.readBinary(kind, blob{data: data, size: 1 + len(data)})
	return ReadDone
}

func (c *Conn) readBase64Head(t text) Reading {
	if len(t.head) > 1 || c.RawBinary() {
		return ReadBase64
	}
	return c.readEmpty(t)
}

// readEmpty reads a frame that ends before it says what it is.
func (c *Conn) readEmpty(t text) Reading {
	if t.more {
		return ReadMore
	}
	c.pushError(errEmptyFrame)
	return ReadDone
}

func (c *Conn) decodeBase64(src []byte) (data []byte, ok bool) {
	if c.config.Base64 == nil {
		return nil, false
	}
	data, err := c.config.Base64.AppendDecode(nil, src)
	return data, err == nil
}

// readControl reads a frame that is only its type.
func (c *Conn) readControl(now time.Time, kind FrameType) {
	switch {
	case kind == FrameClose:
		// Engine.IO 3 lets both ends close. bsock's server throws at it.
		c.lose(now, loss{code: CloseNormal, reason: "Close frame.", hangup: true})
	case kind == FramePing || kind == FramePong:
		c.readPulse(now, kind)
	case kind == FrameUpgrade && !c.server:
		c.pushError(&ProtocolError{Message: "Outbound socket sent an upgrade frame."})
	case kind == FrameUpgrade:
		c.pushError(&ProtocolError{Message: "Cannot upgrade from websocket."})
	}
}

// readOpen reads the server's greeting.
// bsock: lib/socket.js handleOpen
func (c *Conn) readOpen(now time.Time, t text) Reading {
	switch {
	case c.server:
		c.pushError(&ProtocolError{Message: "Inbound socket sent an open frame."})
		return ReadDone
	case c.greeted:
		c.pushError(&ProtocolError{Message: "Duplicate open frame."})
		return ReadDone
	case t.more:
		return c.readMore(t)
	}
	h, err := parseHello(t.head[1:])
	if err != nil {
		c.pushError(err)
		return ReadDone
	}
	c.greeted = true
	c.heart.set(time.Duration(h.pingInterval)*time.Millisecond, time.Duration(h.pingTimeout)*time.Millisecond)
	c.detect(now, h)
	return ReadDone
}

// readMore asks for more of a text, unless it has been given enough.
func (c *Conn) readMore(t text) Reading {
	if len(t.head) < maxHead {
		return ReadMore
	}
	c.pushError(errHeadTooLarge)
	return ReadDone
}

// readMessage reads a Socket.IO packet.
// bsock: lib/socket.js handleMessage
func (c *Conn) readMessage(now time.Time, t text) Reading {
	if c.waiting.left > 0 && !c.waiting.skip {
		c.pushError(errTextForBinary)
		return ReadDone
	}
	c.waiting = waitingPacket{}
	p, namespace, n, err := parsePacket(t.head[1:], t.more)
	if err == nil {
		reading, err := c.readPacket(now, p, namespace, t, n+1)
		if err == nil {
			return reading
		}
		return c.refusePacket(p, t, err)
	}
	return c.refusePacket(packet{}, t, err)
}

// refusePacket reports what is wrong with a packet, and lets its attachments
// pass.
func (c *Conn) refusePacket(p packet, t text, err error) Reading {
	if errors.Is(err, errShort) {
		if len(t.head) < maxHead {
			return ReadMore
		}
		err = errHeadTooLarge
	}
	c.pushError(err)
	c.waiting = waitingPacket{left: p.Attachments, skip: true}
	return ReadDone
}

// readPacket reads the packet p, whose JSON is at t.head[offset:].
// bsock: lib/socket.js handlePacket
func (c *Conn) readPacket(now time.Time, p packet, namespace []byte, t text, offset int) (Reading, error) {
	if int64(p.Attachments) > int64(c.config.MaxAttachments) {
		return 0, protocolErrorf("Packet with %d attachments, above the limit of %d.", p.Attachments, c.config.MaxAttachments)
	}
	m := c.memberOf(namespace)
	if p.Type == PacketConnect {
		return c.readConnect(now, m, namespace, t, offset)
	}
	if m == nil {
		return 0, errUnknownNamespace(namespace)
	}
	body := t.head[offset:]
	if p.Type == PacketError {
		return ReadDone, c.readError(now, m, body, t.more)
	}
	if err := c.mayReceive(m); err != nil {
		return 0, err
	}
	if !t.borrowed && len(body) > 0 && !validJSON(body) {
		return 0, errNotJSON
	}
	if p.Type == PacketDisconnect {
		c.readDisconnect(now, m)
		return ReadDone, nil
	}
	return c.readBody(p, m, t, offset)
}

// mayReceive returns what is wrong with a packet for m.
func (c *Conn) mayReceive(m *member) error {
	switch {
	case m.stage == joined:
		return nil
	case c.state != StateConnected:
		return errEarlyPacket
	}
	if m == &c.root {
		return errUnknownNamespace([]byte("/"))
	}
	return errUnknownNamespace([]byte(m.name))
}

// readError reads an ERROR packet: the answer to a CONNECT, or bsock's word
// that something is wrong.
func (c *Conn) readError(now time.Time, m *member, body []byte, more bool) error {
	refusal := !c.server && (m.stage == joining || m.stage == unwanted)
	if err := c.mayReceive(m); err != nil && !refusal {
		return err
	}
	e, err := parseError(body, more)
	switch {
	case refusal && (err == nil || err == errErrorSlot):
		c.readRefusal(now, m, e)
	case err != nil:
		return err
	default:
		c.pushError(e)
	}
	return nil
}
