package appserver

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A dummy is an upstream server that does as the test says.
func dummy(t *testing.T, hooks map[string]func(context.Context, native.Args) (any, error)) *peer {
	t.Helper()
	server := native.NewServer(&native.ServerOptions{
		Limits: native.Limits{MaxHooks: 10_000}, // so that what is bounded is the app server
		OnSocket: func(s *native.Socket) {
			for name, hook := range hooks {
				// Taken down in order, answered beside each other.
				_ = s.HookInOrder(name, func(ctx context.Context, args native.Args, next func()) (any, error) {
					defer next()
					return hook(context.WithValue(ctx, nextKey{}, next), args)
				})
			}
			_ = s.Hook("auth", func(context.Context, native.Args) (any, error) { return nil, nil })
		},
	})
	web := httptest.NewServer(server)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), longEnough)
		defer cancel()
		assert.NoError(t, server.Shutdown(ctx))
		web.Close()
	})
	return &peer{nodeURL: web.URL, walletURL: web.URL}
}

// nextKey is the key of what lets the next call of a dummy begin.
type nextKey struct{}

func letNext(ctx context.Context) { ctx.Value(nextKey{}).(func())() }

func TestBadMessagesAreRefused(t *testing.T) {
	b := serve(t, simulatedNode(t), nil).settled().browser("local")
	assert.Equal(t, "'message' must be a(n) string.", b.refused("dispatch").Message)
	assert.Equal(t, "'message' must be a(n) string.", b.refused("dispatch", map[string]any{"toString": 1}).Message)
	assert.Equal(t, "'message' must be a(n) string.", b.refused("dispatch", []byte("get tip")).Message)
	assert.Contains(t, b.refused("dispatch", "node disconnect").Message, "keeps for itself")
	assert.Contains(t, b.refused("dispatch", "auth", "x").Message, "authenticates by itself")
	for _, event := range []string{"broadcast", "subscribe", "unsubscribe"} {
		b.fire(event, 1)
		assert.Equal(t, "'message' must be a(n) string.", b.complained().Message, event)
	}
	b.fire("subscribe", "tx", "reconnect")
	assert.Contains(t, b.complained().Message, "keeps for itself")
	assert.Equal(t, "Call not found: subscribe.", b.refused("subscribe", "tx", "tx").Message, "subscribe is an event")
	b.fire("unsubscribe", "never", "subscribed")
	b.dispatch("get tip")
}

func TestMessagesAreBoundedInSize(t *testing.T) {
	w := serve(t, simulatedNode(t), func(c *Config) { c.MaxFrame = 1000 }).settled()
	b := w.browser("local")
	_, err := b.Call(t.Context(), "dispatch", "send", make([]byte, 2000))
	assert.Error(t, err)
	var closed *bsock.CloseError
	require.ErrorAs(t, receive(t, b.gone, "the end"), &closed)
	assert.Equal(t, bsock.CloseTooBig, closed.Code)
	w.browser("local").dispatch("get tip")
}

func TestSubscriptionsAreBounded(t *testing.T) {
	w := serve(t, simulatedNode(t), func(c *Config) { c.MaxSubscriptions = 3 }).settled()
	b := w.browser("local")
	for i := range 5 {
		b.fire("subscribe", fmt.Sprintf("event %d", i), "x")
	}
	for range 2 {
		assert.Equal(t, CodeTooMany, b.complained().Code)
	}
	b.settle()
	assert.Len(t, w.server.shared["local"][nodeKind].topics, 3)
	b.fire("unsubscribe", "event 0", "x")
	b.fire("subscribe", "event 4", "x")
	b.settle()
	assert.Len(t, w.server.shared["local"][nodeKind].topics, 3, "one that is given up makes room")
	assert.Empty(t, b.complaints)
}

func TestJoinedWalletsAreBounded(t *testing.T) {
	b := serve(t, simulatedNode(t), func(c *Config) { c.MaxJoined = 2 }).settled().browser("local")
	b.dispatch("wallet join", "a")
	b.dispatch("watch chain")
	assert.Equal(t, CodeTooMany, b.refused("dispatch", "wallet join", "b").Code)
	b.dispatch("wallet join", "a") // once more is not one more
	b.dispatch("wallet leave", "a")
	b.dispatch("wallet join", "b")
}

