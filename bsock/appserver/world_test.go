package appserver

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
	"github.com/bsock-wasm/bsock-wasm/bsock/simnode"
	"github.com/bsock-wasm/bsock-wasm/build/hsd"
)

// longEnough is how long a test waits for what must come.
const longEnough = 20 * time.Second

// The keys by which the tests know a leak.
const (
	apiKey    = "key-of-the-app-server"
	nodeKey   = "key-of-the-node"
	walletKey = "key-of-the-wallet"
)

// A peer is the upstream node, simulated or real.
type peer struct {
	nodeURL, walletURL string

	mine func(t *testing.T)
	send func(t *testing.T, wallet string)
	kill func()
	// restart brings it back at the same addresses.
	restart func(t *testing.T)
}

// eachPeer runs a test in front of both.
func eachPeer(t *testing.T, test func(t *testing.T, p *peer)) {
	t.Run("simulated", func(t *testing.T) { test(t, simulatedNode(t)) })
	t.Run("hsd", func(t *testing.T) { test(t, realNode(t)) })
}

var discard = slog.New(slog.DiscardHandler)

func simulatedNode(t *testing.T) *peer { return simulatedNodeOf(t, new(simnode.Config)) }

// simulatedNodeOf fills in the config, which may be changed before a restart.
func simulatedNodeOf(t *testing.T, config *simnode.Config) *peer {
	*config = simnode.Config{NodeKey: nodeKey, WalletKey: walletKey, Interval: -1, History: 4, Log: discard}
	sim, err := simnode.Listen(*config, "", "")
	require.NoError(t, err)
	t.Cleanup(func() { sim.Close() }) // it may have been killed
	p := &peer{nodeURL: sim.NodeURL, walletURL: sim.WalletURL}
	p.mine = func(*testing.T) { sim.Mine(1) }
	p.send = func(t *testing.T, wallet string) {
		_, err := sim.Send(simnode.MinerWallet, wallet, 1_000_000)
		require.NoError(t, err)
	}
	p.kill = func() { sim.Close() }
	p.restart = func(t *testing.T) {
		var err error
		sim, err = simnode.Listen(*config, hostOf(p.nodeURL), hostOf(p.walletURL))
		require.NoError(t, err)
	}
	return p
}

// realNode runs npm's hsd. Where it is not installed the test fails: what it shows
// would otherwise go unshown in silence.
func realNode(t *testing.T) *peer {
	opts := hsd.Options{NodeKey: nodeKey, WalletKey: walletKey, Blocks: 4}
	start := func(t *testing.T) *hsd.Node {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		node, err := hsd.Start(ctx, opts)
		require.NoError(t, err)
		return node
	}
	node := start(t)
	t.Cleanup(func() { node.Stop() }) // it may have been killed
	p := &peer{nodeURL: node.NodeURL, walletURL: node.WalletURL}
	p.mine = func(t *testing.T) {
		_, err := node.Mine(t.Context(), 1, "")
		require.NoError(t, err)
	}
	p.send = func(t *testing.T, wallet string) {
		_, err := node.Wallet(t.Context(), wallet)
		require.NoError(t, err)
		_, err = node.Send(t.Context(), wallet, 1_000_000)
		require.NoError(t, err)
	}
	p.kill = func() { node.Kill() }
	p.restart = func(t *testing.T) {
		_, err := fmt.Sscanf(hostOf(p.nodeURL)+" "+hostOf(p.walletURL), "127.0.0.1:%d 127.0.0.1:%d", &opts.NodePort, &opts.WalletPort)
		require.NoError(t, err)
		opts.Blocks = 0 // blocks mined at the start would be heard or not, as it happens
		node = start(t)
	}
	return p
}

func hostOf(url string) string { return strings.TrimPrefix(url, "http://") }

// A world is an app server with its log.
type world struct {
	*testing.T
	server *Server
	url    string
	log    *syncBuffer
}

// serve runs an app server in front of p until the test ends. change may change
// its config.
func serve(t *testing.T, p *peer, change func(*Config)) *world {
	t.Helper()
	w := &world{T: t, log: &syncBuffer{}}
	config := Config{
		APIKey: apiKey,
		Clients: map[string]Upstreams{"local": {
			Node:   &Upstream{URL: p.nodeURL, APIKey: nodeKey},
			Wallet: &Upstream{URL: p.walletURL, APIKey: walletKey},
		}},
		Reconnect: bsock.Backoff{Min: 10 * time.Millisecond, Max: 50 * time.Millisecond},
		Log:       slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&config)
	}
	var err error
	w.server, err = New(config)
	require.NoError(t, err)
	web := httptest.NewServer(w.server)
	w.url = web.URL
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), longEnough)
		defer cancel()
		assert.NoError(t, w.server.Shutdown(ctx))
		web.Close()
		for _, key := range []string{apiKey, nodeKey, walletKey, "goroutine "} {
			assert.NotContains(t, w.log.String(), key, "no key and no stack trace is logged")
		}
	})
	return w
}

