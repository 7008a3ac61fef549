package native_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// everyProtocol runs check with clients of each protocol that can be told.
func everyProtocol(t *testing.T, check func(t *testing.T, p native.Protocol)) {
	for _, p := range []native.Protocol{bsockOnly, socketIO2, socketIO4, socketIO} {
		t.Run(p.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { check(t, p) })
		})
	}
}

// serveAdmin has the server serve /admin, and returns its sockets.
func (w *world) serveAdmin(opts native.NamespaceOptions) (*native.ServerNamespace, <-chan *native.Socket) {
	w.Helper()
	sockets := make(chan *native.Socket, 100)
	onSocket := opts.OnSocket
	opts.OnSocket = func(s *native.Socket) {
		if onSocket != nil {
			onSocket(s)
		}
		sockets <- s
	}
	n, err := w.server.Namespace(admin, opts)
	require.NoError(w, err)
	return n, sockets
}

func TestNamespaceTalks(t *testing.T) {
	everyProtocol(t, func(t *testing.T, p native.Protocol) {
		w := newWorld(t, native.ServerOptions{})
		n, sockets := w.serveAdmin(native.NamespaceOptions{})
		c, outside := w.dial(native.DialOptions{Protocol: p})
		a := c.Namespace(admin)
		assert.Equal(t, admin, a.Name())
		got, stray := inbox(t, a, "e"), inbox(t, c, "e")
		require.NoError(t, a.Join(w.ctx))
		require.NoError(t, a.Join(w.ctx), "who is in need not join")
		s := receive(t, sockets, "the socket")
		assert.NotSame(t, outside, s)

		require.NoError(t, s.Fire(w.ctx, "e", 1))
		require.NoError(t, n.All("e", 2))
		require.NoError(t, w.server.All("e", "for others"))
		assert.Equal(t, "1", string(receive(t, got, "an event").Raw(0)))
		assert.Equal(t, "2", string(receive(t, got, "an event").Raw(0)))
		text, _ := receive(t, stray, "an event outside").Text(0)
		assert.Equal(t, "for others", text)

		hook := func(name string) func(context.Context, native.Args) (any, error) {
			return func(context.Context, native.Args) (any, error) { return name, nil }
		}
		require.NoError(t, s.Hook("where", hook("inside")))
		require.NoError(t, outside.Hook("where", hook("outside")))
		require.NoError(t, a.Hook("where", hook("a client inside")))
		for _, test := range []struct {
			want string
			call func(context.Context, string, ...any) (native.Value, error)
		}{{"inside", a.Call}, {"outside", c.Call}, {"a client inside", s.Call}} {
			v, err := test.call(w.ctx, "where")
			require.NoError(t, err)
			text, _ := v.Text()
			assert.Equal(t, test.want, text, "each namespace has hooks of its own")
		}
	})
}

func TestJoinWaitsForOnConnect(t *testing.T) {
	everyProtocol(t, func(t *testing.T, p native.Protocol) {
		log := make(chan string, 100)
		w := newWorld(t, native.ServerOptions{OnSocket: func(s *native.Socket) {
			assert.NoError(t, s.Hook("auth", func(context.Context, native.Args) (any, error) {
				time.Sleep(time.Second)
				log <- "auth"
				return nil, nil
			}))
		}})
		_, sockets := w.serveAdmin(native.NamespaceOptions{OnSocket: func(s *native.Socket) {
			log <- "joined"
			_, err := s.Bind("e", func(args native.Args) { text, _ := args.Text(0); log <- text })
			assert.NoError(t, err)
		}})
		opts := native.DialOptions{Protocol: p, HTTPClient: w.httpClient(), OnConnect: func(ctx context.Context, c *native.Client) error {
			_, err := c.Call(ctx, "auth")
			return err
		}}
		c, err := native.NewClient("ws://node.test", &opts)
		require.NoError(t, err)
		defer func() { _ = c.Close(); <-c.Done() }()
		a := c.Namespace(admin)
		sent := make(chan error, 1)
		go func() {
			synctest.Wait()
			sent <- a.Fire(w.ctx, "e", "waits for the namespace")
		}()
		require.NoError(t, a.Join(w.ctx))
		require.NoError(t, receive(t, sent, "what waited"))
		for _, want := range []string{"auth", "joined", "waits for the namespace"} {
			assert.Equal(t, want, receive(t, log, want))
		}

		require.NoError(t, receive(t, sockets, "the socket").CloseWith(bsock.CloseGoingAway, "restart"))
		for _, want := range []string{"auth", "joined"} {
			assert.Equal(t, want, receive(t, log, want), "and again at each connection")
		}
		require.NoError(t, a.Fire(w.ctx, "e", "on the next connection"))
		assert.Equal(t, "on the next connection", receive(t, log, "the event"))
	})
}

