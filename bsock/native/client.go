package native

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A Client is the client's end of a connection that comes back when it is lost.
// Its methods may be called from any goroutine, and from handlers.
type Client struct {
	*client
	peer // the default namespace
}

// A client is what all the Clients of one connection share.
type client struct {
	driver
	opts DialOptions
	root *space
	self *Client

	stopDial context.CancelFunc // ends the attempt that is under way
	dialing  chan error         // how the first attempt ended, for Dial; nil once told
}

// Dial connects to a server and returns when the connection is up and OnConnect
// has succeeded. If it returns an error nothing is left running. The context
// bounds the dialing alone.
//
// The url is ws://HOST:PORT/PATH/, or wss, http, https; the path is socket.io if
// there is none. It is the address of the server: a Socket.IO namespace is
// joined with [Client.Namespace].
func Dial(ctx context.Context, url string, opts *DialOptions) (*Client, error) {
	first := make(chan error, 1)
	c, err := newClient(url, opts, first)
	if err != nil {
		return nil, err
	}
	select {
	case err = <-first:
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	if err != nil {
		_ = c.Close()
		return nil, asDialError(url, err)
	}
	return c, nil
}

func asDialError(url string, err error) error {
	var e *DialError
	if errors.As(err, &e) {
		return err
	}
	return &DialError{URL: safeURL(url), Err: err}
}

// NewClient is Dial for a server that may not be there yet: it returns at once
// and connects behind the scenes, again and again as opts.Reconnect says. What
// is sent meanwhile waits. The error is one in the url.
func NewClient(url string, opts *DialOptions) (*Client, error) {
	return newClient(url, opts, nil)
}

func newClient(url string, opts *DialOptions, dialing chan error) (*Client, error) {
	c := &client{dialing: dialing, opts: opts.withDefaults()}
	p := c.opts.Protocol
	target, err := endpoint(url, p)
	if err != nil {
		return nil, err
	}
	c.init(c, bsock.NewClient(c.config(target)), p, c.opts.Limits)
	c.root = newSpace("", p)
	c.spaces = []*space{c.root}
	c.self = c.as(nil)
	if c.opts.Setup != nil {
		c.opts.Setup(c.self)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn.Open(time.Now())
	c.pump()
	return c.self, nil
}

func (c *client) config(target string) bsock.Config {
	return bsock.Config{
		URL:            target,
		Protocols:      c.opts.Subprotocols,
		Version:        c.opts.Protocol.version(),
		PlainAcks:      c.opts.Protocol.plainAcks(),
		AskAuth:        c.opts.Auth != nil,
		ConnectTimeout: c.opts.ConnectTimeout,
		Reconnect:      c.opts.Reconnect,
		Jitter:         rand.Float64,
		MaxFrame:       c.opts.Limits.MaxFrame,
		MaxSend:        c.opts.Limits.MaxSend,
		MaxAttachments: c.opts.Limits.MaxAttachments,
		Base64:         base64Codec{},
	}
}

// as returns c as those see it who may send on greeting before all others, or
// as all see it if that is nil.
func (c *client) as(greeting *link) *Client {
	return &Client{client: c, peer: peer{driver: &c.driver, space: c.root, greeting: greeting}}
}

// Protocol returns what is spoken: of ProtocolSocketIO, what the server turned
// out to speak, once it has.
func (c *Client) Protocol() Protocol {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.opts.Protocol.spoken(c.conn.Version())
}

// Close closes the connection for good. What is queued still goes out; calls
// that are under way return ErrClosed, and what has arrived without having been
// handled is dropped. It returns when the WebSocket is closed, within seconds;
// see Done for the handlers.
func (c *Client) Close() error {
	if l := c.shut(ErrClosed, bsock.CloseNormal, ""); l != nil {
		<-l.closed
	}
	return nil
}

// Done is closed when the Client has closed for good and all its handlers have
// returned.
func (c *Client) Done() <-chan struct{} { return c.done }

// Err returns why the Client has closed for good, nil while it has not.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// dial implements owner.
func (c *client) dial(url string, subprotocols []string) {
	ctx, cancel := context.WithCancel(context.Background())
	c.stopDial = cancel
	c.running.Go(func() {
		ws, err := c.openWebSocket(ctx, url, subprotocols)
		c.dialed(ctx, ws, err)
		cancel()
	})
}

// openWebSocket opens a WebSocket. To find out what a server speaks means to ask
// for the later version; servers of the earlier one pay no heed, as Socket.IO 2's
// own, or refuse, and are asked again.
func (c *client) openWebSocket(ctx context.Context, url string, subprotocols []string) (*webSocket, error) {
	ws, err := dialWebSocket(ctx, url, subprotocols, &c.opts)
	var refused *DialError
	if c.opts.Protocol != ProtocolSocketIO || !errors.As(err, &refused) || refused.Status != http.StatusBadRequest {
		return ws, err
	}
	url, err = endpoint(url, ProtocolSocketIO2)
	if err != nil {
		return nil, err
	}
	return dialWebSocket(ctx, url, subprotocols, &c.opts)
}

// dialed hands the Conn its new WebSocket, and reads it to its end.
func (c *client) dialed(ctx context.Context, ws *webSocket, err error) {
	c.mu.Lock()
	if ctx.Err() != nil { // the Conn has given this attempt up
		c.mu.Unlock()
		if err == nil {
			ws.abort()
		}
		return
	}
	c.stopDial = nil
	if err != nil {
		c.conn.HandleError(time.Now(), err)
		c.pump()
		c.mu.Unlock()
		return
	}
	l := newLink(context.Background(), ws)
	c.attach(l)
	c.mu.Unlock()
	l.read(&c.driver)
}

// up implements owner.
func (c *client) up(l *link, s *space) {
	switch {
	case s != c.root:
		s.asked = nil
		s.tellJoins(nil)
	case c.opts.OnConnect == nil:
		c.ready()
	default:
		c.running.Go(func() { c.greet(l) })
	}
}

// greet runs OnConnect and lets the others send if it succeeds.
func (c *client) greet(l *link) {
	ctx, cancel := context.WithTimeout(l.ctx, c.opts.ConnectTimeout)
	defer cancel()
	var err error
	failure := guard("function", "OnConnect", func() { err = c.opts.OnConnect(ctx, c.as(l)) })
	if failure != nil {
		err = failure
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.link != l: // what ended it has been reported
		return
	case err != nil:
		c.fail(l, fmt.Errorf("OnConnect: %w", err))
	default:
		l.greeted = true
		c.ready()
	}
	c.pump()
}

// fail ends the connection with an error of the application's.
func (c *client) fail(l *link, err error) {
	l.finish(&c.driver, bsock.CloseNormal, "")
	c.conn.HandleError(time.Now(), err)
}

// ready lets everybody send, and joins what was joined before.
func (c *client) ready() {
	c.open = true
	c.tellDial(nil)
	for _, s := range c.spaces {
		c.tryJoin(s, nil)
	}
}

// tellDial tells Dial how the first attempt ended, and reports whether it waits
// for that.
func (c *client) tellDial(err error) bool {
	if c.dialing == nil {
		return false
	}
	c.dialing <- err
	c.dialing = nil
	return true
}

// down implements owner.
func (c *client) down(err error, wasOpen bool) {
	if c.stopDial != nil {
		c.stopDial()
		c.stopDial = nil
	}
	switch {
	case c.tellDial(err):
	case wasOpen && c.opts.OnDisconnect != nil:
		c.tell(arrival{news: func() { c.opts.OnDisconnect(err) }})
	case !wasOpen && c.cause == nil: // an attempt that Close ended has not failed
		c.tell(arrival{kind: bsock.EventError, err: err})
	}
}

// over implements owner.
func (c *client) over() {}

// join implements owner.
func (c *client) join(arrival) { panic("native: a client's Conn lets nobody in") }

// report implements owner.
func (c *client) report(err error) {
	if c.opts.OnError != nil {
		c.opts.OnError(err)
		return
	}
	logPanic(err)
}
