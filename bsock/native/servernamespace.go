package native

import "github.com/bsock-wasm/bsock-wasm/bsock"

// A ServerNamespace is one of a server's namespaces: its sockets, and its rooms,
// which have nothing to do with the rooms of other namespaces.
type ServerNamespace struct {
	server *Server
	name   string
	opts   NamespaceOptions

	// Guarded by the server's mutex.
	sockets room
	rooms   map[string]*room
}

func newServerNamespace(s *Server, name string, opts NamespaceOptions) *ServerNamespace {
	return &ServerNamespace{
		server: s,
		name:   name,
		opts:   opts,
		rooms:  make(map[string]*room),
	}
}

// Namespace has the server serve a namespace besides the default one, like
// "/admin". Clients that want to join one that is not served are refused. It
// returns [ErrNamespaceExists] for one that is served already.
func (s *Server) Namespace(name string, opts NamespaceOptions) (*ServerNamespace, error) {
	if !bsock.ValidNamespace(name) {
		return nil, bsock.ErrBadNamespace
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.namespaces[name] != nil {
		return nil, ErrNamespaceExists
	}
	n := newServerNamespace(s, name, opts)
	s.namespaces[name] = n
	return n, nil
}

// namespace returns the namespace with this name, nil if it is not served.
func (s *Server) namespace(name string) *ServerNamespace {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.namespaces[name]
}

// Name returns the name, like "/admin".
func (n *ServerNamespace) Name() string { return n.name }

// Sockets returns how many clients have joined.
func (n *ServerNamespace) Sockets() int {
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	return len(n.sockets.sockets)
}

func (n *ServerNamespace) all() []*Socket {
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	return n.sockets.all()
}

// add takes s in, unless it has ended already.
func (n *ServerNamespace) add(s *Socket) bool {
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	if s.gone {
		return false
	}
	s.known = true
	n.sockets.add(s)
	return true
}

// remove takes s, which has ended, out of n and its rooms, and reports whether
// it had been taken in.
func (n *ServerNamespace) remove(s *Socket) (known bool) {
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	n.sockets.remove(s)
	for room := range s.rooms {
		n.leave(s, room)
	}
	s.gone = true
	return s.known
}
