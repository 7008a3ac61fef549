package native

import (
	"context"
	"net/http"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A Socket is a client in one namespace of a [Server]; a client that has joined
// several has a Socket for each. Its methods may be called from any goroutine,
// and from handlers.
type Socket struct {
	peer
	conn      *connection
	namespace *ServerNamespace
	number    uint64 // in the order in which the server's were made
	used      bool   // it was asked for, or need not be; guarded by the driver's mutex

	ctx  context.Context
	end  context.CancelCauseFunc
	done chan struct{}

	// Guarded by the server's mutex.
	rooms map[string]struct{}
	known bool // it is one of the namespace's sockets, or was
	gone  bool

	dropped uint64 // guarded by the driver's mutex
}

func newSocket(c *connection, n *ServerNamespace) *Socket {
	s := &Socket{conn: c, namespace: n, number: c.server.made.Add(1), done: make(chan struct{})}
	s.ctx, s.end = context.WithCancelCause(c.request.Context())
	s.peer = peer{driver: &c.driver, space: newSpace(n.name, c.protocol)}
	s.space.socket = s
	return s
}

// Namespace returns the name of the namespace, "" for the default one.
func (s *Socket) Namespace() string { return s.namespace.name }

// Protocol returns what the client speaks.
func (s *Socket) Protocol() Protocol { return s.conn.protocol }

// Close closes the connection, if s is of the default namespace; otherwise it
// puts the client out of the namespace alone. What is queued still goes out. It
// returns when the WebSocket is closed; see Done for the handlers.
func (s *Socket) Close() error {
	if s.namespace.name == "" {
		return s.CloseWith(bsock.CloseNormal, "")
	}
	s.conn.leave(s)
	return nil
}

// CloseWith closes the connection, with a code and a reason for the client to
// know. It returns when the WebSocket is closed.
func (s *Socket) CloseWith(code bsock.CloseCode, reason string) error {
	if l := s.conn.shut(ErrClosed, code, reason); l != nil {
		<-l.closed
	}
	return nil
}

// Done is closed when s has ended, by itself or with the connection, and all its
// handlers have returned.
func (s *Socket) Done() <-chan struct{} { return s.done }

// Context returns a context that ends with s; context.Cause says why. It has the
// values of the request's context.
func (s *Socket) Context() context.Context { return s.ctx }

// Request returns the request that opened the connection. Its context does not end
// with it.
func (s *Socket) Request() *http.Request { return s.conn.request }

// RemoteAddr returns the network address of the client.
func (s *Socket) RemoteAddr() string { return s.conn.request.RemoteAddr }

// Subprotocol returns the WebSocket subprotocol that was agreed on, "" for none.
func (s *Socket) Subprotocol() string { return s.conn.ws.agreed }

// Dropped returns how many broadcasts were dropped under [SlowDrop].
func (s *Socket) Dropped() uint64 {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	return s.dropped
}
