package native

import (
	"context"
	"slices"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// Everything the application sends goes one way: submit hands a sending to the
// Conn if it may go out at once, and else lets it wait in line. Whoever makes
// room, or opens the connection, sends for those who wait.

// A sending is a packet that the application wants sent.
type sending struct {
	kind    sendingKind
	size    int
	space   *space
	event   string // of a fire and a call
	payload bsock.Payload

	call    bsock.CallID       // that is answered
	remote  *bsock.RemoteError // in a refusal, or to complain of
	pending *pendingCall       // that is made

	// link, if set, is the only one it may go out on: it does not wait for
	// OnConnect, and it ends with the link.
	link *link

	shared *broadcast // the frames that need not be made

	// own says that the sender will write what is queued itself, by an offer,
	// if nobody else is about to.
	own bool

	// Set if it had to wait.
	done chan error
	turn uint64
}

// A sendingKind says what a sending is. It is no function, which would be made
// anew for each.
type sendingKind uint8

const (
	sendFire sendingKind = iota
	sendCall
	sendReply
	sendRefusal
	sendComplaint
)

// emit hands s to the Conn.
func (d *driver) emit(s *sending) error {
	switch s.kind {
	case sendFire:
		return d.conn.Fire(s.event, s.payload)
	case sendCall:
		return d.beginCall(s)
	case sendReply:
		return d.conn.Reply(s.call, s.payload)
	case sendRefusal:
		return d.conn.Refuse(s.call, s.remote)
	}
	return d.conn.Complain(s.remote)
}

// refuse makes s, which was to answer a call, a refusal.
func (s *sending) refuse(remote *bsock.RemoteError) {
	s.kind, s.remote, s.payload = sendRefusal, remote, bsock.Payload{}
	s.size = headSize + len(remote.Message)
}

// headSize is more than what the protocol puts before a payload.
const headSize = 32

func payloadSize(p bsock.Payload) int {
	size := headSize + len(p.JSON)
	for _, a := range p.Attachments {
		size += 1 + len(a)
	}
	return size
}

// waiters are the sendings that wait, in order.
type waiters []*sending

func (w *waiters) remove(s *sending) bool {
	i := slices.Index(*w, s)
	if i < 0 {
		return false
	}
	*w = slices.Delete(*w, i, i+1)
	return true
}

// fail ends the sendings that which picks.
func (w *waiters) fail(err error, which func(*sending) bool) {
	*w = slices.DeleteFunc(*w, func(s *sending) bool {
		gone := which(s)
		if gone {
			s.done <- err
		}
		return gone
	})
}

// submit returns when s is in the outgoing queue, or cannot get there. It returns
// the link that s is on if the caller is to offer what is queued there.
func (d *driver) submit(ctx context.Context, s sending) (*link, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	d.mu.Lock()
	line, err := d.lineOf(&s)
	if err == nil && (d.firstInLine() != nil || !d.may(&s) || !d.fits(&s)) {
		waits := s // only what waits is kept beyond this call
		return nil, d.wait(ctx, line, &waits)
	}
	var mine *link
	if err == nil {
		mine, err = d.send(&s)
	}
	d.mu.Unlock()
	return mine, err
}

// wait waits in line; it gives up mu.
func (d *driver) wait(ctx context.Context, line *waiters, s *sending) error {
	s.done = make(chan error, 1)
	d.turns++
	s.turn = d.turns
	*line = append(*line, s)
	d.mu.Unlock()
	select {
	case err := <-s.done:
		return err
	case <-ctx.Done():
		return d.withdraw(ctx, line, s)
	}
}

// lineOf returns where s has to wait.
func (d *driver) lineOf(s *sending) (*waiters, error) {
	switch {
	case d.ended:
		return nil, d.closedError()
	case s.link != nil && s.link != d.link:
		return nil, ErrLost
	case s.space.ended != nil:
		return nil, s.space.ended
	case s.link != nil && !d.open:
		return &s.space.urgent, nil
	}
	return &s.space.queued, nil
}

// withdraw takes s out of the line, and returns what it was waiting for.
func (d *driver) withdraw(ctx context.Context, line *waiters, s *sending) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case !line.remove(s):
		return <-s.done // it was sent, or failed, just now
	case d.link == nil || !d.open || !s.space.joined:
		return waitError{ErrNotConnected, ctx.Err()}
	}
	return waitError{ErrQueueFull, ctx.Err()}
}

// A waitError is a context that ended, with what was waited for.
type waitError struct{ what, ctx error }

func (e waitError) Error() string   { return e.what.Error() + " Gave up waiting: " + e.ctx.Error() + "." }
func (e waitError) Unwrap() []error { return []error{e.what, e.ctx} }

// may reports whether s may go out now, if there is room.
func (d *driver) may(s *sending) bool {
	return d.link != nil && s.space.joined && (d.open || s.link != nil)
}

// fits reports whether there is room for s.
func (d *driver) fits(s *sending) bool { return d.link.out.room(s.size, d.limits) }

