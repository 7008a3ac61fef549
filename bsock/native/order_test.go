package native_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

func TestHookInOrder(t *testing.T) {
	const n = 200
	w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxHooks: n}})
	p := w.rawDial()
	s := w.socket()
	var order []int // written by one hook at a time, which the race detector checks
	all := make(chan struct{})
	require.NoError(t, s.HookInOrder("n", func(_ context.Context, args native.Args, next func()) (any, error) {
		var i int
		if err := args.Decode(0, &i); err != nil {
			return nil, err
		}
		if order = append(order, i); len(order) == n {
			close(all)
		}
		next()
		<-all
		return i, nil
	}))
	for i := range n {
		p.text(fmt.Sprintf(`42%d["n",%d]`, i, i))
	}
	for range n {
		p.wantText()
	}
	for i, got := range order {
		require.Equal(t, i, got, "calls begin in the order they came")
	}
}

// Hooks that wait for each other, and for events that come behind their calls, all
// get to run: whoever runs one has an heir.
func TestHooksRunBesideEachOther(t *testing.T) {
	const n = 50
	w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxHooks: n}})
	p := w.rawDial()
	s := w.socket()
	var told int // by the dispatcher alone, which the race detector checks
	_, err := s.Bind("e", func(native.Args) { told++ })
	require.NoError(t, err)
	var together sync.WaitGroup
	together.Add(n)
	require.NoError(t, s.Hook("n", func(_ context.Context, args native.Args) (any, error) {
		together.Done()
		together.Wait()
		return args.Value(0), nil
	}))
	for i := range n {
		p.text(fmt.Sprintf(`42%d["n",%d]`, i, i))
		p.text(`42["e"]`)
	}
	answered := map[string]bool{}
	for range n {
		answered[p.wantText()] = true
	}
	assert.Len(t, answered, n, "all are answered")
	require.NoError(t, s.HookInOrder("told", func(context.Context, native.Args, func()) (any, error) { return told, nil }))
	p.text(`420["told"]`)
	assert.Equal(t, fmt.Sprintf(`430[null,%d]`, n), p.wantText(), "events between them are told, and before what comes after")
}

// A hook that ends its goroutine ends nothing else, in order or not.
func TestHookThatEndsItsGoroutine(t *testing.T) {
	w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxHooks: 2}})
	p := w.rawDial()
	s := w.socket()
	require.NoError(t, s.Hook("exit", func(context.Context, native.Args) (any, error) {
		runtime.Goexit()
		return nil, nil
	}))
	require.NoError(t, s.HookInOrder("exit in order", func(context.Context, native.Args, func()) (any, error) {
		runtime.Goexit()
		return nil, nil
	}))
	require.NoError(t, s.HookInOrder("exit later", func(_ context.Context, _ native.Args, next func()) (any, error) {
		next()
		runtime.Goexit()
		return nil, nil
	}))
	require.NoError(t, s.Hook("echo", func(_ context.Context, args native.Args) (any, error) { return args.Value(0), nil }))
	for i, event := range []string{"exit", "exit in order", "exit later", "exit", "exit in order", "exit later"} {
		p.text(fmt.Sprintf(`42%d[%q]`, 100+i, event))
		p.text(fmt.Sprintf(`42%d["echo",%d]`, i, i))
		assert.Equal(t, fmt.Sprintf(`43%d[null,%d]`, i, i), p.wantText(), "what comes behind %q is answered", event)
	}
}

func TestHookInOrderThatDoesNotLetGo(t *testing.T) {
	w := newWorld(t, native.ServerOptions{})
	p := w.rawDial()
	s := w.socket()
	returned := false
	require.NoError(t, s.HookInOrder("slow", func(context.Context, native.Args, func()) (any, error) {
		returned = true
		return nil, nil
	}))
	after := make(chan bool, 1)
	_, err := s.Bind("after", func(native.Args) { after <- returned })
	require.NoError(t, err)
	assert.ErrorIs(t, s.HookInOrder("slow", nil), native.ErrHookExists)
	p.text(`420["slow"]`)
	p.text(`42["after"]`)
	assert.True(t, receive(t, after, "the event"), "what comes after waits until the hook has returned")
}

func TestComplain(t *testing.T) {
	told := make(chan error, 1)
	w := newWorld(t, native.ServerOptions{})
	_, s := w.dial(native.DialOptions{OnError: func(err error) { told <- err }})
	require.NoError(t, s.Complain(w.ctx, errors.New("no such event")))
	var remote *bsock.RemoteError
	require.ErrorAs(t, receive(t, told, "the error"), &remote)
	assert.Equal(t, &bsock.RemoteError{Message: "no such event", Name: "Error"}, remote, "the client is told of the error")
}