func TestFiltersAreBounded(t *testing.T) {
	b := serve(t, simulatedNode(t), nil).settled().browser("local")
	b.dispatch("set filter", make([]byte, 10))
	chunk := make([]byte, maxFilterBytes/2)
	b.dispatch("add filter", []any{chunk})
	assert.Equal(t, CodeTooMany, b.refused("dispatch", "add filter", []any{chunk}).Code)
	b.dispatch("set filter", make([]byte, 10))
	b.dispatch("add filter", []any{chunk})
}

func TestBrowsersAreBounded(t *testing.T) {
	w := serve(t, simulatedNode(t), func(c *Config) { c.MaxSockets = 1 })
	w.browser("local")
	_, err := native.Dial(t.Context(), w.url, &native.DialOptions{Reconnect: bsock.Backoff{Off: true}})
	var failed *native.DialError
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, http.StatusServiceUnavailable, failed.Status)
}

func TestAFloodOfCallsIsBounded(t *testing.T) {
	const most, flood = 8, 500
	var running, highest atomic.Int32
	release := make(chan struct{})
	p := dummy(t, map[string]func(context.Context, native.Args) (any, error){
		"get slow": func(ctx context.Context, _ native.Args) (any, error) {
			letNext(ctx)
			n := running.Add(1)
			defer running.Add(-1)
			for old := highest.Load(); n > old && !highest.CompareAndSwap(old, n); old = highest.Load() {
			}
			<-release
			return true, nil
		},
		"get tip": func(context.Context, native.Args) (any, error) { return 1, nil },
	})
	w := serve(t, p, func(c *Config) { c.MaxCalls = most }).settled()
	b, other := w.browser("local"), w.browser("local")
	var calls sync.WaitGroup
	for range flood {
		calls.Go(func() {
			_, err := b.Call(t.Context(), "dispatch", "get slow")
			assert.NoError(t, err)
		})
	}
	w.eventually("calls go upstream", func() bool { return running.Load() == most })
	other.dispatch("get tip") // does not suffer
	time.Sleep(50 * time.Millisecond)
	assert.EqualValues(t, most, highest.Load(), "no more calls go upstream than may be under way")
	close(release)
	calls.Wait()
}

func TestAFloodOfBroadcastsIsBounded(t *testing.T) {
	release := make(chan struct{})
	var begun atomic.Int32
	p := dummy(t, map[string]func(context.Context, native.Args) (any, error){
		"push": func(ctx context.Context, _ native.Args) (any, error) {
			begun.Add(1)
			<-release
			return nil, nil
		},
	})
	w := serve(t, p, nil).settled()
	b := w.browser("local")
	for range 500 {
		b.fire("broadcast", "push")
	}
	w.eventually("the first goes upstream", func() bool { return begun.Load() == 1 })
	close(release)
	w.eventually("all go upstream, one after the other", func() bool { return begun.Load() == 500 })
	assert.Empty(t, b.complaints)
}

func TestCallsDoNotOvertakeEachOther(t *testing.T) {
	const n = 300
	all := make(chan struct{})
	var order []string // written by one hook at a time, which the race detector checks
	note := func(_ context.Context, args native.Args) (any, error) {
		id, _ := args.Text(0)
		if order = append(order, id); len(order) == n {
			close(all)
		}
		return nil, nil
	}
	p := dummy(t, map[string]func(context.Context, native.Args) (any, error){"join": note, "push": note})
	w := serve(t, p, func(c *Config) { c.MaxJoined = n }).settled()
	conn := rawBrowser(t, w.url)
	text(t, conn, fmt.Sprintf(`420["auth",%q]`, apiKey))
	for i := range n {
		if i%3 == 0 {
			text(t, conn, fmt.Sprintf(`42["broadcast","wallet push","%d"]`, i))
			continue
		}
		text(t, conn, fmt.Sprintf(`42%d["dispatch","wallet join","%d"]`, i, i))
	}
	receive(t, all, "all calls")
	for i, got := range order {
		require.Equal(t, strconv.Itoa(i), got, "what is said at once is carried out in order")
	}
}

// rawBrowser connects without waiting for anything, and reads nothing.
func rawBrowser(t *testing.T, url string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", hostOf(url))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	_, err = io.WriteString(conn, "GET /local/?transport=websocket HTTP/1.1\r\nHost: "+hostOf(url)+
		"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	require.NoError(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusSwitchingProtocols, resp.StatusCode)
	return conn
}

