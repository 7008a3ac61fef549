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
	ws      *webSocket
	self    *link

	// first is the connection's Socket in the default namespace, before it has
	// joined that, and for errors that belong to none.
	first *Socket

	applicants []*Socket // those that the application is asked about; guarded by mu
}

func newConnection(server *Server, p Protocol, r *http.Request, ws *webSocket) *connection {
	values := context.WithoutCancel(r.Context())
	c := &connection{server: server, request: r.WithContext(values), ws: ws, self: newLink(values, ws)}
	config := server.opts.config(p, rand.Text(), r.URL.Query().Get("b64") == "1")
	c.init(c, bsock.NewServer(config), p, server.opts.Limits)
	c.relief = &server.relief
	c.self.duty = onDuty{link: c.self, driver: &c.driver, place: -1}
	c.first = newSocket(c, server.root)
	return c
}

// start has the connection served, to its end. Of a client of Engine.IO 3, which
// has joined the default namespace already, nothing is read before it has met the
// application.
func (c *connection) start() {
	c.mu.Lock()
	known := c.server.add(c) // a Shutdown that sees it waits for mu
	old := known && c.protocol.version() == bsock.Version3
	if old {
		c.first.used = true
		c.spaces = append(c.spaces, c.first.space) // nobody asks to join it
	}
	c.running.Add(1)
	c.attach(c.self)
	c.mu.Unlock()
	defer func() { go c.read() }() // also if the application ends this goroutine
	if !known {
		c.shutDown()
	} else if old {
		c.ask(c.first, Value{}, c.receiveFirst)
	}
}

func (c *connection) read() {
	defer c.running.Done()
	c.self.read(&c.driver)
}

// shutDown ends the connection with its server.
func (c *connection) shutDown() {
	c.shut(ErrShutdown, bsock.CloseGoingAway, ErrShutdown.Error())
}

// over implements owner.
func (c *connection) over() { c.server.finish(c) }

// receiveFirst lets a client of Engine.IO 3 meet the application, or not.
func (c *connection) receiveFirst(err error) {
	if err == nil {
		c.welcome(c.first)
		return
	}
	remote := remoteError(err)
	_ = c.first.Complain(c.first.ctx, remote) // it fails only if the connection has ended
	c.shut(remote, bsock.ClosePolicy, remote.Message)
}

// join implements owner.
func (c *connection) join(a arrival) {
	name := a.payload.Namespace
	n := c.server.namespace(name)
	if n == nil {
		c.deny(name, errInvalidNamespace)
		return
	}
	s := c.apply(n)
	switch {
	case s == nil:
	case n.opts.Auth == nil:
		c.admitSocket(s)
	case c.takeSlot(s.ctx):
		c.running.Go(func() {
			defer func() { <-c.slots }()
			c.ask(s, authOf(a.payload), func(err error) { c.decided(s, err) })
		})
	}
}

// apply returns the socket of a client that wants to join n, nil if the connection
// has ended. It may be put into rooms at once.
func (c *connection) apply(n *ServerNamespace) *Socket {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return nil
	}
	s := c.first
	if n.name != "" || s.used {
		s = newSocket(c, n)
	}
	s.used = true
	c.applicants = append(c.applicants, s)
	return s
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

// ask asks the application whether s may join, if it wants to be asked, and acts on
// what it says. If it ends the goroutine it has not said yes.
func (c *connection) ask(s *Socket, auth Value, act func(err error)) {
	var err error
	defer func() { act(err) }()
	if s.namespace.opts.Auth != nil {
		err = errInternal
		err = c.authorize(s, auth)
	}
}

// decided lets s join or not. If so the dispatcher admits it, before it tells
// anybody what the client sends then.
func (c *connection) decided(s *Socket, err error) {
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

// dismiss ends s, which is not to join.
func (c *connection) dismiss(s *Socket, err error) {
	i := slices.Index(c.applicants, s)
	if i < 0 {
		return // it ended with the connection
	}
	c.applicants = slices.Delete(c.applicants, i, i+1)
	c.discard(s, err)
}

// discard ends s, which has not joined.
func (c *connection) discard(s *Socket, err error) {
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
		defer c.running.Go(func() { s.space.hooks.Wait(); close(s.done) })
		if known && s.namespace.opts.OnDisconnect != nil {
			failure := guard("function", "OnDisconnect", func() { s.namespace.opts.OnDisconnect(s, err) })
			if failure != nil {
				c.report(failure)
			}
		}
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
	c.server.remove()
	if !c.first.used { // errors may have been reported with it
		c.discard(c.first, err)
	}
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
