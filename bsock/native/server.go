package native

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
)

// A Server is an http.Handler that serves bsock and Socket.IO, at whatever path
// it is mounted.
//
// It speaks over WebSockets alone. Socket.IO's own client begins with HTTP
// requests unless it is told: io(url, {transports: ["websocket"]}).
type Server struct {
	opts ServerOptions
	root *ServerNamespace

	flusher flusher
	relief  relief
	made    atomic.Uint64 // sockets

	mu         sync.Mutex
	conns      map[*connection]struct{} // until their goroutines have returned
	open       int                      // of them
	namespaces map[string]*ServerNamespace
	serving    int // requests, and the connections they have become
	closing    bool
	idle       chan struct{} // closed when the server is closing and serves nothing
}

// NewServer returns a Server. It needs no starting.
func NewServer(opts *ServerOptions) *Server {
	s := &Server{
		opts:  opts.withDefaults(),
		conns: make(map[*connection]struct{}),
		idle:  make(chan struct{}),
	}
	s.root = newServerNamespace(s, "", NamespaceOptions{
		Auth:         s.opts.Auth,
		OnSocket:     s.opts.OnSocket,
		OnDisconnect: s.opts.OnDisconnect,
	})
	s.namespaces = map[string]*ServerNamespace{"": s.root}
	return s
}

var _ http.Handler = (*Server)(nil)

// ServeHTTP upgrades the request, and returns when the connection is open and a
// client of Engine.IO 3 has met OnSocket. The connection outlives the request and
// its context: Shutdown ends it, if the client does not. What net/http keeps for a
// request would be more than the connection itself takes.
//
// The sockets of the connection see the values of the request's context. Those
// that a router takes back when its handler returns, as chi and gin do theirs,
// have to be copied beforehand.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if t := r.URL.Query().Get("transport"); t != "" && t != "websocket" {
		http.Error(w, "This server speaks transport=websocket only.", http.StatusBadRequest)
		return
	}
	p, ok := protocolOf(r, s.opts.Accept)
	if !ok {
		http.Error(w, "This server does not speak this version of Engine.IO (EIO).", http.StatusBadRequest)
		return
	}
	if !s.begin() {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	open := false
	defer func() {
		if !open {
			s.finish(nil)
		}
	}()
	ws, err := acceptWebSocket(w, r, &s.opts)
	if err != nil {
		return // it has been answered
	}
	open = true
	newConnection(s, p, r, ws).start()
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

// finish is for a request that has been served, with the connection it became, if
// it did.
func (s *Server) finish(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
	s.serving--
	s.closeIfIdle()
}

func (s *Server) closeIfIdle() {
	if s.closing && s.serving == 0 {
		close(s.idle)
	}
}

// add takes a new connection in, and reports whether it may stay.
func (s *Server) add(c *connection) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[c] = struct{}{}
	s.open++
	return !s.closing
}

// remove is for a connection that has ended.
func (s *Server) remove() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
}

// Sockets returns how many connections there are.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

func (s *Server) all() []*connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	return keys(s.conns)
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
	for _, c := range s.all() {
		c.shutDown()
	}
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
	for _, c := range s.all() {
		c.self.cut(ErrShutdown)
	}
	return ctx.Err()
}

func (s *Server) stopServing() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closing {
		s.closing = true
		s.closeIfIdle()
	}
}
