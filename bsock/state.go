package bsock

import "time"

// A State is where a [Conn] stands. All transitions are in this file, but that a
// namespace is joined:
//
//	            Open              HandleOpen            "0{…}" and "40"
//	StateIdle ───────▶ StateDialing ───────▶ StateOpening ───────▶ StateConnected
//	                     ▲       │                │                      │
//	             Advance │       ▼                ▼                      ▼
//	                   StateWaiting ◀──────── HandleClose, HandleError, a timeout
//
// A server goes from StateIdle to StateConnected with HandleOpen; in Version4
// it goes to StateOpening, and on when its client has joined a namespace. Close
// leads from everywhere to StateClosed, and so does a loss that is not retried.
type State uint8

const (
	// StateIdle has done nothing yet.
	StateIdle State = iota
	// StateDialing waits for the WebSocket to open.
	StateDialing
	// StateOpening waits for the peer's open frame and CONNECT packet.
	StateOpening
	// StateConnected sends and receives.
	StateConnected
	// StateWaiting lets the time until the next attempt pass.
	StateWaiting
	// StateClosed is the end.
	StateClosed
)

// State returns where c stands.
func (c *Conn) State() State { return c.state }

// Open starts the first attempt of a client.
func (c *Conn) Open(now time.Time) {
	if c.state == StateIdle && !c.server {
		c.dial(now)
	}
}

func (c *Conn) dial(now time.Time) {
	c.state = StateDialing
	c.dialed = now
	c.version = c.config.Version
	ev := c.add(EventDial)
	ev.URL, ev.Protocols = c.config.URL, c.config.Protocols
}

// HandleOpen tells c that its WebSocket is open.
func (c *Conn) HandleOpen(now time.Time) {
	if c.server && c.state == StateIdle {
		c.greet(c, now)
		return
	}
	if c.state == StateDialing {
		c.state = StateOpening
		c.greeted = false
		c.heart.open = false // its ping went with the last WebSocket
	}
}

func (c *Conn) becomeConnected(now time.Time) {
	c.asked = false
	c.connected = now
	c.heart.start(now, c.pings())
	c.joined(&c.root)
}

// HandleClose tells c that its WebSocket was closed by the peer or the
// network. Nothing more may be reported of that WebSocket.
func (c *Conn) HandleClose(now time.Time, code CloseCode, reason string) {
	if !c.live() {
		return
	}
	c.lose(now, loss{err: c.closeError(code, reason), code: code, reason: reason})
}

// closeError returns the error that a close is, nil if it is none.
// bsock: lib/socket.js onClose
func (c *Conn) closeError(code CloseCode, reason string) error {
	switch {
	case c.state == StateDialing, !c.server && c.state == StateOpening && code.clean():
		return ErrCouldNotConnect
	case code.clean():
		return nil
	}
	return &CloseError{Code: code, Reason: reason}
}

// HandleError tells c that its WebSocket failed to open, or broke, with err.
// Nothing more may be reported of that WebSocket, not even that it closed.
func (c *Conn) HandleError(now time.Time, err error) {
	if c.live() {
		c.lose(now, loss{err: err, code: CloseAbnormal})
	}
}

// live reports whether c has a WebSocket, open or opening.
func (c *Conn) live() bool {
	switch c.state {
	case StateDialing, StateOpening, StateConnected:
		return true
	case StateIdle:
		return c.server
	}
	return false
}

// A loss is how a WebSocket ended.
type loss struct {
	err    error
	code   CloseCode
	reason string
	hangup bool // the WebSocket is still there and must be closed
}

// lose ends the attempt or the connection, and plans the next attempt.
func (c *Conn) lose(now time.Time, l loss) {
	up := c.state == StateConnected
	c.drop(l.hangup, CloseNormal, "", ErrLost)
	if up && now.Sub(c.connected) >= c.config.Reconnect.Stable {
		c.attempt = 0
	}
	ev := c.add(EventDisconnect)
	ev.Up, ev.Err, ev.Code, ev.Reason = up, l.err, l.code, l.reason
	c.notBefore = time.Time{}
	if c.least > 0 {
		c.notBefore = now.Add(c.least)
	}
	switch ev.Retry = c.suspended || c.mayRetry(); {
	case !ev.Retry:
		c.state = StateClosed
		return
	case !c.suspended:
		ev.Delay = c.delay()
		c.attempt++
	}
	c.redial = now.Add(ev.Delay)
	c.state = StateWaiting
}

// Break ends the connection for a reason of the application's own, err: an
// authentication that failed, say. The next attempt is not made before atLeast
// has passed.
func (c *Conn) Break(now time.Time, err error, atLeast time.Duration) {
	if !c.live() {
		return
	}
	c.least = atLeast
	c.lose(now, loss{err: err, code: CloseNormal, hangup: true})
	c.least = 0
}

