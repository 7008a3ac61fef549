package native

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// The dispatcher is the one goroutine of a connection that calls handlers and
// begins hooks, and tells of errors and of the end. It is there only while there
// is something to tell: a connection on which nothing happens needs no stack for
// it.
//
// A hook may wait, and what comes after it must not. So whoever runs a hook is the
// dispatcher no longer: a goroutine is started to be the next, the heir, if there
// is more to tell. Most hooks return before that begins, and then who ran the
// hook goes on in its place: a goroutine is started for some calls together, not
// for each.

// tell has the dispatcher tell the application of a.
func (d *driver) tell(a arrival) {
	if d.inbox.closed {
		return // nobody listens any more
	}
	d.inbox.put(a)
	d.appoint()
}

// appoint has somebody become the dispatcher, if there is something to tell. While
// a message is being received that can wait, and a reader on duty will do it.
func (d *driver) appoint() {
	if !d.receiving && !d.onDuty && d.lacksDispatcher() {
		go d.dispatch()
	}
}

// lacksDispatcher reports whether the caller is to start one.
func (d *driver) lacksDispatcher() bool {
	if d.telling || d.heir || !d.inbox.any() {
		return false
	}
	d.heir = true
	d.running.Add(1)
	return true
}

// takeOver makes the caller the dispatcher, if there is none and something to
// tell.
func (d *driver) takeOver() bool {
	if d.telling || !d.inbox.any() {
		return false
	}
	d.telling = true
	return true
}

// resign ends the caller's being the dispatcher.
func (d *driver) resign() {
	d.telling = false
	d.appoint()
}

// dispatch tells the application what has arrived, one after the other. A
// handler that ends its goroutine, as a test's FailNow does, ends only itself.
func (d *driver) dispatch() {
	defer d.running.Done()
	mine := d.inherit()
	defer func() {
		if mine {
			d.locked(d.resign)
		}
	}()
	for mine {
		a := d.nextArrival()
		switch {
		case a == nil:
			mine = false
		case a.kind == bsock.EventCall:
			mine = false // unless it returns
			mine = d.deliverCall(*a)
		default:
			d.deliver(a)
		}
	}
}

// inherit is the beginning of an heir. Who ran a hook may have gone on.
func (d *driver) inherit() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heir = false
	return d.takeOver()
}

func (d *driver) locked(fn func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	fn()
}

// idle reports whether nothing else is to be told: no hook that is about to
// answer.
func (d *driver) idle() bool { return !d.telling && !d.heir && !d.inbox.any() }

// nextArrival returns what is to be told next, nil if there is nothing; then the
// caller is the dispatcher no longer.
func (d *driver) nextArrival() *arrival {
	b := &d.inbox
	for b.next < len(b.taken) || d.takeArrivals() {
		a := &b.taken[b.next]
		b.next++
		if a.news != nil || !b.stale.Load() {
			return a
		}
	}
	return nil
}

// takeArrivals takes what has arrived, and reports whether there is any.
func (d *driver) takeArrivals() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inbox.take()
	d.telling = len(d.inbox.taken) > 0
	if d.telling && d.link != nil {
		d.link.roomMade()
	}
	return d.telling
}

func (d *driver) deliver(a *arrival) {
	switch a.kind {
	case bsock.EventFire:
		d.deliverFire(a)
	case bsock.EventJoin:
		d.owner.join(*a)
	case bsock.EventError:
		d.owner.report(a.err)
	default:
		a.news()
	}
}

func (d *driver) deliverFire(a *arrival) {
	fns := a.space.handlers.bound(a.name)
	if len(fns) == 0 {
		return
	}
	args := argsOf(a.payload)
	for _, b := range fns {
		if err := guard("handler", a.name, func() { b.fn(args) }); err != nil {
			d.owner.report(err)
		}
	}
}

// deliverCall runs a hook, as soon as there may be one more, and reports whether
// the caller is the dispatcher afterwards.
func (d *driver) deliverCall(a arrival) (mine bool) {
	if !d.takeSlot(a.link.ctx) {
		return true // the answer would reach nobody
	}
	hk := a.space.handlers.hooked(a.name)
	a.space.hooks.Add(1)
	if l := d.runCall(&a, hk); l != nil {
		l.offer(d)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.takeOver()
}

// runCall runs a hook and sends its answer. It returns the link if that is left
// to the caller to write.
func (d *driver) runCall(a *arrival, hk hook) *link {
	defer a.space.hooks.Done()
	defer func() { <-d.slots }()
	if !hk.inOrder {
		d.locked(d.resign)
		return d.answer(a, hk, func() {})
	}
	t := &turn{driver: d}
	defer t.end()
	return d.answer(a, hk, t.end)
}

// A turn is what a hook in order has of the dispatcher, whose place is not free
// until that ends: nothing that came after the call is told before.
type turn struct {
	driver *driver
	over   bool // guarded by the driver's mutex
}

func (t *turn) end() {
	t.driver.mu.Lock()
	defer t.driver.mu.Unlock()
	if !t.over {
		t.over = true
		t.driver.resign()
	}
}

func (d *driver) takeSlot(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	select {
	case d.slots <- struct{}{}:
		return true
	default: // to look at ctx as well would take three times as long
	}
	select {
	case d.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// answer runs the hook that was called and sends what it returns. A peer that
// does not take its answers keeps the hook's place, so that it cannot have them
// pile up.
func (d *driver) answer(a *arrival, hk hook, next func()) *link {
	result, err := d.runHook(a, hk, next)
	s := sending{kind: sendReply, call: a.call, link: a.link, space: a.space, own: true}
	if err == nil {
		e := newEncoder()
		defer e.release()
		if s.payload, err = e.result(result, d.protocol.plainAcks()); err != nil {
			d.owner.report(fmt.Errorf("result of hook %q: %w", a.name, err))
			err = errInternal
		}
	}
	s.size = payloadSize(s.payload)
	if err != nil {
		s.refuse(remoteError(err))
	}
	return d.sendAnswer(a, s)
}

func (d *driver) sendAnswer(a *arrival, s sending) *link {
	l, err := d.submit(a.link.ctx, s)
	if err == nil || a.link.ctx.Err() != nil || d.left(a.space) {
		return l
	}
	d.owner.report(fmt.Errorf("answer to %q: %w", a.name, err))
	s.refuse(errInternal)
	l, _ = d.submit(a.link.ctx, s) // it fails only if the connection has ended
	return l
}

// left reports whether s is not joined any more.
func (d *driver) left(s *space) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !s.joined
}

func (d *driver) runHook(a *arrival, hk hook, next func()) (result any, err error) {
	if hk.fn == nil {
		return nil, bsock.NotFound(a.name)
	}
	failure := guard("hook", a.name, func() { result, err = hk.fn(a.context(), argsOf(a.payload), next) })
	if failure != nil {
		d.owner.report(failure)
		return nil, errInternal
	}
	return result, err
}

// errInternal is all that a peer is told of a fault of ours.
var errInternal = &bsock.RemoteError{Message: "Internal error.", Name: "Error"}

// guard runs a function of the application's and returns its panic.
func guard(kind, name string, fn func()) (failure error) {
	defer func() {
		if v := recover(); v != nil {
			failure = &PanicError{Where: fmt.Sprintf("%s %q", kind, name), Value: v, Stack: debug.Stack()}
		}
	}()
	fn()
	return nil
}
