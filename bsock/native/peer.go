package native

import "context"

// A peer is one namespace of a connection as the application uses it: what a
// [Client], a [Namespace] and a [Socket] have in common.
type peer struct {
	driver *driver
	space  *space
	// greeting, if set, is the link of the OnConnect that this was given to.
	greeting *link
}

// Bind has fn called at each event of this name, one event at a time in order
// of arrival.
//
// All handlers of a connection share one goroutine: a handler that waits holds
// up all that arrives after it, in the end the other end itself, and one that
// waits for a Call may wait for what it holds up.
func (p *peer) Bind(event string, fn func(args Args)) (unbind func(), err error) {
	return p.space.handlers.bind(event, fn)
}

// Hook has fn answer the calls of this name. Hooks run beside each other and
// beside handlers: fn may wait, which holds up what arrives after for 2 ms at
// most. Calls above MaxHooks wait, and with them all that arrives after. Its
// context ends with the connection, or the namespace.
//
// What fn returns is the answer. Of an error the caller is told the message,
// and more only if it is a [bsock.RemoteError]. In Socket.IO's protocols, Args
// that fn returns are all the values of the acknowledgement, and an error takes
// the place of the value, as an object with a message.
func (p *peer) Hook(event string, fn func(ctx context.Context, args Args) (any, error)) error {
	return p.space.handlers.hook(event, fn)
}

// HookInOrder is Hook for calls that must not overtake each other: until fn calls
// next or returns, nothing that arrived after the call is told to anyone. A proxy
// calls next once it has given the call its place among the others.
func (p *peer) HookInOrder(event string, fn func(ctx context.Context, args Args, next func()) (any, error)) error {
	return p.space.handlers.add(event, hook{fn: fn, inOrder: true})
}

// Unhook takes the hook of this name away.
func (p *peer) Unhook(event string) { p.space.handlers.unhook(event) }

// Fire sends an event. It returns when the event is in the outgoing queue; it
// waits for room there, and a client for its connection and for its namespace
// to be joined, until ctx ends. An event whose connection is lost before it was
// written is lost too.
//
// See the package comment for how args are encoded.
func (p *peer) Fire(ctx context.Context, event string, args ...any) error {
	return p.driver.fire(ctx, p.space, p.early(), event, args)
}

// Call sends an event as a call and returns the answer: in Socket.IO's
// protocols the first value of the acknowledgement.
//
// It waits to be sent as Fire does; an answer it awaits until ctx ends,
// CallTimeout has passed, or the connection is lost. A call that was sent is
// never sent again: after ErrLost it may have been carried out.
func (p *peer) Call(ctx context.Context, event string, args ...any) (Value, error) {
	answer, err := p.CallAll(ctx, event, args...)
	return answer.Value(0), err
}

// CallAll is Call for an acknowledgement of several values.
func (p *peer) CallAll(ctx context.Context, event string, args ...any) (Args, error) {
	return p.driver.call(ctx, p.space, p.early(), event, args)
}

// early returns the link on which p may send before all others, and on no other,
// if there is one.
func (p *peer) early() *link {
	if p.greeting == nil {
		return nil
	}
	p.driver.mu.Lock()
	defer p.driver.mu.Unlock()
	if p.greeting.greeted {
		return nil
	}
	return p.greeting
}
