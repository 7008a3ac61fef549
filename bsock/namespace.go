package bsock

import "time"

// Namespaces share a connection: each is joined and left by itself, and has
// calls of its own. "" is the default one, which every client joins first, but
// for those of Socket.IO 4, which need not join it at all.

// maxNamespaceSize bounds a name, in bytes.
const maxNamespaceSize = 1 << 10

// A stage is how far an end is in a namespace.
type stage uint8

const (
	outside stage = iota
	joining       // CONNECT was sent, or has come, and is not answered
	joined
	unwanted // joining, but it is to be left as soon as it is joined
)

// A member is an end in a namespace.
type member struct {
	name  string
	stage stage

	// epoch tells this time in the namespace from all others of the Conn, so
	// that no answer crosses over.
	epoch uint32
	// deadline is when a client gives up joining, in nanoseconds since 1970.
	deadline int64
}

// memberOf returns what c is in a namespace, nil if nothing.
func (c *Conn) memberOf(namespace []byte) *member {
	if len(namespace) == 0 {
		return &c.root
	}
	for _, m := range c.members {
		if m.name == string(namespace) {
			return m
		}
	}
	return nil
}

// memberNamed is memberOf for the application's own names, of which "/" is one
// of the default namespace.
func (c *Conn) memberNamed(namespace string) *member {
	if namespace == "" || namespace == "/" {
		return &c.root
	}
	for _, m := range c.members {
		if m.name == namespace {
			return m
		}
	}
	return nil
}

// memberAt returns the member of an epoch, nil if it has ended.
func (c *Conn) memberAt(epoch uint32) *member {
	if c.root.epoch == epoch && c.root.stage == joined {
		return &c.root
	}
	for _, m := range c.members {
		if m.epoch == epoch && m.stage == joined {
			return m
		}
	}
	return nil
}

func (c *Conn) addMember(namespace string) *member {
	m := &member{name: namespace}
	c.members = append(c.members, m)
	return m
}

// ValidNamespace reports whether a packet can name namespace. What stands
// behind a question mark is for the server's eyes in Socket.IO 2, and no part
// of the name.
func ValidNamespace(namespace string) bool {
	if len(namespace) < 2 || len(namespace) > maxNamespaceSize || namespace[0] != '/' {
		return false
	}
	for i := range len(namespace) {
		if namespace[i] == ',' || namespace[i] == '?' {
			return false
		}
	}
	return true
}

// Join makes a client join namespace: an EventConnect with that namespace
// follows, or an EventLeave. The connection must be up. Nothing is sent twice
// if the client is joined already, or about to be.
//
// For the default namespace, "", it answers an EventAuth.
//
// The auth payload is what the server is to know of the client, a JSON object;
// without JSON and Ref there is none. Only Version4 has a place for it.
// Socket.IO 5 protocol: "Connection to a namespace".
func (c *Conn) Join(now time.Time, namespace string, auth Payload) error {
	m := c.memberNamed(namespace)
	switch {
	case c.server:
		return ErrNotConnected
	case m == &c.root:
		return c.joinRoot(auth)
	case c.state != StateConnected:
		return ErrNotConnected
	case !ValidNamespace(namespace):
		return ErrBadNamespace
	case m == nil:
		m = c.addMember(namespace)
		c.sendJoin(namespace, auth)
	case m.stage == joined:
		return nil
	}
	m.stage = joining
	m.deadline = now.Add(c.config.ConnectTimeout).UnixNano()
	return nil
}

func (c *Conn) joinRoot(auth Payload) error {
	if !c.asked {
		return ErrNotConnected
	}
	c.asked = false
	c.sendJoin("", auth)
	return nil
}

func (c *Conn) sendJoin(namespace string, auth Payload) {
	if c.version != Version4 {
		auth = Payload{}
	}
	auth.Namespace, auth.Attachments, auth.Count = namespace, nil, 0
	c.pushPacket(packet{Type: PacketConnect}, &auth, nil)
}

// Leave ends what c is in namespace, at either end. Calls in it are rejected
// with [ErrClosed]. A client that is to leave the default namespace closes the
// connection instead.
func (c *Conn) Leave(namespace string) error {
	m := c.memberNamed(namespace)
	switch {
	case c.state != StateConnected:
		return ErrNotConnected
	case m == nil, m.stage == outside, c.server && m.stage == joining:
		return ErrNotJoined
	case m == &c.root && !c.server:
		return ErrBadNamespace
	case m.stage != joined: // a Socket.IO 4 server hangs up on clients that leave too early
		m.stage = unwanted
		return nil
	}
	c.pushPacket(packet{Type: PacketDisconnect}, &Payload{Namespace: m.name}, nil)
	c.leave(m, ErrClosed)
	return nil
}

// joined makes m a member that may send.
func (c *Conn) joined(m *member) {
	c.epoch++
	m.stage, m.epoch = joined, c.epoch
	if c.state == StateOpening || c.state == StateIdle {
		c.state = StateConnected
	}
	c.add(EventConnect).Payload.Namespace = m.name
}

// leave ends m, and all that belongs to it.
func (c *Conn) leave(m *member, err error) {
	if m.stage == joined {
		c.rejectMember(m.epoch, err)
		c.giveUpWaiting(m.epoch)
	}
	m.stage = outside
	for i, other := range c.members {
		if other == m {
			c.members = append(c.members[:i], c.members[i+1:]...)
			break
		}
	}
}

// alone reports whether c has joined no namespace but m.
func (c *Conn) alone(m *member) bool {
	for _, other := range c.members {
		if other != m && other.stage == joined {
			return false
		}
	}
	return true
}

// joinDeadline returns the deadline of the client's join that is due first.
func (c *Conn) joinDeadline() (t time.Time, ok bool) {
	var first int64
	for _, m := range c.members {
		if !c.server && m.stage == joining && (first == 0 || m.deadline < first) {
			first = m.deadline
		}
	}
	return time.Unix(0, first), first != 0
}

// expireJoins gives up the joins whose time has come. One that is answered
// later is undone then.
func (c *Conn) expireJoins(now time.Time) {
	for _, m := range c.members {
		if !c.server && m.stage == joining && now.UnixNano() >= m.deadline {
			m.stage = unwanted
			c.left(m.name, ErrConnectTimeout)
		}
	}
}

func (c *Conn) left(namespace string, err error) {
	ev := c.add(EventLeave)
	ev.Payload.Namespace, ev.Err = namespace, err
}
