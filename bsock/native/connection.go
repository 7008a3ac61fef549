package native

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A connection is one of a Server's, with a Socket for each namespace that its
// client has joined.
type connection struct {
	driver
	server  *Server
	request *http.Request
	values  context.Context // of the request's context, and no end
	ws      *webSocket
	self    *link

	// first is the connection's Socket in the default namespace, before it has
	// joined that, and for errors that belong to none.
	first *Socket

	applicants []*Socket // those that the application is asked about; guarded by mu
}

func newConnection(server *Server, p Protocol, r *http.Request, ws *webSocket) *connection {
	c := &connection{server: server, request: r, values: context.WithoutCancel(r.Context()), ws: ws}
	c.self = newLink(c.values, ws)
	config := server.opts.config(p, rand.Text(), r.URL.Query().Get("b64") == "1")
	c.init(c, bsock.NewServer(config), p, server.opts.Limits)
	c.relief = &server.relief
	c.self.duty = onDuty{link: c.self, driver: &c.driver, place: -1}
	c.first = newSocket(c, server.root)
	return c
}

// start has the connection served, to its end.
func (c *connection) start() {
	known := c.server.add(c)
	old := c.protocol.version() == bsock.Version3
	c.mu.Lock()
	if old {
		c.spaces = append(c.spaces, c.first.space) // nobody asks to join it
	}
	c.attach(c.self)
	if old && known {
		c.tell(arrival{news: c.receiveFirst})
	}
	c.running.Add(1)
	c.mu.Unlock()
	if !known {
		c.shut(ErrShutdown, bsock.CloseGoingAway, ErrShutdown.Error())
	}
	go c.read()
}

func (c *connection) read() {
	defer c.running.Done()
	c.self.read(&c.driver)
}

// over implements owner.
func (c *connection) over() { c.server.finish() }

// receiveFirst lets a client of Engine.IO 3, which has joined the default
// namespace already, meet the application.
func (c *connection) receiveFirst() {
	if c.server.root.opts.Auth == nil {
		c.welcome(c.first)
		return
	}
	if err := c.authorize(c.first, Value{}); err != nil {
		remote := remoteError(err)
		_ = c.first.Complain(c.first.ctx, remote) // it fails only if the connection has ended
		c.shut(remote, bsock.ClosePolicy, remote.Message)
		return
	}
	c.welcome(c.first)
}

// join implements owner.
func (c *connection) join(a arrival) {
	name := a.payload.Namespace
	n := c.server.namespace(name)
	if n == nil {
		c.deny(name, errInvalidNamespace)
		return
	}
	s := c.first
	if name != "" || s.used {
		s = newSocket(c, n)
	}
	s.used = true
	if n.opts.Auth == nil {
		c.admitSocket(s)
		return
	}
	if !c.takeSlot(c.self.ctx) || !c.apply(s) {
		return
	}
	c.running.Go(func() {
		defer func() { <-c.slots }()
		c.decide(s, authOf(a.payload))
	})
}

// errInvalidNamespace refuses what nobody serves, in Socket.IO's words.
// socket.io 4: lib/client.ts doConnect
var errInvalidNamespace = &bsock.RemoteError{Message: "Invalid namespace"}

// authOf returns what a client says of itself, null if nothing.
func authOf(p bsock.Payload) Value {
	if len(p.JSON) == 0 {
		return Value{}
	}
	return Value{json: p.JSON}
}

// decide asks the application whether s may join. If so the dispatcher admits
// it, before it tells anybody what the client sends then.
func (c *connection) decide(s *Socket, auth Value) {
	err := c.authorize(s, auth)
	if err != nil {
		c.deny(s.space.name, remoteError(err))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.dismiss(s, err)
	} else if !c.ended {
		c.tell(arrival{news: func() { c.admitSocket(s) }})
	}
}

// apply notes that the application is about to be asked about s, and reports
// whether the connection is still there. It may put s into rooms at once.
func (c *connection) apply(s *Socket) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		<-c.slots
		return false
	}
	c.applicants = append(c.applicants, s)
	return true
}

