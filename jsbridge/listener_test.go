//go:build js && wasm

package jsbridge

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The listeners of a CONNECT_SOCKET, which come one by one before it does.

// A hearing is what a recorder has heard of listeners.
type hearing struct {
	coming    []Listener
	listeners []Listener // of the last connect
	known     []string   // the protocol that the connect said when each came
	react     func()     // what else it does at each
}

func (r *recorder) HandleListener(c *Connect, l *Listener) {
	r.coming = append(r.coming, l.kept())
	if !r.quiet {
		r.known = append(r.known, strings.Clone(c.Protocol.Text))
	}
	if r.hearing.react != nil {
		r.hearing.react()
	}
}

// kept returns l when it has been given back.
func (l *Listener) kept() Listener {
	kept := *l
	for _, v := range [...]*Value{&kept.Event, &kept.ActionType, &kept.Ack, &kept.Nsp, &kept.Throttle, &kept.Latest, &kept.Batch} {
		v.Text = strings.Clone(v.Text)
	}
	return kept
}

func (r *recorder) HandleConnect(store uint32, now int64, c *Connect) {
	r.connect = *c
	r.listeners, r.coming = r.coming, nil
	r.called(store, now, "connect ref %d, new key %t%s, listeners %v", c.Ref, c.NewKey, given(
		[]string{"port", "host", "ssl", "namespace", "protocols", "protocol", "nsps"},
		c.Port, c.Host, c.SSL, c.Namespace, c.Protocols, c.Protocol, c.Nsps), r.listeners)
}

// String shows a listener by the fields that are there.
func (l Listener) String() string {
	return "{" + strings.TrimPrefix(given(
		[]string{"event", "type", "ack", "nsp", "throttle", "latest", "batch", "filter", "map"},
		l.Event, l.ActionType, l.Ack, l.Nsp, l.Throttle, l.Latest, l.Batch, l.Filter, l.Map), ", ") + "}"
}

// TestListenersComeAfterTheirConnect: what it says of the server is known then.
func TestListenersComeAfterTheirConnect(t *testing.T) {
	begin(t)
	run(t, `guest.handleConnect(0, 1, true, {protocol: "socket.io"}, [{event: "e"}, {}])`)
	run(t, `guest.handleConnect(0, 1, true, {}, [{event: "f"}])`)
	assert.Equal(t, []string{"socket.io", "socket.io", ""}, goSide.known)
	assert.Equal(t, []Listener{{Event: Value{KindString, 0, "f"}}}, goSide.listeners)
}

// TestLongListener: its fields are longer than the buffer.
func TestLongListener(t *testing.T) {
	begin(t)
	long := strings.Repeat("größer", 1000)
	run(t, `guest.handleConnect(0, 1, true, {}, [{event: "`+long+`", actionType: "A`+long+`"}, {event: "e"}])`)
	assert.Equal(t, []Listener{
		{Event: Value{KindString, 0, long}, ActionType: Value{KindString, 0, "A" + long}},
		{Event: Value{KindString, 0, "e"}},
	}, goSide.listeners)
}

// TestPanicAtAListener: the one that follows has nothing of it.
func TestPanicAtAListener(t *testing.T) {
	begin(t)
	goSide.hearing.react = func() {
		goSide.hearing.react = nil
		panic("out of luck")
	}
	run(t, `guest.handleConnect(0, 1, true, {}, [{event: "e", actionType: "A", ack: 1}, {event: "f"}])`)
	assert.Equal(t, []string{panicLine("out of luck")}, takeImports(t))
	assert.Equal(t, []Listener{{
		Event: Value{KindString, 0, "e"}, ActionType: Value{KindString, 0, "A"}, Ack: Value{KindNumber, 1, "1"},
	}, {Event: Value{KindString, 0, "f"}}}, goSide.listeners)
}
