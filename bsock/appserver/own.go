package appserver

import (
	"context"
)

// Most browsers need no connection of their own. One that says what cannot be
// shared gets it then, and keeps it until it leaves.

// upstream returns the connection that the browser's calls go to: a shared one,
// or its own if it has one or needs one.
func (b *session) upstream(ctx context.Context, k kind, own bool) (*upstream, error) {
	shared := b.server.shared[b.id][k]
	switch {
	case shared == nil:
		return nil, errNoServer(b.id, k)
	case b.own[k] != nil:
		return b.own[k], nil
	case !own:
		return shared, nil
	}
	u, err := b.separate(ctx, shared)
	if err != nil {
		return nil, forBrowser(err, k, "")
	}
	return u, nil
}

// separate gives the browser a connection of its own. It is told what the
// browser holds while the shared one is still heard, and then takes over; an
// event that the two of them bring before and after that moment is heard never
// or twice. A server that is away is not waited for: all is said when it comes.
func (b *session) separate(ctx context.Context, shared *upstream) (*upstream, error) {
	u, err := newUpstream(b.server, b.id, shared.kind, shared.target, b, func(u *upstream) {
		u.held = shared.heldBy(b)
		for sub := range b.subs {
			if sub.kind == u.kind {
				_ = u.subscribe(b, sub) // the shared connection had it bound, so it can be
			}
		}
	})
	if err != nil {
		return nil, err
	}
	if shared.isPresent() {
		ctx, cancel := context.WithTimeout(ctx, b.server.config.CallTimeout)
		defer cancel()
		if err := u.await(ctx); err != nil {
			b.server.running.Go(u.close)
			return nil, awayError{shared.kind}
		}
	}
	b.own[shared.kind] = u
	b.forget(shared)
	u.active.Store(true)
	return u, nil
}

// forget takes the browser off a shared connection.
func (b *session) forget(u *upstream) {
	for sub := range b.subs {
		if sub.kind == u.kind {
			u.unsubscribe(b, sub)
		}
	}
	u.release(b.server.closing, b)
}
