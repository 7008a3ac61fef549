package bsock

import "time"

// CONNECT, DISCONNECT and ERROR packets: how an end learns that it was let into
// a namespace, that it was not, and that it is out again.

var (
	errDuplicateConnect = &ProtocolError{Message: "Duplicate connect packet."}
	errEarlyConnect     = &ProtocolError{Message: "Connect packet before the open frame."}
	errConnectBody      = mustBe("connect", "object")

	// errOldServer ends an attempt to speak Version4 with a server that does
	// not.
	errOldServer = &ProtocolError{Message: "The server speaks Socket.IO 2: connect with that version, or let the client find out."}
)

// readConnect reads the packet by which a namespace is joined.
// bsock: lib/socket.js handleConnect
func (c *Conn) readConnect(now time.Time, m *member, namespace []byte, t text, offset int) (Reading, error) {
	if c.server {
		return c.readJoin(c, m, namespace, t, offset)
	}
	switch {
	case !c.greeted:
		return 0, errEarlyConnect
	case m == nil:
		return 0, errUnknownNamespace(namespace)
	case m.stage == joined:
		return 0, errDuplicateConnect
	case m == &c.root:
		return ReadDone, c.readWelcome(now, t, offset)
	}
	if err := c.checkWelcome(t, offset); err != nil {
		return 0, err
	}
	if m.stage == unwanted {
		c.pushPacket(packet{Type: PacketDisconnect}, &Payload{Namespace: m.name}, nil)
		c.leave(m, ErrClosed)
		return ReadDone, nil
	}
	c.joined(m)
	return ReadDone, nil
}

// readWelcome reads the packet that makes a client's connection complete, and
// that shows what the server speaks if nothing has shown it before.
func (c *Conn) readWelcome(now time.Time, t text, offset int) error {
	switch bare := len(t.head) == offset; {
	case bare && c.config.Version == VersionAny, c.version == VersionAny:
		c.version = Version3
	case bare && c.version == Version4:
		c.lose(now, loss{err: errOldServer, code: CloseNormal, hangup: true})
		return nil
	case c.asked:
		return errDuplicateConnect // it answers nothing that was sent
	}
	if err := c.checkWelcome(t, offset); err != nil {
		return err
	}
	c.becomeConnected(now)
	return nil
}

// checkWelcome checks that a server of Version4 says who the client is now. A
// server of Version3 says nothing.
func (c *Conn) checkWelcome(t text, offset int) error {
	if c.version != Version4 {
		return nil
	}
	return checkObject(t, offset)
}

// checkObject checks that the JSON at offset is an object, as far as it was
// given.
func checkObject(t text, offset int) error {
	body := t.head[offset:]
	switch n := skipSpace(body, 0); {
	case n == len(body):
		return shortOr(t.more, errConnectBody)
	case body[n] != '{':
		return errConnectBody
	case !t.borrowed && !validJSON(body):
		return errNotJSON
	}
	return nil
}

// readDisconnect reads the peer's leave of a namespace. With the default one
// the connection ends, unless there is another to keep it for.
// bsock: lib/socket.js handleDisconnect
func (c *Conn) readDisconnect(now time.Time, m *member) {
	if m != &c.root || c.server && !c.alone(m) {
		name := m.name
		c.leave(m, ErrLost)
		c.left(name, nil)
		return
	}
	c.lose(now, loss{code: CloseNormal, reason: "Disconnect packet.", hangup: true})
}

// readRefusal reads an ERROR packet that answers a client's CONNECT.
func (c *Conn) readRefusal(now time.Time, m *member, e *RemoteError) {
	switch {
	case m == &c.root:
		c.least = c.config.RefusedDelay
		c.lose(now, loss{err: e, code: CloseNormal, hangup: true})
		c.least = 0
	case m.stage == unwanted:
		c.leave(m, ErrClosed)
	default:
		name := m.name
		c.leave(m, ErrClosed)
		c.left(name, e)
	}
}

// parseError reads the body of an ERROR packet: an object from bsock and
// Socket.IO 4, a string from Socket.IO 2. Where the latter refuses a client it
// may be anything, which is an error here, but an error to be told.
func parseError(body []byte, more bool) (*RemoteError, error) {
	if more {
		return nil, errShort
	}
	body = body[skipSpace(body, 0):]
	e := &RemoteError{Message: "No message."}
	switch {
	case len(body) == 0:
		return e, errErrorSlot
	case !validJSON(body):
		return nil, errNotJSON
	case body[0] == '"':
		end, _ := scanString(body, 0)
		return &RemoteError{Message: unquote(body[:end])}, nil
	case body[0] == '{' || body[0] == '[':
		return parseRemoteError(body), nil
	}
	e.Data = string(body)
	return e, errErrorSlot
}

//go:noinline // formatting is long, and errors are rare
func errUnknownNamespace(namespace []byte) error {
	return protocolErrorf("Packet for the unknown namespace %q.", namespace)
}
