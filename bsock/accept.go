package bsock

import (
	"bytes"
	"time"
)

// What only a server does: it greets, and lets clients into namespaces.
// NewServer alone leads here, so that a module which is only a client does not
// carry it about.

// maxNamespaces is how many namespaces a client can make a server remember.
const maxNamespaces = 256

var errInboundConnect = &ProtocolError{Message: "Inbound socket sent connect packet."}

// greet opens the connection as a server. In Version4 it is for the client to
// ask for the rest.
func greet(c *Conn, now time.Time) {
	c.pushText(appendHello(nil, &c.config))
	if c.version == Version4 {
		c.state = StateOpening
		c.dialed = now
		c.heart.start(now, c.pings())
		return
	}
	c.pushPacket(packet{Type: PacketConnect}, &Payload{}, nil)
	c.becomeConnected(now)
}

// readJoin reads a client's wish to join a namespace.
// Socket.IO 5 protocol: "Connection to a namespace". Socket.IO 2 has the same
// packet without a payload, and not for the default namespace.
func readJoin(c *Conn, m *member, namespace []byte, t text, offset int) (Reading, error) {
	if c.version != Version4 {
		if len(namespace) == 0 {
			return 0, errInboundConnect
		}
		namespace, _, _ = bytes.Cut(namespace, []byte("?"))
		m = c.memberOf(namespace)
	} else if len(t.head) > offset {
		if err := checkObject(t, offset); err != nil {
			return 0, err
		}
	}
	if m == nil {
		if len(c.members) == maxNamespaces || !ValidNamespace(string(namespace)) {
			return 0, errUnknownNamespace(namespace)
		}
		m = c.addMember(string(namespace))
	}
	if m.stage != outside {
		return 0, errDuplicateConnect
	}
	m.stage = joining
	if m == &c.root && !c.config.AskJoin {
		return ReadDone, c.Admit("")
	}
	ev := c.add(EventJoin)
	ev.Payload.Namespace = m.name
	if c.version != Version4 {
		return ReadDone, nil
	}
	ev.Payload.Ref, ev.Payload.Offset = t.ref, offset
	if !t.borrowed {
		ev.Payload.JSON = t.head[offset:]
	}
	return ReadKept, nil
}

// Admit answers an EventJoin: the client is in, which an EventConnect confirms.
func (c *Conn) Admit(namespace string) error {
	m, err := c.applicant(namespace)
	if err != nil {
		return err
	}
	var body []byte
	if c.version == Version4 {
		body = append(appendString([]byte(`{"sid":`), c.config.SID), '}')
	}
	c.pushPacket(packet{Type: PacketConnect}, &Payload{Namespace: m.name}, body)
	c.joined(m)
	return nil
}

// Deny answers an EventJoin: the client may not join, and is told why. The
// error's Data is what a Socket.IO 3 or 4 client finds in its error's data.
func (c *Conn) Deny(namespace string, e *RemoteError) error {
	m, err := c.applicant(namespace)
	if err != nil {
		return err
	}
	c.pushPacket(packet{Type: PacketError}, &Payload{Namespace: m.name}, c.appendRefusal(nil, e))
	c.leave(m, ErrClosed)
	return nil
}

// appendRefusal appends e in the words of the version: Socket.IO 4 has an
// object, Socket.IO 2 a text, bsock the error it has for everything.
func (c *Conn) appendRefusal(dst []byte, e *RemoteError) []byte {
	switch {
	case c.version == Version4:
		return appendConnectError(dst, e)
	case c.config.PlainAcks:
		return appendString(dst, e.Message)
	}
	return appendRemoteError(dst, e)
}

func (c *Conn) applicant(namespace string) (*member, error) {
	m := c.memberNamed(namespace)
	switch {
	case !c.server || !c.live():
		return nil, ErrNotConnected
	case m == nil || m.stage != joining:
		return nil, ErrNotJoined
	}
	return m, nil
}
