package appserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// An upstream is a connection to a node or a wallet server, shared by all
// browsers of an id or the own one of a single browser. It is made anew whenever
// it is lost, and then told again all that was said to stay said.
type upstream struct {
	server *Server
	id     string
	kind   kind
	target *Upstream
	owner  *session // nil if it is shared
	log    *slog.Logger
	client *native.Client

	// turn is held, by a token in it, from a call that changes what is said to
	// stay said until its answer has come, so that a browser that leaves and one
	// that comes cannot cross.
	turn chan struct{}

	// flight holds a token for each call under way. Browsers that ask for more
	// than they read must not have the server's answers pile up, for all of them
	// go through one connection, and with it goes what everybody hears.
	flight  chan struct{}
	flights sync.WaitGroup

	// active is false while the owner still hears the shared connection.
	active atomic.Bool

	mu sync.Mutex
	// present ends with the present connection; nil while there is none.
	present context.Context
	absent  context.CancelFunc
	arrived chan struct{} // closed while there is a connection
	stale   int           // connections whose end is still to be reported
	told    string        // why the server is not there, as the log says
	epoch   int           // counts connections

	held        map[string]*holding
	filter      []message // what made the filter, in order
	filterEpoch int       // the connection that has been told of it
	topics      map[string]*topic
}

// maxFlight is how many calls a server is asked at a time on one connection.
const maxFlight = 64

// rescanTimeout bounds the longest call there is. A rescan of a long chain takes
// hours.
const rescanTimeout = 24 * time.Hour

// newUpstream starts to connect. prepare, which may be nil, runs before anything
// can arrive.
func newUpstream(s *Server, id string, k kind, target *Upstream, owner *session, prepare func(*upstream)) (*upstream, error) {
	u := &upstream{
		server:  s,
		id:      id,
		kind:    k,
		target:  target,
		owner:   owner,
		log:     s.config.Log.With("client", id, "server", string(k), "url", safeURL(target.URL)),
		turn:    make(chan struct{}, 1),
		flight:  make(chan struct{}, maxFlight),
		arrived: make(chan struct{}),
		held:    make(map[string]*holding),
		topics:  make(map[string]*topic),
	}
	if owner != nil {
		u.log = u.log.With("own", owner.name)
	}
	_, err := native.NewClient(target.URL, &native.DialOptions{
		HTTPClient: target.HTTPClient,
		Setup: func(c *native.Client) {
			u.client = c
			u.hookRescans()
			if prepare != nil {
				prepare(u)
			}
		},
		OnConnect:    u.connected,
		OnDisconnect: u.disconnected,
		OnError:      u.failed,
		Reconnect:    s.config.Reconnect,
		Limits:       native.Limits{CallTimeout: rescanTimeout}, // call bounds the others
	})
	if err != nil {
		return nil, fmt.Errorf("appserver: the %s of %q: %w", k, id, err)
	}
	return u, nil
}

// safeURL leaves out what may be secret.
func safeURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "?"
	}
	return u.Scheme + "://" + u.Host
}

// connected runs at each connection before anything else is sent on it.
func (u *upstream) connected(ctx context.Context, c *native.Client) error {
	if _, err := c.Call(ctx, "auth", u.target.APIKey); err != nil {
		return fmt.Errorf("auth: %w", err)
	}
	u.begin()
	for {
		held, filter := u.unsaid()
		if held == nil && filter == nil {
			return nil
		}
		if err := u.sayAll(ctx, c, held); err != nil {
			return err
		}
		for _, m := range filter { // in order, for they add up
			if err := u.say(ctx, c, m); err != nil {
				return err
			}
		}
	}
}

// saidAtOnce is how many calls are repeated beside each other: a thousand
// wallets at a server far away must be joined before the connection's time is up.
const saidAtOnce = 64

// sayAll repeats calls that are independent of each other.
func (u *upstream) sayAll(ctx context.Context, c *native.Client, calls []message) error {
	queue := make(chan message, len(calls))
	for _, m := range calls {
		queue <- m
	}
	close(queue)
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var saying sync.WaitGroup
	for range min(saidAtOnce, len(calls)) {
		saying.Go(func() {
			for m := range queue {
				if err := u.say(ctx, c, m); err != nil {
					fail(err)
					return
				}
			}
		})
	}
	saying.Wait()
	return context.Cause(ctx)
}

func (u *upstream) begin() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.epoch++
}

