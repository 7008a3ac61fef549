package native

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// ServerOptions say how a [Server] is to behave. Zero values stand for the
// defaults, which are those of package bsock, [DefaultMaxQueue] and so on.
type ServerOptions struct {
	// OnSocket is called for each new connection, before anything is read from
	// it: this is where to bind and to hook. It may Fire, but a Call would wait
	// for itself. The connection is read when it returns.
	OnSocket func(s *Socket)
	// OnDisconnect is called when a connection has ended, after its last event.
	OnDisconnect func(s *Socket, err error)
	// OnError is called for each error that ends nothing, malformed input or a
	// panic of a handler, and for ErrSlowConsumer. Without it panics are logged
	// and all else is ignored. It may be called from several goroutines at
	// once.
	OnError func(s *Socket, err error)

	// OriginPatterns are the hosts whose pages may connect, besides the
	// server's own: "example.com", "*.example.com", "localhost:*". AnyOrigin
	// lets all pages connect, which is safe only if connecting gives a page
	// nothing it may not have.
	OriginPatterns []string
	AnyOrigin      bool
	// Protocols are the WebSocket subprotocols that are spoken.
	Protocols []string

	// PingInterval and PingTimeout are what clients are told of the heartbeat.
	// One that was silent for both together is cut off.
	PingInterval, PingTimeout time.Duration
	// CallTimeout bounds a call; its context may end it earlier.
	CallTimeout time.Duration
	// WriteTimeout is how long a client may take to accept a message before it
	// is cut off.
	WriteTimeout time.Duration
	// SlowPolicy says what becomes of a broadcast for a client whose queue is
	// full.
	SlowPolicy SlowPolicy

	// MaxSockets bounds the connections; those above it are answered with
	// status 503. 0 means no bound.
	MaxSockets int
	// MaxFrame bounds a message, in bytes, and MaxAttachments the attachments
	// of one packet.
	MaxFrame, MaxAttachments int
	// MaxQueue and MaxQueueBytes bound what waits to be sent to one client.
	MaxQueue, MaxQueueBytes int
	// MaxInbox and MaxInboxBytes bound what waits for its handler. One that is
	// full keeps the client from sending.
	MaxInbox, MaxInboxBytes int
	// MaxHooks bounds the hooks of one client that run at a time.
	MaxHooks int
}

func (o *ServerOptions) limits() limits {
	return limits{
		queue: o.MaxQueue, queueBytes: o.MaxQueueBytes,
		inbox: o.MaxInbox, inboxBytes: o.MaxInboxBytes,
		hooks: o.MaxHooks, callTimeout: o.CallTimeout, writeTimeout: o.WriteTimeout,
	}.withDefaults()
}

// A Server is an http.Handler that serves bsock, at whatever path it is mounted.
type Server struct {
	opts   ServerOptions
	limits limits

	mu      sync.Mutex
	sockets map[*Socket]struct{}
	rooms   map[string]map[*Socket]struct{}
	serving int // requests, upgraded or not yet
	closing bool
	idle    chan struct{} // closed when the server is closing and serves nothing
}

// NewServer returns a Server. It needs no starting.
func NewServer(opts *ServerOptions) *Server {
	s := &Server{
		sockets: make(map[*Socket]struct{}),
		rooms:   make(map[string]map[*Socket]struct{}),
		idle:    make(chan struct{}),
	}
	if opts != nil {
		s.opts = *opts
	}
	if s.opts.MaxFrame <= 0 {
		s.opts.MaxFrame = bsock.DefaultMaxFrame
	}
	s.limits = s.opts.limits()
	return s
}

var _ http.Handler = (*Server)(nil)

// ServeHTTP upgrades the request and serves the connection until it ends. The
// connection ends with the request's context.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if t := r.URL.Query().Get("transport"); t != "" && t != "websocket" {
		http.Error(w, "This server speaks transport=websocket only.", http.StatusBadRequest)
		return
	}
	if !s.begin() {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	defer s.finish()
	ws, err := acceptWebSocket(w, r, &s.opts)
	if err != nil {
		return // it has been answered
	}
	newSocket(s, r, ws).serve()
}

// begin reports whether one request more may be served.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing || s.opts.MaxSockets > 0 && s.serving >= s.opts.MaxSockets {
		return false
	}
	s.serving++
	return true
}

func (s *Server) finish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serving--
	s.closeIfIdle()
}

func (s *Server) closeIfIdle() {
	if s.closing && s.serving == 0 {
		close(s.idle)
	}
}

// add takes a new connection in, unless it has ended already or is to end.
func (s *Server) add(sock *Socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing || sock.gone {
		return false
	}
	s.sockets[sock] = struct{}{}
	return true
}

// remove takes a connection that has ended out of the server and its rooms.
func (s *Server) remove(sock *Socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sockets, sock)
	for room := range sock.rooms {
		s.leave(sock, room)
	}
	sock.gone = true
}

// Sockets returns how many connections there are.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

func (s *Server) all() []*Socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return keys(s.sockets)
}

// Shutdown ends the server: it takes no new connection, closes all there are
// with code 1001 behind what is queued for them, and waits until their handlers
// have returned; what has arrived without having been handled is dropped. If ctx
// ends first, it cuts the connections off and returns the error of ctx.
//
// The Shutdown of an http.Server does not know of these connections: call both,
// or have it call this one with RegisterOnShutdown.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stopServing()
	links := s.shutAll()
	select {
	case <-s.idle:
		return nil
	default: // nothing to wait for is no failure, even if ctx has ended
	}
	select {
	case <-s.idle:
		return nil
	case <-ctx.Done():
	}
	for _, l := range links {
		l.cut(ErrShutdown)
	}
	return ctx.Err()
}

// shutAll begins to close all connections.
func (s *Server) shutAll() []*link {
	var links []*link
	for _, sock := range s.all() {
		if l := sock.shut(ErrShutdown, bsock.CloseGoingAway, ErrShutdown.Error()); l != nil {
			links = append(links, l)
		}
	}
	return links
}

func (s *Server) stopServing() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closing {
		s.closing = true
		s.closeIfIdle()
	}
}