// send hands s to the Conn and queues what comes of it. It returns the link if
// that is the sender's to write.
func (d *driver) send(s *sending) (mine *link, err error) {
	p := &packet{size: s.size}
	d.packet, d.shared = p, s.shared
	err = d.emit(s)
	d.pump()
	d.packet, d.shared = nil, nil
	switch {
	case err != nil:
		return nil, err
	case s.own && d.alone(s):
		if d.link.claim(d, p) {
			return d.link, nil
		}
	case s.own && d.onDuty && s.kind != sendCall: // others will be answered, and all go out in the same write
		d.link.out.put(p)
	default:
		d.link.put(d, p)
	}
	return nil, nil
}

// alone reports whether nobody else is about to send, so that s need not wait for
// others to go out in the same write: for a call no other that may be answered,
// for an answer no other that may be called for. What is broadcast need not.
func (d *driver) alone(s *sending) bool {
	switch s.kind {
	case sendFire:
		return true
	case sendCall:
		return len(d.calls) == 1
	}
	return d.idle()
}

// admit sends for those who wait as much as there is room for.
func (d *driver) admit() {
	for line := d.firstInLine(); line != nil && d.fits((*line)[0]); line = d.firstInLine() {
		s := (*line)[0]
		*line = slices.Delete(*line, 0, 1)
		s.own = false
		_, err := d.send(s)
		s.done <- err
	}
}

// firstInLine returns the line of who is next to send, whatever the namespace:
// what is urgent comes first, then who has waited longest. It returns nil if
// nobody waits but for a namespace or a connection.
func (d *driver) firstInLine() *waiters {
	var first *waiters
	urgent := false
	for _, s := range d.spaces {
		if len(s.urgent) > 0 && d.may(s.urgent[0]) && (!urgent || s.urgent[0].turn < (*first)[0].turn) {
			first, urgent = &s.urgent, true
		}
		if !urgent && len(s.queued) > 0 && d.may(s.queued[0]) && (first == nil || s.queued[0].turn < (*first)[0].turn) {
			first = &s.queued
		}
	}
	return first
}

// fire sends an event.
func (d *driver) fire(ctx context.Context, sp *space, l *link, event string, args []any) error {
	_, err := d.begin(ctx, sending{kind: sendFire, space: sp, link: l}, event, args)
	return err
}

// begin completes s, a fire or a call, with the event, and submits it.
func (d *driver) begin(ctx context.Context, s sending, event string, args []any) (*link, error) {
	e := newEncoder()
	defer e.release()
	payload, err := e.event(event, args)
	if err != nil {
		return nil, err
	}
	payload.Namespace = s.space.name
	s.event, s.payload, s.size = event, payload, payloadSize(payload)
	return d.submit(ctx, s)
}

// A pendingCall is one that awaits its answer.
type pendingCall struct {
	tag    uint32
	id     uint32
	packet *packet
	done   chan answer // has room for the answer
}

// newPending returns a pendingCall, one that has been used if there is any.
func (d *driver) newPending() *pendingCall {
	if pc, ok := d.spare.Get().(*pendingCall); ok {
		return pc
	}
	return &pendingCall{done: make(chan answer, 1)}
}

// An answer is how a call ended.
type answer struct {
	payload bsock.Payload
	err     error
}

// call sends an event as a call and waits for the values of the answer.
func (d *driver) call(ctx context.Context, sp *space, l *link, event string, args []any) (Args, error) {
	pc := d.newPending()
	mine, err := d.begin(ctx, sending{kind: sendCall, pending: pc, space: sp, link: l, own: true}, event, args)
	if err != nil {
		return Args{}, err
	}
	if mine != nil {
		mine.offer(d)
	}
	select {
	case a := <-pc.done:
		pc.packet = nil
		d.spare.Put(pc) // nobody else knows it any more
		return d.valuesOf(a)
	case <-ctx.Done():
		return d.abandon(ctx, pc)
	}
}

// valuesOf returns the values in the answer to a call: all there are, or in
// bsock's protocol those behind the error slot.
// bsock: lib/socket.js handlePacket
func (d *driver) valuesOf(a answer) (Args, error) {
	if a.err != nil {
		return Args{}, a.err
	}
	values := answerOf(a.payload)
	if !d.protocol.plainAcks() {
		values = values.From(1)
	}
	return values, nil
}

func (d *driver) beginCall(s *sending) error {
	d.tag++
	for d.calls[d.tag] != nil { // after 2^32 calls, some may still be waiting
		d.tag++
	}
	id, err := d.conn.Call(time.Now().Add(d.limits.CallTimeout), s.event, s.payload, d.tag)
	if pc := s.pending; err == nil {
		pc.tag, pc.id, pc.packet = d.tag, id, d.packet
		d.calls[pc.tag] = pc
	}
	return err
}

// abandon ends a call whose caller waits no longer.
func (d *driver) abandon(ctx context.Context, pc *pendingCall) (Args, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.calls[pc.tag] != pc {
		return d.valuesOf(<-pc.done) // it was answered just now
	}
	d.conn.Forget(time.Now(), pc.id)
	d.settle(pc.tag, answer{err: ctx.Err()})
	d.pump()
	return Args{}, ctx.Err()
}

// settle hands the call with this tag its answer. A call that is still queued
// when it fails is not sent: nobody waits for it, and it may not be wanted.
func (d *driver) settle(tag uint32, a answer) {
	pc := d.calls[tag]
	if pc == nil {
		return
	}
	delete(d.calls, tag)
	if d.link != nil {
		d.link.out.drop(pc.packet)
	}
	pc.done <- a
}
