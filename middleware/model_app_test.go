package middleware_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// The application of the model test: what it dispatches, and how it reacts to
// what is dispatched to it.

// A deed is what the application does when it sees an action. Nil fields are
// not done.
type deed struct {
	emit       *emitDeed
	connect    *connectDeed
	disconnect bool
	throw      bool
}

type emitDeed struct {
	kind    *emitKind
	nsp     string
	call    bool
	timeout int    // ms, 0 for none
	ttl     int    // ms, 0 for none
	policy  string // "" for the default
	bytes   int    // attachments
	bad     bool
}

type connectDeed struct {
	place, key int
	nsps       bool // to join a namespace
	bad        bool
	listeners  []*modelListener
}

// A modelListener is an element of the option listeners.
type modelListener struct {
	event  string
	nsp    string
	hook   bool
	answer answerTemper
	pace   pace
	filter bool

	until time.Time // when its window ends
	owed  []int     // the events that it has gathered
}

func (l *modelListener) actionType() string { return "on " + l.event }

// eventNames are what the server sends; nobody listens to the last.
var eventNames = []string{"a", "b", "c"}

// triggers are what the application may react to.
var triggers = []string{
	middleware.SocketConnected, middleware.SocketDisconnected, "SOCKET_CLOSED", "SOCKET_ERROR",
	"disconnectedAction", "on a", "on b", "acknowledge", "answer", "SOCKET_CONNECTING",
	"SOCKET_RECONNECTING", "SOCKET_FAILED", "SOCKET_RESUMED", "SOCKET_STATUS",
}

func drawEmit(t *rapid.T) emitDeed {
	d := emitDeed{
		kind:    rapid.SampledFrom(emitKinds).Draw(t, "kind"),
		nsp:     rapid.SampledFrom([]string{"", "", "", "/a", "/b", "/c"}).Draw(t, "nsp"),
		call:    rapid.Bool().Draw(t, "call"),
		timeout: rapid.SampledFrom([]int{0, 0, 0, 500, 3000, 20_000}).Draw(t, "timeout"),
		ttl:     rapid.SampledFrom([]int{0, 0, 0, 700}).Draw(t, "ttl"),
		policy:  rapid.SampledFrom([]string{"", "", "", "queue", "fail", "drop"}).Draw(t, "policy"),
		bytes:   max(0, rapid.IntRange(-2, 2).Draw(t, "bytes")),
		bad:     rapid.IntRange(0, 15).Draw(t, "bad") == 15,
	}
	if d.kind != &plainKind {
		d.nsp = ""
	}
	return d
}

func drawConnect(t *rapid.T) connectDeed {
	d := connectDeed{
		place: rapid.IntRange(0, 1).Draw(t, "place"),
		key:   rapid.IntRange(0, 1).Draw(t, "key"),
		nsps:  rapid.IntRange(0, 2).Draw(t, "nsps") == 2,
		bad:   rapid.IntRange(0, 9).Draw(t, "bad") == 9,
	}
	for range rapid.IntRange(0, 3).Draw(t, "listeners") {
		l := &modelListener{event: rapid.SampledFrom(eventNames[:2]).Draw(t, "event")}
		l.nsp = rapid.SampledFrom([]string{"", "", "", "/b"}).Draw(t, "nsp")
		l.hook = rapid.IntRange(0, 3).Draw(t, "hook") == 3 && hookOf(d.listeners, l.event, l.nsp) < 0
		if l.hook {
			l.answer = rapid.SampledFrom([]answerTemper{answersAtOnce, answersInside, answersLater}).Draw(t, "answer")
		} else {
			l.pace = rapid.SampledFrom([]pace{paceEach, paceEach, paceThrottle, paceLatest, paceBatch}).Draw(t, "pace")
		}
		l.filter = rapid.IntRange(0, 3).Draw(t, "filter") == 3
		d.listeners = append(d.listeners, l)
	}
	return d
}

func drawDeed(t *rapid.T) (d deed) {
	switch rapid.SampledFrom([]string{"emit", "emit", "connect", "disconnect", "throw"}).Draw(t, "deed") {
	case "emit":
		e := drawEmit(t)
		d.emit = &e
	case "connect":
		c := drawConnect(t)
		d.connect = &c
	case "disconnect":
		d.disconnect = true
	default:
		d.throw = true
	}
	return d
}

