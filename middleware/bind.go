package middleware

import "strings"

// What a CONNECT_SOCKET brings to listen to. The listeners come one by one, and
// nothing is kept of one but the event and how it is heard: there may be ten
// thousand, and a list of all that they say would be more to allocate, and then
// to collect, than all the rest.

// A binding is what is bound to an event, by the places of the listeners.
type binding struct {
	event, nsp string
	events     []hearing
	first      [1]hearing // room for the only one, which it mostly is
	paced      bool       // one of them has a window
	hook       uint32
	hooked     bool
}

// boundKey is the key of a binding. No namespace holds a zero byte.
func boundKey(nsp, event string) string {
	if nsp == "" {
		return event
	}
	return nsp + "\x00" + event
}

// bindings are listeners by event.
type bindings struct {
	byKey map[string]*binding
	count int
	nsps  string // the namespaces that they name, separated by commas
	err   error  // what is wrong with the first that is wrong
}

// Hear adds a listener to those that a brings. l may be lent, and a must say
// already which protocol the server speaks.
// bsock: lib/socket.js bind, hook
func (a *ConnectAction) Hear(l *Listener) {
	bs := &a.heard
	place := bs.count
	bs.count++
	if bs.err == nil {
		bs.err = l.check(place, a.Protocol.Text)
	}
	if bs.err == nil {
		bs.err = bs.add(l, place)
	}
}

func (bs *bindings) add(l *Listener, place int) error {
	b := bs.of(l)
	switch {
	case !l.Ack.truthy():
		h := l.hearing(place)
		b.events, b.paced = append(b.events, h), b.paced || h.pace != paceEach
	case b.hooked:
		return badListener(place, "event", "an event that no other listener with ack answers", &l.Event)
	default:
		b.hook, b.hooked = uint32(place), true
	}
	return nil
}

// of returns the binding of the event that l listens to.
func (bs *bindings) of(l *Listener) *binding {
	nsp := l.nsp()
	b := bs.byKey[boundKey(nsp, l.Event.Text)]
	if b != nil {
		return b
	}
	b = &binding{event: strings.Clone(l.Event.Text), nsp: strings.Clone(nsp)}
	b.events = b.first[:0]
	if bs.byKey == nil {
		bs.byKey = make(map[string]*binding)
	}
	bs.byKey[boundKey(b.nsp, b.event)] = b
	bs.nsps = withName(bs.nsps, b.nsp)
	return b
}

// withName adds the name of a namespace to a list, unless it is there or is
// that of the default one.
func withName(list, nsp string) string {
	switch {
	case nsp == "" || lists(list, nsp):
		return list
	case list == "":
		return nsp
	}
	return list + "," + nsp
}
