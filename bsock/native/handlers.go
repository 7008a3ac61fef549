package native

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// handlers are what the application has bound to events.
type handlers struct {
	reserved func(event string) bool

	mu    sync.RWMutex
	binds map[string][]*binding
	hooks map[string]hook
}

// A hook answers calls. One in order keeps what arrives after a call waiting
// until it calls next, or returns.
type hook struct {
	fn      func(ctx context.Context, args Args, next func()) (any, error)
	inOrder bool
}

type binding struct{ fn func(Args) }

// bind is [Client.Bind].
func (h *handlers) bind(event string, fn func(args Args)) (unbind func(), err error) {
	if h.reserved(event) {
		return nil, bsock.ErrBadEvent
	}
	b := &binding{fn}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.binds == nil {
		h.binds = make(map[string][]*binding)
	}
	// A list that is being called is never changed.
	h.binds[event] = append(slices.Clip(h.binds[event]), b)
	return func() { h.unbind(event, b) }, nil
}

func (h *handlers) unbind(event string, b *binding) {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := slices.DeleteFunc(slices.Clone(h.binds[event]), func(other *binding) bool { return other == b })
	if len(list) == 0 {
		delete(h.binds, event)
		return
	}
	h.binds[event] = list
}

// hook is [Client.Hook].
func (h *handlers) hook(event string, fn func(context.Context, Args) (any, error)) error {
	return h.add(event, hook{fn: func(ctx context.Context, args Args, _ func()) (any, error) { return fn(ctx, args) }})
}

func (h *handlers) add(event string, hk hook) error {
	if h.reserved(event) {
		return bsock.ErrBadEvent
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.hooks[event].fn != nil {
		return ErrHookExists
	}
	if h.hooks == nil {
		h.hooks = make(map[string]hook)
	}
	h.hooks[event] = hk
	return nil
}

// unhook is [Client.Unhook].
func (h *handlers) unhook(event string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.hooks, event)
}

func (h *handlers) bound(event string) []*binding {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.binds[event]
}

func (h *handlers) hooked(event string) hook {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.hooks[event]
}

// remoteError is what the peer is told of err.
// bsock: lib/socket.js sendError
func remoteError(err error) *bsock.RemoteError {
	var remote *bsock.RemoteError
	if errors.As(err, &remote) {
		return remote
	}
	return &bsock.RemoteError{Message: err.Error(), Name: "Error"}
}