// hookOf returns the place of the listener that answers event, -1 if none does.
func hookOf(listeners []*modelListener, event, nsp string) int {
	for i, l := range listeners {
		if l.hook && l.event == event && l.nsp == nsp {
			return i
		}
	}
	return -1
}

// dispatched has the application react to an action. It reports whether
// nothing was thrown.
func (w *world) dispatched(actionType string) (ok bool) {
	w.log("dispatch %s", actionType)
	deeds := w.armed[actionType]
	if len(deeds) == 0 {
		return true
	}
	w.armed[actionType] = deeds[1:]
	d := deeds[0]
	switch {
	case d.emit != nil:
		w.emit(*d.emit)
	case d.connect != nil && w.overdue() && w.place == d.connect.place && w.key == d.connect.key && slices.Equal(w.nsps, d.connect.namespaces()):
		// What that does depends on whether the connection was given up already.
	case d.connect != nil:
		w.connect(*d.connect)
	case d.disconnect:
		w.disconnect()
	case d.throw:
		w.thrown++
		return false
	}
	return true
}

// reacted is dispatched for a function that the application has given.
func (w *world) reacted(trigger string) middleware.Delivery {
	if !w.dispatched(trigger) {
		return middleware.DeliveryThrew
	}
	return middleware.Delivered
}

func (w *world) sawThrown() {
	if w.thrown == 0 {
		w.broken("SOCKET_ERROR tells of what the application threw, and of nothing else", "nothing was thrown")
	}
	w.thrown--
}

// connect dispatches CONNECT_SOCKET.
func (w *world) connect(d connectDeed) {
	w.log("CONNECT_SOCKET %d key %d listeners %d nsps %v bad %t", d.place, d.key, len(d.listeners), d.namespaces(), d.bad)
	a := middleware.ConnectAction{
		Port:   middleware.Value{Kind: middleware.Number, Number: float64(5000 + d.place)},
		NewKey: d.key != w.key,
		Ref:    w.host.keep(&modelBody{kind: bodyPromise}),
	}
	if w.flavor != flavorBsock {
		a.Protocol = text(w.flavor.String())
	}
	if d.nsps {
		a.Nsps = text("/a")
	}
	if d.bad {
		a.Port.Number = 0
	} else {
		w.connecting(d)
	}
	for _, l := range d.listeners {
		described := l.described()
		a.Hear(&described)
	}
	w.changing++
	w.enter(func() { w.m.HandleConnect(w.now, &a) })
	w.changing--
}

// connecting notes what follows from a CONNECT_SOCKET that is right.
func (w *world) connecting(d connectDeed) {
	w.upheavals++
	w.listeners = nil
	for _, l := range d.listeners {
		fresh := *l
		fresh.until, fresh.owed = time.Time{}, nil
		w.listeners = append(w.listeners, &fresh)
	}
	w.host.release()
	w.host.router.routes = make(map[string]*modelRoute)
	same := w.wanted && w.place == d.place && w.key == d.key && slices.Equal(w.nsps, d.namespaces())
	if same && !w.failed {
		w.hurry()
		return
	}
	if !same {
		w.leaveLasting()
	}
	w.leave()
	w.wanted, w.failed, w.attempt, w.place, w.key = true, false, 0, d.place, d.key
	w.nsps = d.namespaces()
	w.redialAt, w.redialBy, w.dialed, w.notBefore = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	w.suspended = false
	w.become(statusDisconnected)
}

// namespaces returns the namespaces that d is to join.
func (d *connectDeed) namespaces() (nsps []string) {
	if d.nsps {
		nsps = append(nsps, "/a")
	}
	for _, l := range d.listeners {
		if l.nsp != "" && !slices.Contains(nsps, l.nsp) {
			nsps = append(nsps, l.nsp)
		}
	}
	return nsps
}

// hurry brings the next attempt forward, to the shortest delay after the last
// began.
func (w *world) hurry() {
	if w.suspended {
		return
	}
	soonest := w.dialed.Add(time.Second)
	if soonest.Before(w.notBefore) {
		soonest = w.notBefore
	}
	if soonest.Before(w.redialAt) {
		w.redialAt, w.redialBy = soonest, soonest
	}
}

// leave notes that the application gives the socket up.
func (w *world) leave() {
	w.closing, w.planned, w.failing, w.lostAt = 0, false, false, time.Time{}
	w.notBefore = time.Time{}
	if s := w.host.socket; s != nil {
		s.leaving = true
	}
	for _, e := range w.emits {
		e.left = true
	}
}

