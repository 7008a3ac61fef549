package native

import (
	"context"
	"net/http"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A Socket is one connection of a [Server]. Its methods may be called from any
// goroutine, and from handlers.
type Socket struct {
	driver
	server  *Server
	request *http.Request
	ws      *webSocket
	self    *link

	// Guarded by the server's mutex.
	rooms map[string]struct{}
	gone  bool

	dropped uint64 // guarded by the driver's mutex
}

func newSocket(server *Server, r *http.Request, ws *webSocket) *Socket {
	s := &Socket{server: server, request: r, ws: ws, self: newLink(r.Context(), ws)}
	opts := &server.opts
	s.init(s, bsock.NewServer(bsock.Config{
		PingInterval:   opts.PingInterval,
		PingTimeout:    opts.PingTimeout,
		MaxFrame:       opts.MaxFrame,
		MaxAttachments: opts.MaxAttachments,
		Base64:         base64Codec{},
		SendBase64:     r.URL.Query().Get("b64") == "1",
	}), server.limits)
	return s
}

// serve runs the connection to its end.
func (s *Socket) serve() {
	s.mu.Lock()
	s.attach(s.self)
	s.mu.Unlock()
	stop := context.AfterFunc(s.request.Context(), func() {
		s.shut(ErrShutdown, bsock.CloseGoingAway, ErrShutdown.Error())
	})
	defer stop()
	s.welcome()
	s.self.read(&s.driver)
	<-s.done
}

// welcome lets the application set up its side.
func (s *Socket) welcome() {
	if !s.server.add(s) {
		s.shut(ErrShutdown, bsock.CloseGoingAway, ErrShutdown.Error())
		return
	}
	if s.server.opts.OnSocket == nil {
		return
	}
	if failure := guard("function", "OnSocket", func() { s.server.opts.OnSocket(s) }); failure != nil {
		s.report(failure)
		s.shut(failure, bsock.CloseInternal, errInternal.Message)
	}
}

// Bind has fn called at each event of this name, one event at a time in order
// of arrival.
//
// All handlers of a connection share one goroutine: a handler that waits holds
// up all that arrives after it, in the end the client itself, and one that
// waits for a Call may wait for what it holds up.
func (s *Socket) Bind(event string, fn func(args Args)) (unbind func(), err error) {
	return s.handlers.bind(event, fn)
}

// Hook has fn answer the calls of this name. It runs in a goroutine of its own;
// calls above MaxHooks wait, and with them all that arrives after. Its context
// ends with the connection.
//
// What fn returns is the answer. Of an error the client is told the message,
// and more only if it is a [bsock.RemoteError].
func (s *Socket) Hook(event string, fn func(ctx context.Context, args Args) (any, error)) error {
	return s.handlers.hook(event, fn)
}

// HookInOrder is Hook for calls that must not overtake each other: until fn calls
// next or returns, nothing that arrived after the call is told to anyone. A proxy
// calls next once it has given the call its place among the others.
func (s *Socket) HookInOrder(event string, fn func(ctx context.Context, args Args, next func()) (any, error)) error {
	return s.handlers.add(event, hook{fn: fn, inOrder: true})
}

// Unhook takes the hook of this name away.
func (s *Socket) Unhook(event string) { s.handlers.unhook(event) }

// Fire sends an event. It returns when the event is in the outgoing queue; it
// waits for room there until ctx ends.
func (s *Socket) Fire(ctx context.Context, event string, args ...any) error {
	return s.fire(ctx, nil, event, args)
}

// Call sends an event as a call and returns the answer. It waits until ctx ends,
// CallTimeout has passed, or the connection is lost.
func (s *Socket) Call(ctx context.Context, event string, args ...any) (Value, error) {
	return s.call(ctx, nil, event, args)
}

// Close closes the connection. What is queued still goes out. It returns when
// the WebSocket is closed; see Done for the handlers.
func (s *Socket) Close() error {
	return s.CloseWith(bsock.CloseNormal, "")
}

// CloseWith is Close with a code and a reason for the client to know.
func (s *Socket) CloseWith(code bsock.CloseCode, reason string) error {
	if l := s.shut(ErrClosed, code, reason); l != nil {
		<-l.closed
	}
	return nil
}

// Done is closed when the connection has ended and all its handlers have
// returned.
func (s *Socket) Done() <-chan struct{} { return s.done }

// Context returns a context that ends with the connection; context.Cause says
// why. It has the values of the request's context.
func (s *Socket) Context() context.Context { return s.self.ctx }

// Request returns the request that opened the connection.
func (s *Socket) Request() *http.Request { return s.request }

// RemoteAddr returns the network address of the client.
func (s *Socket) RemoteAddr() string { return s.request.RemoteAddr }

// Subprotocol returns the WebSocket subprotocol that was agreed on, "" for none.
func (s *Socket) Subprotocol() string { return s.ws.subprotocol() }

// Dropped returns how many broadcasts were dropped under [SlowDrop].
func (s *Socket) Dropped() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dropped
}

// dial implements owner.
func (s *Socket) dial(string, []string) { panic("native: a server's Conn does not dial") }

// up implements owner.
func (s *Socket) up(*link) { s.open = true }

// down implements owner.
func (s *Socket) down(err error, _ bool) {
	s.server.remove(s)
	if fn := s.server.opts.OnDisconnect; fn != nil {
		s.inbox.put(arrival{news: func() { fn(s, err) }})
	}
}

// report implements owner.
func (s *Socket) report(err error) {
	if s.server.opts.OnError != nil {
		s.server.opts.OnError(s, err)
		return
	}
	logPanic(err)
}
