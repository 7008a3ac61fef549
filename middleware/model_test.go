package middleware_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// The model test: random sequences of what a page, a server, a network and a
// clock can do, against a model of what may be seen. The laws are the sentences
// that broken is given. By itself the test takes a few seconds; for millions of
// steps:
//
//	go test ./middleware -run TestModel -rapid.checks=100000 -rapid.steps=100
//
// Beside this file, model_host_test.go is the page around the Middleware, with
// model_receive_test.go and model_route_test.go for what comes over its
// WebSocket, and model_lease_test.go for what it sends by itself; model_peer_test.go is the server, model_app_test.go the
// application, and model_actions_test.go what may happen to them. The model is
// in model_news_test.go and model_join_test.go (the connection),
// model_wire_test.go (what may be sent), model_ends_test.go (how emits end),
// model_lasting_test.go (subscriptions), model_answers_test.go (calls of the
// server), model_pace_test.go (noisy events), model_status_test.go (what the
// store is told) and model_rest_test.go (what holds when nothing is under way).

// modelTime is how long the test looks for a failure when nobody says how often
// it is to try.
const modelTime = 8 * time.Second

func TestModel(t *testing.T) {
	defer func() { t.Logf("%d steps", steps) }()
	require.NoError(t, flag.Set("rapid.nofailfile", "true"), "the seed is enough")
	if asked() {
		rapid.Check(t, modelCheck)
		return
	}
	for end := time.Now().Add(modelTime); time.Now().Before(end) && !t.Failed(); {
		rapid.Check(t, modelCheck)
		if testing.Short() || runtime.GOOS == "js" { // where a step takes long
			return
		}
	}
}

// asked reports whether somebody says how many checks there are to be.
func asked() bool {
	_, set := os.LookupEnv("RAPID_CHECKS")
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "rapid.checks" || f.Name == "rapid.seed" })
	return set
}

// steps counts what has happened, for who wonders how much that is.
var steps int

func modelCheck(t *rapid.T) {
	w := newWorld(t)
	t.Repeat(w.actions())
	w.finish()
	steps += w.steps
}

// A world is all there is around a Middleware, and what the model knows of it.
type world struct {
	steps   int
	t       *rapid.T
	host    *modelHost
	m       *middleware.Middleware
	options middleware.Options
	now     time.Time

	// The place CONNECT_SOCKET leads to.
	flavor   flavor // that the application asks for
	speaks   flavor // that the servers have
	nsps     []string
	wanted   bool // connected by the application, and not disconnected since
	place    int
	key      int
	failed   bool // no attempt follows
	attempt  int  // attempts since the last stable connection, as the backoff counts
	dialed   time.Time
	redialAt time.Time // not before
	redialBy time.Time // not after; zero if no attempt is planned

	notBefore time.Time // the end of a refused key's rest
	keyAsked  uint32
	keyGiven  bool // for that attempt
	keys      keyTemper
	refusing  bool // the browser will not make a WebSocket
	sockets   int
	jitter    float64

	// The application.
	listeners []*modelListener
	emits     []*modelEmit // that are not settled
	made      int
	sentLast  int // the number of the emit that was sent last
	armed     map[string][]deed
	ringing   bool // the Middleware looks at the time
	depth     int  // of calls of the Middleware
	upheavals int  // CONNECT_SOCKETs and DISCONNECT_SOCKETs so far
	thrown    int  // exceptions that were not told of yet
	closing   int  // SOCKET_CLOSEDs that are due
	retries   bool // what the last of them is to say
	numbers   int
	changing  int // CONNECT_SOCKETs and DISCONNECT_SOCKETs under way
	lasting   []*lasting
	serial    int
	asked     []pendingAnswer // calls of the server that the application will answer

	// What the store is told.
	stands    standing
	told      standing
	toldAt    time.Time
	moved     bool      // the status has changed since
	planned   bool      // SOCKET_RECONNECTING is due
	failing   bool      // SOCKET_FAILED is due
	announced bool      // SOCKET_CONNECTING was dispatched for the next dial
	lostAt    time.Time // when a connection in use was lost; zero if none was
	suspended bool
	resuming  bool // Resume is under way

	feeding   *message
	feedingOn *modelSocket
}