func TestJoinInOnConnect(t *testing.T) {
	everyProtocol(t, func(t *testing.T, p native.Protocol) {
		w := newWorld(t, native.ServerOptions{})
		_, sockets := w.serveAdmin(native.NamespaceOptions{OnSocket: func(s *native.Socket) {
			assert.NoError(t, s.Hook("subscribe", func(context.Context, native.Args) (any, error) { return nil, nil }))
		}})
		subscribed := make(chan struct{}, 10)
		c := w.dialOnly(native.DialOptions{Protocol: p, OnConnect: func(ctx context.Context, c *native.Client) error {
			a := c.Namespace(admin)
			if err := a.Join(ctx); err != nil {
				return err
			}
			_, err := a.Call(ctx, "subscribe")
			subscribed <- struct{}{}
			return err
		}})
		receive(t, subscribed, "the subscription")
		s := receive(t, sockets, "the socket")
		require.NoError(t, s.CloseWith(bsock.CloseGoingAway, "restart"))
		receive(t, subscribed, "the subscription, again")
		receive(t, sockets, "the socket, again")
		_, err := c.Namespace(admin).Call(w.ctx, "subscribe")
		assert.NoError(t, err)
		assert.Empty(t, sockets, "it is joined once")
	})
}

func TestLeave(t *testing.T) {
	everyProtocol(t, func(t *testing.T, p native.Protocol) {
		w := newWorld(t, native.ServerOptions{})
		gone := make(chan error, 10)
		n, sockets := w.serveAdmin(native.NamespaceOptions{OnDisconnect: func(_ *native.Socket, err error) { gone <- err }})
		left := make(chan error, 10)
		c, outside := w.dial(native.DialOptions{Protocol: p, OnLeave: func(_ *native.Namespace, err error) { left <- err }})
		a := c.Namespace(admin)
		a.Leave() // which is nothing yet
		require.NoError(t, a.Join(w.ctx))
		s := receive(t, sockets, "the socket")
		s.Join("room")
		ended := make(chan error, 1)
		require.NoError(t, s.Hook("hang", func(ctx context.Context, _ native.Args) (any, error) {
			<-ctx.Done()
			ended <- context.Cause(ctx)
			return nil, nil
		}))
		call := make(chan error, 1)
		go func() { _, err := a.Call(w.ctx, "hang"); call <- err }()
		synctest.Wait()
		a.Leave()
		assert.ErrorIs(t, receive(t, call, "the call"), native.ErrClosed, "a call that is under way ends")
		assert.Error(t, receive(t, ended, "the hook"), "and so does what it runs")
		assert.ErrorContains(t, receive(t, gone, "the end"), "Disconnect packet.")
		<-s.Done()
		assert.Zero(t, n.Members("room"))
		assert.ErrorIs(t, a.Fire(w.ctx, "e"), native.ErrNotJoined)
		assert.ErrorIs(t, s.Fire(w.ctx, "e"), native.ErrClosed)
		assert.NoError(t, outside.Fire(w.ctx, "e"), "the connection lives on")

		require.NoError(t, a.Join(w.ctx))
		require.NoError(t, receive(t, sockets, "the next socket").Close())
		assert.ErrorIs(t, receive(t, left, "that it was put out"), native.ErrNotJoined)
		assert.ErrorIs(t, receive(t, gone, "the end"), native.ErrClosed)
		require.NoError(t, outside.CloseWith(bsock.CloseGoingAway, "restart"))
		outside = w.socket()
		synctest.Wait()
		assert.Empty(t, sockets, "who was put out does not come again by itself")
		assert.Empty(t, left)
		assert.Empty(t, gone)
		require.NoError(t, outside.Fire(w.ctx, "e"))
	})
}

