package native

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// DialOptions say how a [Client] is to behave. Zero values stand for the
// defaults, which are those of package bsock, [DefaultMaxQueue] and so on.
type DialOptions struct {
	// HTTPClient opens the connections; http.DefaultClient if nil. TLS and
	// proxies are set in its Transport.
	HTTPClient *http.Client
	// HTTPHeader is sent with the handshake.
	HTTPHeader http.Header
	// Protocols are the WebSocket subprotocols to offer.
	Protocols []string

	// Setup binds and hooks, before anything can arrive.
	Setup func(c *Client)
	// OnConnect runs at each connection, the first and all later ones, before
	// anything else goes out: this is where to authenticate and to subscribe.
	// It must send through the c it is given; all others wait for it to return.
	// Its error ends the connection: Dial fails, a Client that reconnects tries
	// again.
	OnConnect func(ctx context.Context, c *Client) error
	// OnDisconnect is called when a connection has ended for which OnConnect
	// had succeeded, after the last event of that connection.
	OnDisconnect func(err error)
	// OnError is called for each error that ends nothing: an attempt to
	// connect again that failed, malformed input, an ERROR packet, a panic of
	// a handler. Without it panics are logged and all else is ignored. It may
	// be called from several goroutines at once.
	OnError func(err error)

	// Reconnect says when to try again after a loss.
	Reconnect bsock.Backoff
	// ConnectTimeout bounds an attempt, and then OnConnect.
	ConnectTimeout time.Duration
	// CallTimeout bounds a call; its context may end it earlier.
	CallTimeout time.Duration
	// WriteTimeout is how long the server may take to accept a message before
	// the connection is given up.
	WriteTimeout time.Duration

	// MaxFrame bounds a message, in bytes, and MaxAttachments the attachments
	// of one packet.
	MaxFrame, MaxAttachments int
	// MaxQueue and MaxQueueBytes bound what waits to be sent.
	MaxQueue, MaxQueueBytes int
	// MaxInbox and MaxInboxBytes bound what waits for its handler.
	MaxInbox, MaxInboxBytes int
	// MaxHooks bounds the hooks that run at a time.
	MaxHooks int
}

func (o *DialOptions) limits() limits {
	return limits{
		queue: o.MaxQueue, queueBytes: o.MaxQueueBytes,
		inbox: o.MaxInbox, inboxBytes: o.MaxInboxBytes,
		hooks: o.MaxHooks, callTimeout: o.CallTimeout, writeTimeout: o.WriteTimeout,
	}.withDefaults()
}

// A Client is the client's end of a connection that comes back when it is lost.
// Its methods may be called from any goroutine, and from handlers.
type Client struct {
	*client
	// greeting, if set, is the link of the OnConnect this Client was given to.
	greeting *link
}

// A client is what all the Clients of one connection share.
type client struct {
	driver
	opts DialOptions
	self *Client

	stopDial context.CancelFunc // ends the attempt that is under way
	dialing  chan error         // how the first attempt ended, for Dial; nil once told
}

// Dial connects to a bsock server and returns when the connection is up and
// OnConnect has succeeded. If it returns an error nothing is left running. The
// context bounds the dialing alone.
//
// The url is ws://HOST:PORT/NAMESPACE/, or wss, http, https; without a path the
// namespace is socket.io.
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
	target, err := endpoint(url)
	if err != nil {
		return nil, err
	}
	c := &client{dialing: dialing}
	if opts != nil {
		c.opts = *opts
	}
	if c.opts.MaxFrame <= 0 {
		c.opts.MaxFrame = bsock.DefaultMaxFrame
	}
	if c.opts.ConnectTimeout <= 0 {
		c.opts.ConnectTimeout = bsock.DefaultConnectTimeout
	}
	c.self = &Client{client: c}
	c.init(c, bsock.NewClient(bsock.Config{
		URL:            target,
		Protocols:      c.opts.Protocols,
		ConnectTimeout: c.opts.ConnectTimeout,
		Reconnect:      c.opts.Reconnect,
		Jitter:         rand.Float64,
		MaxFrame:       c.opts.MaxFrame,
		MaxAttachments: c.opts.MaxAttachments,
		Base64:         base64Codec{},
	}), c.opts.limits())
	if c.opts.Setup != nil {
		c.opts.Setup(c.self)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn.Open(time.Now())
	c.pump()
	return c.self, nil
}