// text writes a text frame with a mask of zeros, which changes nothing.
func text(t *testing.T, conn net.Conn, s string) {
	t.Helper()
	require.Less(t, len(s), 126, "a longer frame has another head")
	_, err := conn.Write(append([]byte{0x81, 0x80 | byte(len(s)), 0, 0, 0, 0}, s...))
	require.NoError(t, err)
}

func TestABrowserThatDoesNotReadIsCutOff(t *testing.T) {
	big := make([]byte, 1<<20)
	var upstream atomic.Pointer[native.Socket]
	server := native.NewServer(&native.ServerOptions{OnSocket: func(s *native.Socket) {
		_ = s.Hook("auth", func(context.Context, native.Args) (any, error) {
			upstream.Store(s)
			return nil, nil
		})
	}})
	web := httptest.NewServer(server)
	defer web.Close()
	w := serve(t, &peer{nodeURL: web.URL}, func(c *Config) {
		c.Clients = map[string]Upstreams{"local": {Node: &Upstream{URL: web.URL}}}
	}).settled()
	reads := w.browser("local")
	reads.subscribe("flood")
	conn := rawBrowser(t, w.url)
	text(t, conn, fmt.Sprintf(`420["auth",%q]`, apiKey))
	text(t, conn, `42["subscribe","flood","flood"]`)
	w.eventually("both have subscribed", func() bool {
		u := w.server.shared["local"][nodeKind]
		u.mu.Lock()
		defer u.mu.Unlock()
		return u.topics["flood"] != nil && len(u.topics["flood"].listeners["flood"]) == 2
	})
	for range 100 {
		require.NoError(t, upstream.Load().Fire(t.Context(), "flood", big))
		reads.wants("flood")
	}
	w.eventually("who does not read is gone", func() bool { return w.server.Sockets() == 1 })
	ctx, cancel := context.WithTimeout(t.Context(), longEnough)
	defer cancel()
	require.NoError(t, w.server.Shutdown(ctx))
	require.NoError(t, server.Shutdown(ctx))
}

func TestANodeThatDoesNotAnswer(t *testing.T) {
	p := dummy(t, map[string]func(context.Context, native.Args) (any, error){
		"get lost": func(ctx context.Context, _ native.Args) (any, error) {
			letNext(ctx)
			<-ctx.Done()
			return nil, ctx.Err()
		},
	})
	b := serve(t, p, func(c *Config) { c.CallTimeout = 50 * time.Millisecond }).settled().browser("local")
	told := b.refused("dispatch", "get lost")
	assert.Equal(t, `Node did not answer "get lost" in time.`, told.Message)
	assert.Equal(t, CodeNoAnswer, told.Code)
}

func TestErrorsKeepTheirFields(t *testing.T) {
	want := &bsock.RemoteError{Message: "no\nnewline is lost", Name: "RPCError", Type: "RPCError", Code: "-5", CodeIsNumber: true}
	p := dummy(t, map[string]func(context.Context, native.Args) (any, error){
		"get fault": func(context.Context, native.Args) (any, error) { return nil, want },
	})
	b := serve(t, p, nil).settled().browser("local")
	assert.Equal(t, want, b.refused("dispatch", "get fault"))
}

func TestAnswersPassUnread(t *testing.T) {
	text := `{"b":1,"a":1e400,"k":12345678901234567890,"k":{"_placeholder":true,"num":0}}`
	value, err := native.NewValue([]byte(text), []byte{1, 2, 3})
	require.NoError(t, err)
	p := dummy(t, map[string]func(context.Context, native.Args) (any, error){
		"get odd": func(_ context.Context, args native.Args) (any, error) { return value, nil },
		"echo":    func(_ context.Context, args native.Args) (any, error) { return args.Value(0), nil },
	})
	b := serve(t, p, nil).settled().browser("local")
	odd := b.dispatch("get odd")
	assert.Equal(t, text, string(odd.JSON()), "order, doubled keys and numbers beyond float64 are as they were")
	assert.Equal(t, [][]byte{{1, 2, 3}}, odd.Attachments())
	echoed := b.dispatch("echo", value)
	assert.Equal(t, text, string(echoed.JSON()))
	assert.Equal(t, [][]byte{{1, 2, 3}}, echoed.Attachments())
}
