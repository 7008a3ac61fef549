package bsock

import "time"

// A Conn is one end of a bsock connection: the client's, with all its
// attempts, or the server's.
//
// Methods of Conn are not safe for concurrent use.
type Conn struct {
	config Config
	server bool

	// What NewServer gives a server.
	greet    func(c *Conn, now time.Time)
	readJoin func(c *Conn, m *member, namespace []byte, t text, offset int) (Reading, error)

	// The attempt.
	state     State
	dialed    time.Time     // when the present attempt began
	greeted   bool          // the server's open frame has come
	connected time.Time     // when the connection came up
	redial    time.Time     // when the next attempt begins
	least     time.Duration // the shortest delay, while Break is at work
	notBefore time.Time     // the next attempt is not to be made, whoever hurries it
	attempt   int           // attempts since the last stable connection
	epoch     uint32        // counts members, so that no answer crosses over

	version   Version   // what is spoken, as far as it is known
	detected  time.Time // when silence shows that the server is of Version4
	asked     bool      // an EventAuth awaits its Join
	suspended bool      // no attempt is made before Resume

	root    member // in the default namespace
	members []*member

	heart   heartbeat
	calls   callTable
	waiting waitingPacket // a packet whose attachments have not all come

	queue queue
	// What the eventRejects in the queue stand for, and whether the first of
	// them has begun.
	rejections []rejection
	rejecting  bool
	scratch    []byte // the Head of the event taken last
	name       []byte // room for the name of the message that waits
}

// NewClient returns the client's end of a connection to config.URL. It does
// nothing until [Conn.Open].
func NewClient(config Config) *Conn {
	return newConn(config, false)
}

// NewServer returns the server's end of a connection. It greets the client at
// [Conn.HandleOpen]. VersionAny is Version3 here: the request has told.
func NewServer(config Config) *Conn {
	if config.Version == VersionAny {
		config.Version = Version3
	}
	c := newConn(config, true)
	c.greet, c.readJoin = greet, readJoin
	return c
}

func newConn(config Config, server bool) *Conn {
	c := &Conn{config: config.withDefaults(), server: server, version: config.Version}
	c.heart.set(c.config.PingInterval, c.config.PingTimeout)
	return c
}

// NextEvent returns the next thing to do or to know, an Event of kind NoEvent
// if there is none.
func (c *Conn) NextEvent() Event {
	var ev Event
	c.Next(&ev)
	return ev
}

// Next is [Conn.NextEvent] for owners that count every copy: it writes the
// event to ev. If there is none only the Kind is written.
func (c *Conn) Next(ev *Event) {
	if c.rejecting {
		c.nextReject(ev)
		return
	}
	c.queue.pop(ev)
	switch ev.Kind {
	case eventRejects:
		c.nextReject(ev)
	case EventText:
		c.scratch = c.scratch[:0]
		if ev.hasPacket {
			c.scratch = appendPacket(c.scratch, ev.packet, ev.Payload.Namespace)
		}
		c.scratch = append(c.scratch, ev.body...)
		ev.Head = c.scratch
	}
}

// add queues an event, for the caller to fill in. Events are large: passing
// them around by value would cost a browser more than all the rest.
//
//go:noinline // a queue that grows is half a page of code at every call
func (c *Conn) add(kind EventKind) *Event {
	ev := c.queue.add()
	ev.Kind = kind
	return ev
}

// pushText queues a frame that is no packet. It is not copied.
func (c *Conn) pushText(frame []byte) {
	c.add(EventText).body = frame
}

// pushPacket queues a packet: its head, then body, which comes from the Conn,
// then the payload, which comes from the application.
func (c *Conn) pushPacket(p packet, payload *Payload, body []byte) {
	if payload.Count > 0 {
		p.Type, p.Attachments = p.Type.withAttachments(), uint32(payload.Count)
	}
	ev := c.add(EventText)
	ev.packet, ev.hasPacket = p, true
	ev.body, ev.Payload = body, *payload
	if payload.Count > 0 {
		c.pushAttachments(*payload)
	}
}

func (c *Conn) pushError(err error) {
	c.add(EventError).Err = err
}

// A queue holds events in order. Its array is used again and again.
type queue struct {
	events []Event
	head   int
}

func (q *queue) empty() bool { return q.head == len(q.events) }

// add makes room for an event, which is empty and valid until the next add.
func (q *queue) add() *Event {
	if len(q.events) == cap(q.events) {
		q.events = append(q.events, Event{})
	} else {
		q.events = q.events[:len(q.events)+1] // pop has left it empty
	}
	return &q.events[len(q.events)-1]
}

// pop moves the oldest event to ev. What it leaves behind is empty, and lets
// go of what it pointed to.
func (q *queue) pop(ev *Event) {
	if q.empty() {
		ev.Kind = NoEvent
		return
	}
	oldest := &q.events[q.head]
	*ev = *oldest
	*oldest = Event{}
	if q.head++; q.empty() {
		q.head, q.events = 0, q.events[:0]
	}
}