// endpoint completes what the user gave to the URL that is dialed. The query
// begins with the transport, because bPanel's server knows it by that.
func endpoint(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", errors.New("dial: the URL cannot be parsed; it must be like ws://host:port/namespace/")
	}
	switch u.Scheme {
	case "ws", "wss", "http", "https":
	default:
		return "", fmt.Errorf("dial: the URL's scheme must be ws, wss, http or https, not %q", u.Scheme)
	}
	if u.Host == "" {
		return "", errors.New("dial: the URL names no host; it must be like ws://host:port/namespace/")
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = "/" + bsock.DefaultNamespace
	}
	u = u.JoinPath("/") // ends the path in a slash
	rest := u.Query()
	rest.Del("transport")
	u.RawQuery = strings.TrimSuffix("transport=websocket&"+rest.Encode(), "&")
	u.Fragment = ""
	return u.String(), nil
}

// Bind has fn called at each event of this name, one event at a time in order
// of arrival. See [DialOptions].Setup for when to bind.
//
// All handlers of a connection share one goroutine: a handler that waits holds
// up all that arrives after it, in the end the peer itself, and one that waits
// for a Call may wait for what it holds up.
func (c *Client) Bind(event string, fn func(args Args)) (unbind func(), err error) {
	return c.handlers.bind(event, fn)
}

// Hook has fn answer the calls of this name. It runs in a goroutine of its own;
// calls above MaxHooks wait, and with them all that arrives after. Its context
// ends with the connection.
//
// What fn returns is the answer. Of an error the peer is told the message, and
// more only if it is a [bsock.RemoteError].
func (c *Client) Hook(event string, fn func(ctx context.Context, args Args) (any, error)) error {
	return c.handlers.hook(event, fn)
}

// Unhook takes the hook of this name away.
func (c *Client) Unhook(event string) { c.handlers.unhook(event) }

// Fire sends an event. It returns when the event is in the outgoing queue; it
// waits for the connection, and for room in the queue, until ctx ends. An event
// whose connection is lost before it was written is lost too.
//
// See the package comment for how args are encoded.
func (c *Client) Fire(ctx context.Context, event string, args ...any) error {
	return c.fire(ctx, c.early(), event, args)
}

// Call sends an event as a call and returns the answer. It waits for the
// connection, and for room in the queue, until ctx ends; an answer it awaits
// until ctx ends, CallTimeout has passed, or the connection is lost. A call that
// was sent is never sent again: after ErrLost it may have been carried out.
func (c *Client) Call(ctx context.Context, event string, args ...any) (Value, error) {
	return c.call(ctx, c.early(), event, args)
}

// early returns the link on which c may send before all others, and on no other,
// if there is one.
func (c *Client) early() *link {
	if c.greeting == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.greeting.greeted {
		return nil
	}
	return c.greeting
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
func (c *client) dial(url string, protocols []string) {
	ctx, cancel := context.WithCancel(context.Background())
	c.stopDial = cancel
	c.running.Go(func() {
		ws, err := dialWebSocket(ctx, url, protocols, &c.opts)
		c.dialed(ctx, ws, err)
		cancel()
	})
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
func (c *client) up(l *link) {
	if c.opts.OnConnect == nil {
		c.ready()
		return
	}
	c.running.Go(func() { c.greet(l) })
}

// greet runs OnConnect and lets the others send if it succeeds.
func (c *client) greet(l *link) {
	ctx, cancel := context.WithTimeout(l.ctx, c.opts.ConnectTimeout)
	defer cancel()
	var err error
	early := &Client{client: c, greeting: l}
	if failure := guard("function", "OnConnect", func() { err = c.opts.OnConnect(ctx, early) }); failure != nil {
		err = failure
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.link != l: // what ended it has been reported
		return
	case err != nil:
		l.finish(bsock.CloseNormal, "")
		c.conn.HandleError(time.Now(), fmt.Errorf("OnConnect: %w", err))
	default:
		l.greeted = true
		c.ready()
	}
	c.pump()
}

func (c *client) ready() {
	c.open = true
	c.tellDial(nil)
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
		c.inbox.put(arrival{news: func() { c.opts.OnDisconnect(err) }})
	case !wasOpen && c.cause == nil: // an attempt that Close ended has not failed
		c.inbox.put(arrival{kind: bsock.EventError, err: err})
	}
}

// report implements owner.
func (c *client) report(err error) {
	if c.opts.OnError != nil {
		c.opts.OnError(err)
		return
	}
	logPanic(err)
}
