package native

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// The dispatcher is the one goroutine of a connection that calls handlers. It
// starts hooks, which run beside it, and tells of errors and of the end. It is
// there only while there is something to tell: a connection on which nothing
// happens needs no stack for it.

// tell has the dispatcher tell the application of a.
func (d *driver) tell(a arrival) {
	if d.inbox.closed {
		return // nobody listens any more
	}
	d.inbox.put(a)
	if !d.telling {
		d.telling = true
		d.running.Add(1)
		go d.dispatch()
	}
}

// dispatch tells the application what has arrived, one after the other. A
// handler that ends its goroutine, as a test's FailNow does, ends only itself.
func (d *driver) dispatch() {
	done := false
	defer func() {
		if !done {
			d.running.Add(1)
			go d.dispatch()
		}
		d.running.Done()
	}()
	b := &d.inbox
	for b.next < len(b.taken) || d.takeArrivals() {
		a := &b.taken[b.next]
		b.next++
		if a.news != nil || !b.stale.Load() {
			d.deliver(a)
		}
	}
	done = true
}

// takeArrivals takes what has arrived, and reports whether there is any.
func (d *driver) takeArrivals() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inbox.take()
	d.telling = len(d.inbox.taken) > 0
	if d.telling && d.link != nil {
		signal(d.link.room)
	}
	return d.telling
}

func (d *driver) deliver(a *arrival) {
	switch a.kind {
	case bsock.EventFire:
		d.deliverFire(a)
	case bsock.EventCall:
		d.deliverCall(a)
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

// deliverCall runs a hook in a goroutine of its own, as soon as there may be
// one more. After one in order it waits until that lets it go on.
func (d *driver) deliverCall(a *arrival) {
	if !d.takeSlot(a.link.ctx) {
		return // the answer would reach nobody
	}
	hk := a.space.handlers.hooked(a.name)
	a.space.hooks.Add(1)
	d.running.Add(1)
	if !hk.inOrder {
		go d.runCall(*a, hk, func() {})
		return
	}
	onward, next := context.WithCancel(a.link.ctx)
	go d.runCall(*a, hk, next)
	<-onward.Done()
}

func (d *driver) runCall(a arrival, hk hook, next func()) {
	defer d.running.Done()
	defer a.space.hooks.Done()
	defer func() { <-d.slots }()
	defer next()
	d.answer(&a, hk, next)
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
func (d *driver) answer(a *arrival, hk hook, next func()) {
	result, err := d.runHook(a, hk, next)
	s := sending{kind: sendReply, call: a.call, link: a.link, space: a.space}
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
	d.sendAnswer(a, s)
}

func (d *driver) sendAnswer(a *arrival, s sending) {
	err := d.submit(a.link.ctx, s)
	if err == nil || a.link.ctx.Err() != nil || d.left(a.space) {
		return
	}
	d.owner.report(fmt.Errorf("answer to %q: %w", a.name, err))
	s.refuse(errInternal)
	_ = d.submit(a.link.ctx, s) // it fails only if the connection has ended
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
