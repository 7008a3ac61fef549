package appserver

import (
	"context"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// dispatch makes a call upstream and answers with its answer, unread. It calls
// next when it is the call's turn.
func (b *session) dispatch(ctx context.Context, args native.Args, next func()) (any, error) {
	m, err := parseMessage(args)
	if err != nil {
		return nil, err
	}
	type answer struct {
		value native.Value
		err   error
	}
	answered := make(chan answer, 1)
	done := func(value native.Value, err error) { answered <- answer{value, err} }
	if !b.enqueue(ctx, func() { b.perform(ctx, m, done) }) {
		return nil, ctx.Err()
	}
	next()
	select {
	case a := <-answered:
		return a.value, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// broadcast makes a call upstream, as bPanel's server does: what it is for,
// "watch chain" above all, is a call to a node.
func (b *session) broadcast(args native.Args) {
	m, err := parseMessage(args)
	if err != nil {
		b.complain(err)
		return
	}
	b.perform(b.socket.Context(), m, func(_ native.Value, err error) {
		if err != nil {
			b.complain(err)
		}
	})
}

// perform makes a call and hands its end to done.
func (b *session) perform(ctx context.Context, m message, done func(native.Value, error)) {
	e := m.effect()
	b.log.Debug("browser calls", "server", string(m.kind), "call", m.event)
	u, err := b.upstream(ctx, m.kind, e.own)
	if err != nil {
		done(native.Value{}, err)
		return
	}
	if !e.free {
		done(b.carryOut(ctx, u, m, e))
		return
	}
	select {
	case b.free <- struct{}{}:
	case <-ctx.Done():
		return // there is nobody to tell
	}
	b.calls.Go(func() {
		defer func() { <-b.free }()
		limit := b.server.config.CallTimeout
		if e.slow {
			limit = rescanTimeout
		}
		value, err := u.call(ctx, limit, m.event, m.args)
		done(value, translate(err, m))
	})
}

// carryOut makes a call that others wait for.
func (b *session) carryOut(ctx context.Context, u *upstream, m message, e effect) (native.Value, error) {
	if !e.enter && !e.leave && !e.filter {
		value, err := u.call(ctx, b.server.config.CallTimeout, m.event, m.args)
		return value, translate(err, m)
	}
	states := b.states[m.kind]
	if _, ok := states[e.state]; e.enter && !ok && b.holds() >= b.server.config.MaxJoined {
		return native.Value{}, errTooMany("things watched and joined", b.server.config.MaxJoined)
	}
	if e.enter && m.size() > maxHeldBytes {
		return native.Value{}, errTooMany("bytes in what is watched or joined", maxHeldBytes)
	}
	value, err := u.change(ctx, b, m, e)
	switch {
	case e.enter && (err == nil || isAway(err)):
		states[e.state] = struct{}{}
	case e.leave:
		delete(states, e.state)
	}
	if isAway(err) {
		// It is noted, and said as soon as the server is there: an error would
		// tell the browser that it will not be.
		return native.Value{}, nil
	}
	return value, translate(err, m)
}

// holds returns how much the browser watches and has joined.
func (b *session) holds() (n int) {
	for _, states := range b.states {
		n += len(states)
	}
	return n
}

func translate(err error, m message) error {
	if err == nil {
		return nil
	}
	return forBrowser(err, m.kind, m.event)
}
