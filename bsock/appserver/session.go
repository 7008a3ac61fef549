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
	b.server.strangers.remove(b)
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
	b.server.strangers.remove(b)
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