func TestRefusedNamespaces(t *testing.T) {
	everyProtocol(t, func(t *testing.T, p native.Protocol) {
		w := newWorld(t, native.ServerOptions{})
		closing := false
		_, sockets := w.serveAdmin(native.NamespaceOptions{Auth: func(context.Context, *native.Socket, native.Value) error {
			if closing {
				return errors.New("closing time")
			}
			return nil
		}})
		left := make(chan error, 10)
		c, outside := w.dial(native.DialOptions{Protocol: p, OnLeave: func(n *native.Namespace, err error) {
			assert.Equal(t, admin, n.Name())
			left <- err
		}})
		var refused *native.RefusedError
		require.ErrorAs(t, c.Namespace("/nowhere").Join(w.ctx), &refused)
		assert.EqualError(t, refused, "namespace /nowhere is refused: Invalid namespace")
		for _, name := range []string{"", "/", "admin", "/a,b", "/a?b"} {
			assert.ErrorIs(t, c.Namespace(name).Join(w.ctx), bsock.ErrBadNamespace, "%q is no namespace", name)
		}

		a := c.Namespace(admin)
		require.NoError(t, a.Join(w.ctx))
		receive(t, sockets, "the socket")
		closing = true
		require.NoError(t, outside.CloseWith(bsock.CloseGoingAway, "restart"))
		require.ErrorAs(t, receive(t, left, "that it is not let in again"), &refused)
		assert.Equal(t, "closing time", refused.Remote.Message)
		assert.ErrorAs(t, a.Fire(w.ctx, "e"), &refused, "who is not in is told why")
		assert.ErrorAs(t, a.Join(w.ctx), &refused)
		closing = false
		require.NoError(t, a.Join(w.ctx), "and may try again")
	})
}

func TestJoinGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRawServer(t)
		p, client := s.connect(native.DialOptions{Protocol: socketIO2, ConnectTimeout: 5 * time.Second})
		assert.Equal(t, "/socket.io/?transport=websocket&EIO=3", receive(t, s.urls, "the URL"))
		p.text(hello)
		p.text("40")
		c := receive(t, client, "the client")
		a := c.Namespace(admin)
		ctx, cancel := context.WithTimeout(s.ctx, time.Second)
		defer cancel()
		err := a.Join(ctx)
		assert.ErrorIs(t, err, native.ErrNotJoined)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, "40/admin,", p.wantText())
		p.text("40/admin,")
		assert.Equal(t, "41/admin,", p.wantText(), "an answer that comes late is undone")

		assert.ErrorIs(t, a.Join(s.ctx), bsock.ErrConnectTimeout, "a server that does not answer is not waited for")
		assert.Equal(t, "40/admin,", p.wantText())
		joined := make(chan error, 1)
		go func() { joined <- a.Join(s.ctx) }()
		synctest.Wait()
		p.text("40/admin,")
		assert.NoError(t, receive(t, joined, "the answer"), "the next to join takes the answer")
		go p.drain()
		require.NoError(t, c.Close())
		<-c.Done()
	})
}

func TestServerNamespaces(t *testing.T) {
	server := native.NewServer(nil)
	n, err := server.Namespace(admin, native.NamespaceOptions{})
	require.NoError(t, err)
	assert.Equal(t, admin, n.Name())
	_, err = server.Namespace(admin, native.NamespaceOptions{})
	assert.ErrorIs(t, err, native.ErrNamespaceExists)
	for _, name := range []string{"", "/", "admin", "/a,b", "/a?b"} {
		_, err = server.Namespace(name, native.NamespaceOptions{})
		assert.ErrorIs(t, err, bsock.ErrBadNamespace, "%q is no namespace", name)
	}
}

func TestNamespacesTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxQueue: 1}})
		_, sockets := w.serveAdmin(native.NamespaceOptions{})
		p := w.rawDial()
		outside := w.socket()
		p.text("40/admin,")
		assert.Equal(t, "40/admin,", p.wantText())
		inside := receive(t, sockets, "the socket")

		sent := make(chan error, 10)
		for i := range 8 { // one is being written, one is queued, the others wait
			fire := outside.Fire
			if i%2 == 0 {
				fire = inside.Fire
			}
			go func() { sent <- fire(w.ctx, "n", i) }()
			synctest.Wait()
		}
		for i, want := range []string{
			`42/admin,["n",0]`, `42["n",1]`, `42/admin,["n",2]`, `42["n",3]`,
			`42/admin,["n",4]`, `42["n",5]`, `42/admin,["n",6]`, `42["n",7]`,
		} {
			assert.Equal(t, want, p.wantText(), "who waits longest is next, whatever the namespace")
			assert.NoError(t, receive(t, sent, "event"), "event %d", i)
		}
		p.conn.Close()
	})
}
