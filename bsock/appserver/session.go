package appserver

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A session is one browser. What it says is carried out by one goroutine, run,
// in order; the fields below "run's own" are that goroutine's.
type session struct {
	server *Server
	socket *native.Socket
	id     string
	name   string // for the log
	room   string // where it is alone
	log    *slog.Logger

	authMu  sync.Mutex
	authed  bool
	wrong   int         // keys
	timeout *time.Timer // ends a browser that does not authenticate

	jobs chan func()   // what was said
	free chan struct{} // holds a token for each call that nothing waits for

	// run's own.
	calls  sync.WaitGroup // those that nothing waits for
	own    map[kind]*upstream
	subs   map[subscription]struct{}
	states map[kind]map[string]struct{} // what it watches and has joined
}

func newSession(s *Server, socket *native.Socket, id, name string) *session {
	b := &session{
		server: s,
		socket: socket,
		id:     id,
		name:   name,
		room:   "browser " + name,
		log:    s.config.Log.With("browser", name, "client", clip(id)),
		jobs:   make(chan func()),
		free:   make(chan struct{}, s.config.MaxCalls),
		own:    make(map[kind]*upstream),
		subs:   make(map[subscription]struct{}),
		states: map[kind]map[string]struct{}{nodeKind: {}, walletKind: {}},
	}
	socket.Join(b.room)
	b.must(socket.HookInOrder("auth", b.auth))
	b.timeout = time.AfterFunc(s.config.AuthTimeout, b.expire)
	b.log.Info("browser has connected")
	return b
}

// must is for names that are this package's own.
func (b *session) must(err error) {
	if err != nil {
		panic("appserver: " + err.Error()) // a name is reserved, or hooked twice
	}
}

// bind has fn carried out, in its turn, for the events of one name.
func (b *session) bind(name string, fn func(native.Args)) {
	_, err := b.socket.Bind(name, func(args native.Args) {
		b.enqueue(b.socket.Context(), func() { fn(args) })
	})
	b.must(err)
}

// maxWrongKeys is how often a browser may be wrong before it is not heard any
// more.
const maxWrongKeys = 3

// auth makes the rest known; before it there is nothing else.
// hsd: lib/node/http.js handleSocket
func (b *session) auth(_ context.Context, args native.Args, _ func()) (any, error) {
	b.authMu.Lock()
	defer b.authMu.Unlock()
	if b.authed {
		return nil, errAuthed
	}
	key, ok := args.Text(0)
	switch {
	case !ok && !args.Value(0).IsNull():
		return nil, notA("key", "string")
	case b.wrong >= maxWrongKeys:
		return nil, errTooMany("wrong keys", maxWrongKeys)
	case !b.server.keyIsRight(key):
		b.wrong++
		b.log.Warn("browser gives a wrong key")
		return nil, errKey
	}
	// Who does not know the key does not learn which ids there are either.
	if _, ok := b.server.config.Clients[b.id]; !ok {
		b.log.Warn("browser wants an unknown client")
		return nil, errUnknownID(b.id)
	}
	b.authed = true
	b.timeout.Stop()
	b.must(b.socket.HookInOrder("dispatch", b.dispatch))
	b.bind("broadcast", b.broadcast)
	b.bind("subscribe", b.subscribe)
	b.bind("unsubscribe", b.unsubscribe)
	b.log.Info("browser has authenticated")
	return nil, nil
}

// expire ends a browser that has not authenticated in time.
func (b *session) expire() {
	b.authMu.Lock()
	authed := b.authed
	b.authMu.Unlock()
	if !authed {
		b.log.Warn("browser has not authenticated in time")
		_ = b.socket.CloseWith(bsock.ClosePolicy, "Authentication timed out.") // it is closed whatever it returns
	}
}

// enqueue has job carried out in its turn, and reports whether it will be. While
// there is no room it waits, and with it all that the browser sends.
func (b *session) enqueue(ctx context.Context, job func()) bool {
	select {
	case b.jobs <- job:
		return true
	case <-ctx.Done():
		return false
	}
}

// run carries out what the browser says until it leaves.
func (b *session) run() {
	gone := b.socket.Context().Done()
	for {
		select {
		case job := <-b.jobs:
			job()
		case <-gone:
			b.end()
			return
		}
	}
}

// end takes back what the browser has left behind.
func (b *session) end() {
	b.timeout.Stop()
	b.calls.Wait()
	for k, u := range b.server.shared[b.id] {
		if own := b.own[k]; own != nil {
			own.close()
			continue
		}
		b.forget(u)
	}
	b.log.Info("browser has left", "why", context.Cause(b.socket.Context()))
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
		return nil, forBrowser(err, k, "", false)
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
		done(value, translate(err, m, false))
	})
}

// carryOut makes a call that others wait for.
func (b *session) carryOut(ctx context.Context, u *upstream, m message, e effect) (native.Value, error) {
	if !e.enter && !e.leave && !e.filter {
		value, err := u.call(ctx, b.server.config.CallTimeout, m.event, m.args)
		return value, translate(err, m, false)
	}
	states := b.states[m.kind]
	if _, ok := states[e.state]; e.enter && !ok && b.holds() >= b.server.config.MaxJoined {
		return native.Value{}, errTooMany("things watched and joined", b.server.config.MaxJoined)
	}
	value, err := u.change(ctx, b, m, e)
	switch {
	case e.enter && (err == nil || isAway(err)):
		states[e.state] = struct{}{}
	case e.leave:
		delete(states, e.state)
	}
	return value, translate(err, m, true)
}

// holds returns how much the browser watches and has joined.
func (b *session) holds() (n int) {
	for _, states := range b.states {
		n += len(states)
	}
	return n
}

func translate(err error, m message, remembered bool) error {
	if err == nil {
		return nil
	}
	return forBrowser(err, m.kind, m.event, remembered)
}

// subscribe has an upstream event fired at the browser from now on.
func (b *session) subscribe(args native.Args) {
	sub, err := parseSubscription(args)
	if err != nil {
		b.complain(err)
		return
	}
	if _, ok := b.subs[sub]; ok {
		return
	}
	if len(b.subs) >= b.server.config.MaxSubscriptions {
		b.complain(errTooMany("subscriptions", b.server.config.MaxSubscriptions))
		return
	}
	u, err := b.upstream(b.socket.Context(), sub.kind, false)
	if err == nil {
		err = u.subscribe(b, sub)
	}
	if err != nil {
		b.complain(err)
		return
	}
	b.subs[sub] = struct{}{}
	b.log.Debug("browser subscribes", "server", string(sub.kind), "event", sub.event, "response", sub.response)
}

// unsubscribe undoes subscribe. What was not subscribed to needs no undoing.
func (b *session) unsubscribe(args native.Args) {
	sub, err := parseSubscription(args)
	if err != nil {
		b.complain(err)
		return
	}
	if _, ok := b.subs[sub]; !ok {
		return
	}
	delete(b.subs, sub)
	if u, err := b.upstream(b.socket.Context(), sub.kind, false); err == nil {
		u.unsubscribe(b, sub)
	}
}

// complain tells the browser that an event could not be carried out. It has no
// answer in which to be told, so this is an error that belongs to nothing, as it
// is in bsock.
func (b *session) complain(err error) {
	b.log.Debug("browser is refused", "err", err)
	_ = b.socket.Complain(b.socket.Context(), err) // lost only with the browser
}