// say repeats a call on a new connection. What the server now refuses is let
// go: whoever said it was answered long ago.
func (u *upstream) say(ctx context.Context, c *native.Client, m message) error {
	_, err := c.Call(ctx, m.event, m.args)
	var remote *bsock.RemoteError
	if errors.As(err, &remote) {
		u.log.Warn("server refuses what it was told before", "call", m.event, "err", remote.Message)
		return nil
	}
	return err
}

// unsaid returns the calls that this connection has not been told. When none are
// left the connection is there for all in the same breath, so that nothing slips
// through in between.
func (u *upstream) unsaid() (held, filter []message) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, h := range u.held {
		if h.epoch != u.epoch {
			h.epoch = u.epoch
			held = append(held, h.call)
		}
	}
	if u.filterEpoch != u.epoch {
		u.filterEpoch = u.epoch
		filter = u.filter
	}
	if held == nil && filter == nil {
		u.arrive()
	}
	return held, filter
}

// arrive makes the connection known. The end of the one before may not have been
// reported yet.
func (u *upstream) arrive() {
	if u.present != nil {
		u.absent()
		u.stale++
	} else {
		close(u.arrived)
	}
	u.present, u.absent = context.WithCancel(context.Background())
	u.told = ""
	u.log.Info("server is connected")
}

// disconnected is called once for each connection that connected has let pass.
func (u *upstream) disconnected(err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.stale > 0 {
		u.stale--
		return
	}
	u.absent()
	u.present = nil
	u.arrived = make(chan struct{})
	u.told = whyAway(err)
	if !errors.Is(err, native.ErrClosed) { // else it is this end that has left
		u.log.Warn("server is gone", "err", err)
	}
}

// failed is told of what ends nothing. That a server is still not there is said
// once for each reason; its attempts are for those who debug.
func (u *upstream) failed(err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	level := slog.LevelWarn
	if u.present == nil {
		why := whyAway(err)
		if why == u.told {
			level = slog.LevelDebug
		}
		u.told = why
	}
	u.log.Log(context.Background(), level, "server connection", "err", err)
}

// whyAway returns the words of a server that refuses, above all a key, and else
// that it cannot be reached: the system says so in words that change each time.
func whyAway(err error) string {
	var remote *bsock.RemoteError
	if errors.As(err, &remote) {
		return remote.Message
	}
	return "unreachable"
}

// isPresent reports whether there is a connection.
func (u *upstream) isPresent() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.present != nil
}

// await returns when there is a connection, or the error of ctx.
func (u *upstream) await(ctx context.Context) error {
	u.mu.Lock()
	arrived := u.arrived
	u.mu.Unlock()
	select {
	case <-arrived:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// call calls the server and returns its answer. A server that is not there is
// not waited for.
func (u *upstream) call(ctx context.Context, limit time.Duration, event string, args ...any) (native.Value, error) {
	u.mu.Lock()
	present := u.present
	u.mu.Unlock()
	if present == nil {
		return native.Value{}, awayError{u.kind}
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	defer context.AfterFunc(present, cancel)()
	value, err := u.fly(ctx, limit, event, args)
	if err == nil || errors.As(err, new(*bsock.RemoteError)) {
		return value, err
	}
	if present.Err() != nil || isLoss(err) {
		err = awayError{u.kind}
	}
	return native.Value{}, err
}

// fly makes a call once there is room for one more. The server answers it even
// if the browser has left meanwhile, so until then it takes its room: a crowd that
// asks and leaves must not have all it asked for on its way at the same time.
func (u *upstream) fly(ctx context.Context, limit time.Duration, event string, args []any) (native.Value, error) {
	select {
	case u.flight <- struct{}{}:
	case <-ctx.Done():
		return native.Value{}, ctx.Err()
	}
	type answer struct {
		value native.Value
		err   error
	}
	answered := make(chan answer, 1)
	u.flights.Go(func() {
		defer func() { <-u.flight }()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer cancel()
		value, err := u.client.Call(ctx, event, args...)
		answered <- answer{value, err}
	})
	select {
	case a := <-answered:
		return a.value, a.err
	case <-ctx.Done():
		return native.Value{}, ctx.Err()
	}
}

func isLoss(err error) bool {
	return errors.Is(err, native.ErrLost) || errors.Is(err, native.ErrNotConnected) || errors.Is(err, native.ErrClosed)
}

// close closes the connection for good, and waits until nothing of it is left.
func (u *upstream) close() {
	_ = u.client.Close() // it is closed whatever it returns
	<-u.client.Done()
	u.flights.Wait()
}
