package appserver

import (
	"context"
	"errors"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// What is said to stay said: that the chain is watched, that a wallet is joined,
// which filter there is. It is counted by browser and said again on each new
// connection.
//
// The rules are:
//
//  1. Who changes any of it upstream holds the upstream's turn.
//  2. It is noted before the call goes out, so that a connection that is made
//     meanwhile is told, and taken back if the server refuses.
//  3. A server that is away refuses nothing.

// A holding is one thing said, and by whom.
type holding struct {
	call  message // the latest that said it
	undo  string  // the call that unsays it
	by    map[*session]struct{}
	epoch int // the connection that has been told
}

const (
	// maxHeldBytes bounds a call that stays said: an id and a token of 32 bytes
	// are all there is to one.
	maxHeldBytes = 4 << 10
	// maxFilterBytes bounds what a filter is made of: a filter of BIP 37 has at
	// most 36,000 bytes, so this is room for many additions.
	maxFilterBytes = 1 << 20
)

// change makes a call that changes what stays said.
func (u *upstream) change(ctx context.Context, s *session, m message, e effect) (native.Value, error) {
	select {
	case u.turn <- struct{}{}:
	case <-ctx.Done():
		return native.Value{}, ctx.Err()
	}
	defer func() { <-u.turn }()
	switch {
	case e.enter:
		return u.enter(ctx, s, m, e)
	case e.leave:
		return u.leave(ctx, s, m, e.state)
	}
	return u.refilter(ctx, m)
}

// enter says something, whether or not it has been said for others: the answer
// is the server's own.
func (u *upstream) enter(ctx context.Context, s *session, m message, e effect) (native.Value, error) {
	h, takeBack, epoch := u.hold(s, m, e)
	value, err := u.call(ctx, u.server.config.CallTimeout, m.event, m.args)
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case err == nil:
		h.epoch = max(h.epoch, epoch)
	case !isAway(err):
		takeBack()
	}
	return value, err
}

// hold notes that s holds a state. takeBack, which needs mu, makes it as if
// nothing had been said.
func (u *upstream) hold(s *session, m message, e effect) (h *holding, takeBack func(), epoch int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	h = u.held[e.state]
	if h == nil {
		h = &holding{by: make(map[*session]struct{})}
		u.held[e.state] = h
	}
	_, held := h.by[s]
	before := h.call
	h.by[s] = struct{}{}
	h.call, h.undo = m.kept(), e.undo
	takeBack = func() {
		h.call = before
		if !held {
			u.unhold(s, e.state)
		}
	}
	return h, takeBack, u.epoch
}

// unhold takes s off a state, and reports whether others hold it still.
func (u *upstream) unhold(s *session, state string) (others bool) {
	h := u.held[state]
	if h == nil {
		return false
	}
	delete(h.by, s)
	if len(h.by) > 0 {
		return true
	}
	delete(u.held, state)
	return false
}

// leave unsays something once nobody holds it any longer. A server that is away
// has forgotten it already.
func (u *upstream) leave(ctx context.Context, s *session, m message, state string) (native.Value, error) {
	u.mu.Lock()
	others := u.unhold(s, state)
	u.mu.Unlock()
	if others {
		return native.Value{}, nil
	}
	value, err := u.call(ctx, u.server.config.CallTimeout, m.event, m.args)
	if isAway(err) {
		return native.Value{}, nil
	}
	return value, err
}

// refilter changes the filter. What made it is kept from the last setting on.
func (u *upstream) refilter(ctx context.Context, m message) (native.Value, error) {
	u.mu.Lock()
	before, epoch := u.filter, u.epoch
	after := filterAfter(before, m.kept())
	if filterSize(after) > maxFilterBytes {
		u.mu.Unlock()
		return native.Value{}, errTooMany("bytes in the filter", maxFilterBytes)
	}
	u.filter, u.filterEpoch = after, 0
	u.mu.Unlock()

	value, err := u.call(ctx, u.server.config.CallTimeout, m.event, m.args)
	u.mu.Lock()
	defer u.mu.Unlock()
	if err != nil && !isAway(err) {
		u.filter = before
	}
	if !isAway(err) {
		u.filterEpoch = max(u.filterEpoch, epoch)
	}
	return value, err
}

func filterAfter(calls []message, m message) []message {
	switch m.event {
	case "set filter":
		return []message{m}
	case "reset filter":
		return nil
	}
	return append(calls[:len(calls):len(calls)], m)
}

func filterSize(calls []message) (size int) {
	for _, m := range calls {
		size += m.size()
	}
	return size
}

// release unsays all that s alone holds.
func (u *upstream) release(ctx context.Context, s *session) {
	select {
	case u.turn <- struct{}{}:
	case <-ctx.Done():
		return
	}
	defer func() { <-u.turn }()
	for state, undo := range u.unholdAll(s) {
		var args []any
		if u.kind == walletKind {
			args = append(args, state)
		}
		if _, err := u.call(ctx, u.server.config.CallTimeout, undo, args...); err != nil && !isAway(err) {
			u.log.Warn("server cannot be told", "call", undo, "err", err)
		}
	}
}

// unholdAll takes s off everything, and returns what nobody holds any longer
// with the call that unsays it.
func (u *upstream) unholdAll(s *session) map[string]string {
	u.mu.Lock()
	defer u.mu.Unlock()
	free := make(map[string]string)
	for state, h := range u.held {
		if _, ok := h.by[s]; ok && !u.unhold(s, state) {
			free[state] = h.undo
		}
	}
	return free
}

// heldBy returns copies of what s holds, for another connection to be told.
func (u *upstream) heldBy(s *session) map[string]*holding {
	u.mu.Lock()
	defer u.mu.Unlock()
	found := make(map[string]*holding)
	for state, h := range u.held {
		if _, ok := h.by[s]; ok {
			found[state] = &holding{call: h.call, undo: h.undo, by: map[*session]struct{}{s: {}}}
		}
	}
	return found
}

func isAway(err error) bool { return errors.As(err, new(awayError)) }
