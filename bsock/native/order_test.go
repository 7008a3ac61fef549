package native_test

import (
	"context"
	"errors"
	"fmt"
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