// settled waits until all upstream servers are connected.
func (w *world) settled() *world {
	w.Helper()
	for _, byKind := range w.server.shared {
		for _, u := range byKind {
			w.eventually("the upstream server is connected", u.isPresent)
		}
	}
	return w
}

func (w *world) eventually(sentence string, is func() bool) {
	w.Helper()
	require.Eventually(w, is, longEnough, time.Millisecond, sentence)
}

// browser connects to an id and authenticates.
func (w *world) browser(id string) *browser {
	w.Helper()
	b := w.stranger(id)
	b.call("auth", apiKey)
	return b
}

// stranger connects to an id.
func (w *world) stranger(id string) *browser {
	w.Helper()
	b := &browser{T: w.T, events: make(chan heard, 1000), complaints: make(chan error, 1000), gone: make(chan error, 1)}
	ctx, cancel := context.WithTimeout(w.Context(), longEnough)
	defer cancel()
	c, err := native.Dial(ctx, w.url+"/"+id+"/", &native.DialOptions{
		Reconnect:    bsock.Backoff{Off: true},
		Limits:       native.Limits{CallTimeout: longEnough},
		OnError:      func(err error) { b.complaints <- err },
		OnDisconnect: func(err error) { b.gone <- err },
	})
	require.NoError(w, err)
	b.Client = c
	w.Cleanup(b.leave)
	return b
}

// A browser is what connects to the app server.
type browser struct {
	*testing.T
	*native.Client
	events     chan heard
	complaints chan error
	gone       chan error
}

// A heard is an event that came.
type heard struct {
	event string
	args  native.Args
}

func (b *browser) leave() {
	b.Client.Close()
	<-b.Client.Done()
}

func (b *browser) call(event string, args ...any) native.Value {
	b.Helper()
	value, err := b.Call(b.Context(), event, args...)
	require.NoError(b, err, "%s %v", event, args)
	return value
}

func (b *browser) dispatch(args ...any) native.Value {
	b.Helper()
	return b.call("dispatch", args...)
}

// refused returns what a call is answered with instead of a result.
func (b *browser) refused(event string, args ...any) *bsock.RemoteError {
	b.Helper()
	_, err := b.Call(b.Context(), event, args...)
	var remote *bsock.RemoteError
	require.ErrorAs(b, err, &remote, "%s %v", event, args)
	return remote
}

func (b *browser) fire(event string, args ...any) {
	b.Helper()
	require.NoError(b, b.Fire(b.Context(), event, args...))
}

// complained returns what the browser is told of an event it fired.
func (b *browser) complained() *bsock.RemoteError {
	b.Helper()
	var remote *bsock.RemoteError
	require.ErrorAs(b, receive(b.T, b.complaints, "a complaint"), &remote)
	return remote
}

// subscribe subscribes to events, each under its own name, and notes them.
func (b *browser) subscribe(messages ...string) {
	b.Helper()
	for _, message := range messages {
		b.listen(message)
		b.fire("subscribe", message, message)
	}
	b.settle()
}

// listen notes events of this name.
func (b *browser) listen(event string) {
	b.Helper()
	_, err := b.Bind(event, func(args native.Args) { b.events <- heard{event, args} })
	require.NoError(b, err)
}

// settle returns when all that the browser has said is done, and what its servers
// had to tell before that has come.
func (b *browser) settle() {
	b.Helper()
	for _, message := range []string{"no such call", "wallet no such call"} {
		_, err := b.Call(b.Context(), "dispatch", message)
		require.Error(b, err)
	}
}

func (b *browser) wants(event string) native.Args {
	b.Helper()
	got := receive(b.T, b.events, event)
	require.Equal(b, event, got.event)
	return got.args
}

// hearsNothing checks that no event is under way behind what has been said.
func (b *browser) hearsNothing() {
	b.Helper()
	b.settle()
	select {
	case got := <-b.events:
		require.Fail(b, "an event came that should not", "%s %s", got.event, got.args.Raw(0))
	default:
	}
}

func receive[T any](t *testing.T, ch <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(longEnough):
		require.FailNow(t, "waited too long for "+what)
		panic("unreachable")
	}
}

// A syncBuffer is a log that can be read while it is written.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