// disconnect dispatches DISCONNECT_SOCKET.
func (w *world) disconnect() {
	w.log("DISCONNECT_SOCKET")
	w.upheavals++
	w.leaveLasting()
	w.leave()
	w.wanted, w.suspended, w.redialBy = false, false, time.Time{}
	w.become(statusDisconnected)
	ref := w.host.keep(&modelBody{kind: bodyPromise})
	w.changing++
	w.enter(func() { w.m.HandleDisconnect(w.now, ref) })
	w.changing--
}

func (l *modelListener) described() middleware.Listener {
	d := middleware.Listener{Event: text(l.event), ActionType: text(l.actionType())}
	if l.nsp != "" {
		d.Nsp = text(l.nsp)
	}
	window := middleware.Value{Kind: middleware.Number, Number: float64(paceWindow.Milliseconds())}
	switch {
	case l.hook:
		d.Ack = text("ok")
	case l.pace == paceThrottle:
		d.Throttle = window
	case l.pace == paceLatest:
		d.Latest = window
	case l.pace == paceBatch:
		d.Batch = window
	}
	if l.filter {
		d.Filter = middleware.Value{Kind: middleware.Function}
	}
	return d
}

func text(s string) middleware.Value { return middleware.Value{Kind: middleware.String, Text: s} }

// A modelEmit is an EMIT_SOCKET that is not settled.
type modelEmit struct {
	emitDeed
	number    int
	ref       uint32
	text      string
	made      time.Time
	serial    int          // when it was sent, 0 if it was not
	absorbed  *modelSocket // where the same was sent again, and is answered for both
	deadline  time.Time    // zero if there is none
	on        *modelSocket // where it was sent
	settled   bool
	malformed bool   // its answer was
	mayExpire bool   // what was sent again, and is the same, has expired
	reason    string // why it failed, as the store was told
	tried     bool   // the WebSocket did not take it
	triedOn   *modelSocket
	lost      bool // with its connection
	left      bool // the application left the socket after it was dispatched
}

func (e *modelEmit) String() string { return fmt.Sprintf("emit %d", e.number) }

// emit dispatches EMIT_SOCKET.
func (w *world) emit(d emitDeed) {
	w.made++
	e := &modelEmit{emitDeed: d, number: w.made, made: w.now}
	args := slices.Clone(d.kind.args)
	if d.kind.numbered {
		args = append(args, strconv.Itoa(e.number))
	}
	for i := range d.bytes {
		args = append(args, fmt.Sprintf(`{"_placeholder":true,"num":%d}`, i))
	}
	e.text = "[" + strings.Join(args, ",") + "]"
	w.log("EMIT_SOCKET %d %s %+v", e.number, e.text, d)
	if d.call {
		e.deadline = w.now.Add(w.options.AckTimeout)
	}
	if d.timeout > 0 {
		e.deadline = w.now.Add(time.Duration(d.timeout) * time.Millisecond)
	}
	w.emits = append(w.emits, e)
	if !w.host.sendsItself(e) {
		w.handOver(e, args)
	}
}

// action returns e as the page hands it over.
func (e *modelEmit) action() middleware.EmitAction {
	unquote := func(s string) middleware.Value { return text(s[1 : len(s)-1]) }
	k := e.kind
	a := middleware.EmitAction{
		Type: unquote(k.args[0]), Message: unquote(k.args[1]), Meta: e.meta(),
		Ref: e.ref, Attachments: uint32(e.bytes),
	}
	if e.bad {
		a.Message = middleware.Value{}
	}
	if e.call {
		a.Acknowledge = middleware.Value{Kind: middleware.Function}
	}
	return a
}

func (e *modelEmit) meta() *middleware.EmitMeta {
	m := &middleware.EmitMeta{Persist: e.kind.persist, Forget: e.kind.forget}
	if e.timeout > 0 {
		m.Timeout = middleware.Value{Kind: middleware.Number, Number: float64(e.timeout)}
	}
	if e.ttl > 0 {
		m.TTL = middleware.Value{Kind: middleware.Number, Number: float64(e.ttl)}
	}
	if e.nsp != "" {
		m.Nsp = text(e.nsp)
	}
	if e.policy != "" {
		m.Queue = text(e.policy)
	}
	if *m == (middleware.EmitMeta{}) {
		return nil
	}
	return m
}
