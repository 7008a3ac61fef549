package middleware

import (
	"strconv"
	"strings"
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
	QueueTimeout   time.Duration // how long an emit may wait; 0 means as long as its answer may take
	// DropOldest makes room in a full queue for the newest; without it that is
	// refused.
	DropOldest bool
	// Offline is what becomes of emits while there is no connection.
	Offline   Offline
	Reconnect bsock.Backoff
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

// An Offline is a policy for emits that come while there is no connection.
type Offline uint8

const (
	// OfflineQueue lets them wait.
	OfflineQueue Offline = iota
	// OfflineFail fails them at once.
	OfflineFail
	// OfflineDrop drops them: their callers are told, the store is not.
	OfflineDrop
)

// ParseOffline returns the policy of that name.
func ParseOffline(name string) (o Offline, ok bool) {
	switch name {
	case "queue":
		return OfflineQueue, true
	case "fail":
		return OfflineFail, true
	case "drop":
		return OfflineDrop, true
	}
	return 0, false
}

// A Listener is an element of the option listeners.
type Listener struct {
	Event, ActionType Value
	// Ack is what the listener answers to calls, for which it then listens
	// instead of events: anything that JavaScript takes for true. Bytes count
	// as a String.
	Ack Value
	// Nsp is the namespace of Socket.IO; the default one if missing.
	Nsp Value
	// Throttle, Latest and Batch are windows in milliseconds, one at most.
	Throttle, Latest, Batch Value
	// Filter and Map are functions, if they are there.
	Filter, Map Value
}

func (l *Listener) check(i int, protocol string) error {
	switch {
	case l.Event.Kind != String:
		return badListener(i, "event", "an event's name", &l.Event)
	case reserved(protocol, l.Event.Text):
		return badListener(i, "event", "an event's name that the protocol does not keep for itself", &l.Event)
	case l.ActionType.Kind != String || l.ActionType.Text == "":
		return badListener(i, "actionType", "the type of the action to dispatch", &l.ActionType)
	case !l.Nsp.missing() && !validNamespace(&l.Nsp):
		return badListener(i, "nsp", "a namespace, like /admin", &l.Nsp)
	case !l.Filter.missing() && l.Filter.Kind != Function:
		return badListener(i, "filter", "a function", &l.Filter)
	case !l.Map.missing() && l.Map.Kind != Function:
		return badListener(i, "map", "a function", &l.Map)
	}
	return l.checkPace(i)
}

// nsp returns the namespace as a Conn has it.
func (l *Listener) nsp() string {
	if l.Nsp.Text == "/" || l.Nsp.missing() {
		return ""
	}
	return l.Nsp.Text
}

// windows returns the windows by their names, in the order of the paces.
func (l *Listener) windows() (names [3]string, windows [3]*Value) {
	return [...]string{"throttle", "latest", "batch"}, [...]*Value{&l.Throttle, &l.Latest, &l.Batch}
}

func (l *Listener) checkPace(i int) error {
	names, windows := l.windows()
	given := 0
	for n, w := range windows {
		if w.missing() {
			continue
		}
		if given++; given > 1 {
			return badListener(i, names[n], "the only window beside throttle, latest and batch", w)
		}
		if w.Kind != Number || !(w.Number > 0) {
			return badListener(i, names[n], "a number of milliseconds above 0", w)
		}
		if l.Ack.truthy() {
			return badListener(i, names[n], "missing where there is an ack: a call is answered at once", w)
		}
	}
	return nil
}

// hearing returns how the listener hears, which has been checked.
func (l *Listener) hearing(i int) hearing {
	h := hearing{place: uint32(i)}
	_, windows := l.windows()
	for n, w := range windows {
		if !w.missing() {
			h.pace, h.window = paceThrottle+pace(n), milliseconds(w.Number)
		}
	}
	return h
}

//go:noinline // as badField
func badListener(i int, name, want string, got *Value) error {
	kept := *got
	kept.Text = strings.Clone(kept.Text)
	return &fieldError{CodeBadOption, "listeners[" + strconv.Itoa(i) + "]." + name, want, kept}
}