// Redial makes the next attempt as soon as the shortest delay has passed since
// the last began: at once, mostly, but an application that redials at every
// error must not hammer a server that is down. It keeps the rest that
// [Conn.Break] or a refusal has asked for, unless anew says that what was refused
// may be different by now.
func (c *Conn) Redial(now time.Time, anew bool) {
	if c.state != StateWaiting || c.suspended {
		return
	}
	soonest := c.dialed.Add(c.config.Reconnect.Min)
	if !anew && soonest.Before(c.notBefore) {
		soonest = c.notBefore
	}
	c.redial = earlier(c.redial, soonest)
	if !now.Before(c.redial) {
		c.dial(now)
	}
}

// Suspend hangs up, and keeps a client from trying again until Resume: for a
// page that is put aside, and must not hold a connection.
func (c *Conn) Suspend(now time.Time) {
	if c.server || c.state == StateIdle || c.state == StateClosed {
		return
	}
	c.suspended = true
	if c.live() {
		c.lose(now, loss{code: CloseNormal, hangup: true})
	}
}

// Resume makes the next attempt at once, however long the delay was to be: for a
// network that is back, or a page that is seen again. Only the rest that [Conn.Break]
// or a refusal has asked for is kept. If the connection is up it looks at the
// time.
func (c *Conn) Resume(now time.Time) {
	c.suspended = false
	if c.state == StateWaiting && !now.Before(c.notBefore) {
		c.dial(now)
		return
	}
	c.Advance(now)
}

func (c *Conn) mayRetry() bool {
	limit := c.config.Reconnect.Limit
	return !c.server && !c.config.Reconnect.Off && (limit == 0 || c.attempt < limit)
}

func (c *Conn) delay() time.Duration {
	bound := c.config.Reconnect.bound(c.attempt)
	if c.config.Jitter != nil {
		bound = time.Duration(float64(bound) * c.config.Jitter())
	}
	return max(bound, c.least)
}

// drop forgets all that belongs to the present WebSocket.
func (c *Conn) drop(hangup bool, code CloseCode, reason string, err error) {
	if hangup {
		ev := c.add(EventHangup)
		ev.Code, ev.Reason = code, reason
	}
	c.dropBody(&c.waiting.message)
	c.waiting = waitingPacket{}
	c.rejectAll(err)
	c.root.stage, c.members, c.asked = outside, nil, false
}

// Close ends the connection for good: it hangs up with code and reason, and
// rejects the calls that are under way. A browser allows CloseNormal alone.
func (c *Conn) Close(_ time.Time, code CloseCode, reason string) {
	if c.state == StateClosed {
		return
	}
	up := c.state == StateConnected
	c.drop(c.live(), code, reason, ErrClosed)
	c.state = StateClosed
	ev := c.add(EventDisconnect)
	ev.Up, ev.Code, ev.Reason = up, code, reason
}

// Deadline returns when Advance is next wanted; ok is false if time alone
// changes nothing.
func (c *Conn) Deadline() (t time.Time, ok bool) {
	switch c.state {
	case StateDialing, StateOpening:
		return c.openingDeadline(), true
	case StateWaiting:
		return c.redial, !c.suspended
	case StateConnected:
		t = c.heart.deadline()
		if expiry, any := c.calls.deadline(); any {
			t = earlier(t, expiry)
		}
		if end, waits := c.patience(); waits {
			t = earlier(t, end)
		}
		if len(c.members) > 0 {
			if expiry, any := c.joinDeadline(); any {
				t = earlier(t, expiry)
			}
		}
		return t, true
	}
	return time.Time{}, false
}

func (c *Conn) openingDeadline() time.Time {
	t := c.dialed.Add(c.config.ConnectTimeout)
	switch {
	case c.server:
		return earlier(t, c.heart.deadline())
	case c.detecting():
		return earlier(t, c.detected)
	}
	return t
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Advance tells c what time it is: it pings, expires calls, gives up on a
// silent peer and dials again. It may be called at any time, early or late.
func (c *Conn) Advance(now time.Time) {
	switch c.state {
	case StateDialing, StateOpening:
		c.advanceOpening(now)
	case StateWaiting:
		if !c.suspended && !now.Before(c.redial) {
			c.dial(now)
		}
	case StateConnected:
		c.expireCalls(now)
		c.expireJoins(now)
		c.losePatience(now)
		if c.state == StateConnected {
			c.beat(now)
		}
	}
}

func (c *Conn) advanceOpening(now time.Time) {
	switch {
	case now.Sub(c.dialed) >= c.config.ConnectTimeout:
		c.lose(now, loss{err: ErrConnectTimeout, code: CloseAbnormal, hangup: true})
	case c.server:
		c.beat(now)
	case c.detecting() && !now.Before(c.detected):
		c.askToConnect()
	}
}
