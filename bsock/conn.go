package bsock

import "time"

// A Conn is one end of a bsock connection: the client's, with all its
// attempts, or the server's.
//
// Methods of Conn are not safe for concurrent use.
type Conn struct {
	config Config
	server bool

	// The attempt.
	state     State
	dialed    time.Time     // when the present attempt began
	greeted   bool          // the server's open frame has come
	connected time.Time     // when the connection came up
	redial    time.Time     // when the next attempt begins
	least     time.Duration // the shortest delay, while Break is at work
	attempt   int           // attempts since the last stable connection
	epoch     uint32        // counts connections, so that no answer crosses over

	heart   heartbeat
	calls   callTable
	waiting waitingPacket // a packet whose attachments have not all come

	queue   queue
	scratch []byte // the Head of the event taken last
}

// NewClient returns the client's end of a connection to config.URL. It does
// nothing until [Conn.Open].
func NewClient(config Config) *Conn {
	return newConn(config, false)
}

// NewServer returns the server's end of a connection. It greets the client at
// [Conn.HandleOpen].
func NewServer(config Config) *Conn {
	return newConn(config, true)
}

func newConn(config Config, server bool) *Conn {
	c := &Conn{config: config.withDefaults(), server: server}
	c.heart.set(c.config.PingInterval, c.config.PingTimeout)
	return c
}

// NextEvent returns the next thing to do or to know, an Event of kind NoEvent
// if there is none.
func (c *Conn) NextEvent() Event {
	ev := c.queue.pop()
	if ev.Kind == EventText {
		c.scratch = c.scratch[:0]
		if ev.hasPacket {
			c.scratch = appendPacket(c.scratch, ev.packet)
		}
		c.scratch = append(c.scratch, ev.body...)
		ev.Head = c.scratch
	}
	return ev
}

func (c *Conn) push(ev Event) {
	c.queue.push(ev)
}

// pushText queues a frame that is no packet. It is not copied.
func (c *Conn) pushText(frame []byte) {
	c.push(Event{Kind: EventText, body: frame})
}

// pushPacket queues a packet: its head, then body, which comes from the Conn,
// then the payload, which comes from the application.
func (c *Conn) pushPacket(p packet, payload Payload, body []byte) {
	if payload.Count > 0 {
		p.Type, p.Attachments = p.Type.withAttachments(), uint32(payload.Count)
	}
	c.push(Event{Kind: EventText, packet: p, hasPacket: true, body: body, Payload: payload})
	if payload.Count > 0 {
		c.pushAttachments(payload)
	}
}

func (c *Conn) pushError(err error) {
	c.push(Event{Kind: EventError, Err: err})
}

// A queue holds events in order. Its array is used again and again.
type queue struct {
	events []Event
	head   int
}

func (q *queue) empty() bool { return q.head == len(q.events) }

func (q *queue) push(ev Event) {
	q.events = append(q.events, ev)
}

func (q *queue) pop() Event {
	if q.empty() {
		return Event{}
	}
	ev := q.events[q.head]
	q.events[q.head] = Event{} // lets go of what it points to
	if q.head++; q.empty() {
		q.head, q.events = 0, q.events[:0]
	}
	return ev
}