// keyTemper is what the page does when it is asked for the key.
type keyTemper uint8

const (
	keysAtOnce keyTemper = iota
	keysLater
	keysFail
)

func newWorld(t *rapid.T) *world {
	none := standing{latency: -1}
	w := &world{t: t, now: time.UnixMilli(1_000_000), armed: make(map[string][]deed), stands: none, told: none}
	w.options = middleware.Options{
		QueueLimit:         rapid.SampledFrom([]int{1000, 3, 1}).Draw(t, "queueLimit"),
		AckTimeout:         rapid.SampledFrom([]time.Duration{time.Minute, 4 * time.Second}).Draw(t, "ackTimeout"),
		QueueTimeout:       rapid.SampledFrom([]time.Duration{0, 0, 2 * time.Second}).Draw(t, "queueTimeout"),
		DropOldest:         rapid.IntRange(0, 3).Draw(t, "dropOldest") == 3,
		Offline:            rapid.SampledFrom([]middleware.Offline{0, 0, 0, 1, 2}).Draw(t, "offline"),
		DisconnectedAction: rapid.IntRange(0, 4).Draw(t, "disconnectedAction") == 4,
		ConnectTimeout:     rapid.SampledFrom([]time.Duration{0, 0, 4 * time.Second}).Draw(t, "connectTimeout"),
		Reconnect: bsock.Backoff{
			Off:   rapid.IntRange(0, 6).Draw(t, "reconnectOff") == 6,
			Limit: rapid.SampledFrom([]int{0, 0, 1, 3}).Draw(t, "limit"),
		},
		Jitter: func() float64 { return w.jitter },
	}
	w.jitter = rapid.SampledFrom([]float64{0.5, 0.05, 0.999}).Draw(t, "jitter")
	w.flavor = rapid.SampledFrom([]flavor{flavorBsock, flavorBsock, flavorSIO2, flavorSIO4, flavorAny}).Draw(t, "flavor")
	if w.speaks = w.flavor; w.flavor == flavorAny {
		w.speaks = rapid.SampledFrom([]flavor{flavorSIO2, flavorSIO4}).Draw(t, "speaks")
	}
	w.host = newModelHost(w)
	w.m = middleware.New(w.host, w.options)
	w.host.m = w.m
	return w
}

// broken ends the test: law does not hold.
func (w *world) broken(law, format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf("BROKEN: %s.\n%s", law, fmt.Sprintf(format, args...))
}

func (w *world) log(format string, args ...any) { w.t.Logf(format, args...) }

// enter calls the Middleware for what may end a connection, or a call.
func (w *world) enter(call func()) {
	w.host.endLease()
	w.inside(call)
}

// inside calls the Middleware.
func (w *world) inside(call func()) {
	w.depth++
	call()
	w.depth--
}

// actions are what may happen next.
func (w *world) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"": func(*rapid.T) {
			w.steps++
			w.rest()
		},
		"connect":           w.doConnect,
		"connect the same":  w.doConnectSame,
		"disconnect":        w.doDisconnect,
		"emit":              w.doEmit,
		"emit more":         w.doEmit,
		"emit plainly":      w.doEmitPlainly,
		"emits":             w.doEmits,
		"arm":               w.doArm,
		"arm another":       w.doArm,
		"polite":            w.doPolite,
		"polite again":      w.doPolite,
		"come up":           w.doComeUp,
		"come back":         w.doComeBack,
		"come up slowly":    w.doComeUpSlowly,
		"emit the same":     w.doEmitSame,
		"arm the same":      w.doArmSame,
		"open":              w.doOpen,
		"server says":       w.doServer,
		"server says more":  w.doServer,
		"server sends":      w.doEvents,
		"server sends more": w.doEvents,
		"storm":             w.doStorm,
		"deliver":           w.doDeliver,
		"deliver more":      w.doDeliver,
		"deliver all":       w.doDeliverAll,
		"network fails":     w.doFault,
		"time passes":       w.doTime,
		"time passes again": w.doTime,
		"sleep":             w.doSleep,
		"alarm":             w.doAlarm,
		"key":               w.doKey,
		"answer":            w.doAnswer,
		"suspend":           w.doSuspend,
		"resume":            w.doResume,
		"temper":            w.doTemper,
	}
}
