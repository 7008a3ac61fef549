package native

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A Namespace is one of a client's namespaces. It has events, calls and
// handlers of its own, over the same connection. Bind and Hook may be used
// before it is joined, and should be; Fire and Call return [ErrNotJoined] then,
// and wait while it is being joined.
//
// A Namespace that was joined is joined again at each connection.
type Namespace struct {
	peer
	client *client
}

// Namespace returns the namespace with this name, like "/admin". There is one
// for each name, however often it is asked for; [Namespace.Join] joins it.
func (c *Client) Namespace(name string) *Namespace {
	c.mu.Lock()
	defer c.mu.Unlock()
	if name == "/" {
		name = ""
	}
	s := c.spaceOf(name)
	if s == nil {
		s = newSpace(name, c.opts.Protocol)
		s.ended = ErrNotJoined
		c.spaces = append(c.spaces, s)
	}
	return c.namespace(s, c.greeting)
}

func (c *client) namespace(s *space, greeting *link) *Namespace {
	return &Namespace{peer{driver: &c.driver, space: s, greeting: greeting}, c}
}

// Name returns the name, "" for the default namespace.
func (n *Namespace) Name() string { return n.space.name }

// Join joins the namespace, now and again at each connection, until the server
// puts the client out, or [Namespace.Leave]. It returns when the server has let
// the client in, or has not: then the error is a [*RefusedError]. If ctx ends
// first the namespace is left.
//
// In OnConnect it joins at once; otherwise it waits for the connection, and for
// OnConnect. The default namespace is joined with the connection, and not here.
func (n *Namespace) Join(ctx context.Context) error {
	done, err := n.beginJoin()
	if done == nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return n.endJoin(ctx, done)
	}
}

// beginJoin returns what tells how joining ended, nil if there is nothing to
// wait for.
func (n *Namespace) beginJoin() (done chan error, err error) {
	early := n.early()
	c, s := n.client, n.space
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.ended:
		return nil, c.closedError()
	case !bsock.ValidNamespace(s.name):
		return nil, bsock.ErrBadNamespace
	case s.joined:
		return nil, nil
	}
	s.ended = nil
	done = make(chan error, 1)
	s.joins = append(s.joins, done)
	c.tryJoin(s, early)
	c.pump()
	return done, nil
}

// endJoin gives up waiting, and the namespace with it if nobody else waits.
func (n *Namespace) endJoin(ctx context.Context, done chan error) error {
	c, s := n.client, n.space
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.Index(s.joins, done)
	if i < 0 {
		return <-done // it was told just now
	}
	s.joins = slices.Delete(s.joins, i, i+1)
	if len(s.joins) == 0 {
		c.leave(s)
	}
	return waitError{ErrNotJoined, ctx.Err()}
}

// Leave leaves the namespace. Its calls that are under way return ErrClosed.
// The default namespace is left with the connection alone.
func (n *Namespace) Leave() {
	n.client.mu.Lock()
	defer n.client.mu.Unlock()
	if n.space != n.client.root {
		n.client.leave(n.space)
	}
}

func (c *client) leave(s *space) {
	if c.link != nil {
		_ = c.conn.Leave(s.name) // else there is nothing to leave
	}
	s.shut(ErrNotJoined)
	s.tellJoins(ErrNotJoined)
	c.pump()
}

// tryJoin begins to join s if that is wanted and the connection is up, for all or
// for the OnConnect that runs on early.
func (c *client) tryJoin(s *space, early *link) {
	l := c.link
	switch {
	case s == c.root, s.ended != nil, s.joined, l == nil, s.asked == l:
		return
	case !c.open && (early == nil || early != l):
		return
	}
	s.asked = l
	c.introduce(l, s, func(err error) { c.left(s, err) })
}

// authenticate implements owner.
func (c *client) authenticate(l *link) {
	c.introduce(l, c.root, func(err error) { c.fail(l, err) })
}

// introduce joins s on l with what the application has to say of itself. An
// error of the application's goes to failed.
func (c *client) introduce(l *link, s *space, failed func(error)) {
	if c.opts.Auth == nil || c.conn.Version() == bsock.Version3 {
		c.sendJoin(s, bsock.Payload{}, failed)
		return
	}
	c.running.Go(func() {
		auth, err := c.askAuth(l, s.name)
		c.mu.Lock()
		defer c.mu.Unlock()
		switch {
		case c.link != l || s != c.root && s.asked != l:
			return // it is wanted no more
		case err != nil:
			failed(err)
		default:
			c.sendJoin(s, auth, failed)
		}
		c.pump()
	})
}

func (c *client) sendJoin(s *space, auth bsock.Payload, failed func(error)) {
	if err := c.conn.Join(time.Now(), s.name, auth); err != nil {
		failed(err)
	}
}

// askAuth asks the application what the server is to know.
func (c *client) askAuth(l *link, namespace string) (p bsock.Payload, err error) {
	ctx, cancel := context.WithTimeout(l.ctx, c.opts.ConnectTimeout)
	defer cancel()
	var auth any
	if failure := guard("function", "Auth", func() { auth, err = c.opts.Auth(ctx, namespace) }); failure != nil {
		err = failure
	}
	if err == nil && auth != nil {
		p.JSON, err = encodeAuth(auth)
	}
	if err != nil {
		return p, fmt.Errorf("DialOptions.Auth: %w", err)
	}
	return p, nil
}

// encodeAuth encodes what must be an object.
// socket.io-parser 4: isPacketValid
func encodeAuth(auth any) ([]byte, error) {
	text, err := json.Marshal(auth)
	if err == nil && text[0] != '{' {
		return nil, errors.New("it must return a struct or a map, which becomes a JSON object")
	}
	return text, err
}

// left implements owner.
func (c *client) left(s *space, err error) {
	var remote *bsock.RemoteError
	switch {
	case err == nil:
		err = ErrNotJoined
	case errors.As(err, &remote):
		err = &RefusedError{Namespace: s.name, Remote: remote}
	}
	s.shut(err)
	if !s.tellJoins(err) && c.opts.OnLeave != nil {
		c.tell(arrival{news: func() { c.opts.OnLeave(c.namespace(s, nil), err) }})
	}
}
