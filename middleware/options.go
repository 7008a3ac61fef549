package middleware

import (
	"strconv"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// DefaultAuthTimeout bounds the wait for the answer to the API key.
const DefaultAuthTimeout = 10 * time.Second

// DefaultQueueLimit is how many emits may wait for the connection.
const DefaultQueueLimit = 1000

// refusedPace is how long a refused key is left alone before it is tried again.
const refusedPace = time.Minute

// Options say how a [Middleware] is to behave. Zero values stand for defaults.
type Options struct {
	// Debug logs what the middleware does.
	Debug bool
	// DisconnectedAction says that there is one: it goes to the next
	// middleware in place of SOCKET_DISCONNECTED, and of the SOCKET_ERROR of
	// a connection.
	DisconnectedAction bool

	AckTimeout     time.Duration // for the answer to an emit; as in bsock, 10 min
	AuthTimeout    time.Duration // for the answer to the API key; 10 s
	ConnectTimeout time.Duration // for an attempt to connect; as in bsock, 10 s
	QueueLimit     int           // emits that may wait for the connection; 1000
	Reconnect      bsock.Backoff
	// Jitter returns a number from 0 to below 1: see [bsock.Config].
	Jitter func() float64
}

func (o Options) withDefaults() Options {
	setDefault(&o.AckTimeout, bsock.DefaultCallTimeout)
	setDefault(&o.AuthTimeout, DefaultAuthTimeout)
	setDefault(&o.QueueLimit, DefaultQueueLimit)
	return o
}

func setDefault[T comparable](v *T, to T) {
	var zero T
	if *v == zero {
		*v = to
	}
}

// A Listener is an element of the option listeners.
type Listener struct {
	Event, ActionType Value
	// Ack is what the listener answers to calls, for which it then listens
	// instead of events. Bytes count as a String.
	Ack Value
}

// A binding is what is bound to an event, by the places of the listeners.
type binding struct {
	event  string
	events []uint32
	hook   uint32
	hooked bool
}

// bind returns the listeners by event, or what is wrong with one of them.
// bsock: lib/socket.js bind, hook
func bind(listeners []Listener) (map[string]*binding, error) {
	bound := make(map[string]*binding)
	for i := range listeners {
		l := &listeners[i]
		if err := l.check(i); err != nil {
			return nil, err
		}
		b := bound[l.Event.Text]
		if b == nil {
			b = &binding{event: l.Event.Text}
			bound[l.Event.Text] = b
		}
		switch {
		case !l.Ack.truthy():
			b.events = append(b.events, uint32(i))
		case b.hooked:
			return nil, badListener(i, "event", "an event that no other listener with ack answers", &l.Event)
		default:
			b.hook, b.hooked = uint32(i), true
		}
	}
	return bound, nil
}

func (l *Listener) check(i int) error {
	switch {
	case l.Event.Kind != String:
		return badListener(i, "event", "an event's name", &l.Event)
	case bsock.Reserved(l.Event.Text):
		return badListener(i, "event", "an event's name that the protocol does not keep for itself", &l.Event)
	case l.ActionType.Kind != String || l.ActionType.Text == "":
		return badListener(i, "actionType", "the type of the action to dispatch", &l.ActionType)
	case l.Ack.truthy() && l.Ack.Kind != String:
		return badListener(i, "ack", "a string or bytes", &l.Ack)
	}
	return nil
}

//go:noinline // as badField
func badListener(i int, name, want string, got *Value) error {
	return &fieldError{CodeBadOption, "listeners[" + strconv.Itoa(i) + "]." + name, want, *got}
}