// dismiss ends s, which is not to join.
func (c *connection) dismiss(s *Socket, err error) {
	i := slices.Index(c.applicants, s)
	if i < 0 {
		return // it ended with the connection
	}
	c.applicants = slices.Delete(c.applicants, i, i+1)
	s.space.shut(closedBy(err))
	s.end(err)
	s.namespace.remove(s)
	close(s.done)
}

func (c *connection) authorize(s *Socket, auth Value) (err error) {
	failure := guard("function", "Auth", func() { err = s.namespace.opts.Auth(s.ctx, s, auth) })
	if failure != nil {
		c.report(failure)
		return errInternal
	}
	return err
}

func (c *connection) deny(name string, remote *bsock.RemoteError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.conn.Deny(name, remote) // it fails only if the client asks no more
	c.pump()
}

// admitSocket lets s join, and meet the application.
func (c *connection) admitSocket(s *Socket) {
	c.mu.Lock()
	c.spaces = append(c.spaces, s.space)
	err := c.conn.Admit(s.space.name)
	if err != nil { // the client asks no more
		c.removeSpace(s.space)
		c.dismiss(s, ErrNotJoined)
	}
	c.applicants = slices.DeleteFunc(c.applicants, func(other *Socket) bool { return other == s })
	c.pump()
	c.mu.Unlock()
	if err == nil {
		c.welcome(s)
	}
}

// welcome lets the application set up its side of s.
func (c *connection) welcome(s *Socket) {
	n := s.namespace
	if !n.add(s) || n.opts.OnSocket == nil {
		return
	}
	if failure := guard("function", "OnSocket", func() { n.opts.OnSocket(s) }); failure != nil {
		c.report(failure)
		c.shut(failure, bsock.CloseInternal, errInternal.Message)
	}
}

func (c *connection) removeSpace(s *space) {
	c.spaces = slices.DeleteFunc(c.spaces, func(other *space) bool { return other == s })
}

// endSocket ends s, which has been left or lost because of err.
func (c *connection) endSocket(s *Socket, err error) {
	c.removeSpace(s.space)
	s.space.shut(closedBy(err))
	s.end(err)
	known := s.namespace.remove(s)
	c.tell(arrival{news: func() {
		if known && s.namespace.opts.OnDisconnect != nil {
			failure := guard("function", "OnDisconnect", func() { s.namespace.opts.OnDisconnect(s, err) })
			if failure != nil {
				c.report(failure)
			}
		}
		c.running.Go(func() { s.space.hooks.Wait(); close(s.done) })
	}})
}

// leave ends s alone, and reports whether it was there.
func (c *connection) leave(s *Socket) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !s.space.joined {
		return false
	}
	_ = c.conn.Leave(s.space.name) // it is joined
	c.endSocket(s, ErrClosed)
	c.pump()
	return true
}

// dial implements owner.
func (c *connection) dial(string, []string) { panic("native: a server's Conn does not dial") }

// authenticate implements owner.
func (c *connection) authenticate(*link) { panic("native: a server's Conn is not asked who it is") }

// up implements owner.
func (c *connection) up(*link, *space) { c.open = true }

// left implements owner.
func (c *connection) left(s *space, err error) {
	if err == nil {
		err = errLeft
	}
	c.endSocket(s.socket, err)
}

// errLeft ends the socket of a client that has left its namespace.
var errLeft error = &bsock.CloseError{Code: bsock.CloseNormal, Reason: "Disconnect packet."}

// down implements owner.
func (c *connection) down(err error, _ bool) {
	c.server.remove(c)
	c.first.end(err) // which may not have joined
	for _, s := range slices.Clone(c.applicants) {
		c.dismiss(s, err)
	}
	for _, s := range slices.Clone(c.spaces) {
		c.endSocket(s.socket, err)
	}
}

// report implements owner.
func (c *connection) report(err error) {
	if c.server.opts.OnError != nil {
		c.server.opts.OnError(c.first, err)
		return
	}
	logPanic(err)
}
