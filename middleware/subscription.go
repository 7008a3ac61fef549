package middleware

import (
	"strings"
	"time"
)

// Emits that ask the server for something lasting are remembered, and sent
// again after every reconnection: see replay.go. They are
//
//   - remembered when they have been sent or, if they are calls, answered: one
//     whose caller was told that it failed is never sent again;
//   - forgotten when what undoes them has been sent or answered, when the
//     server refuses them, and with the socket: at DISCONNECT_SOCKET, and at a
//     CONNECT_SOCKET to another place or with another key.

// A rule says what an emit is to subscriptions.
type rule struct {
	_        incomparable
	remember bool
	// key names what is asked for: one subscription at most has it, unless
	// more may. Those are told apart by their arguments, of which the key has
	// a hash: when each was compared with all the others, 10,000 took 314 µs
	// each, and now 4.
	key  string
	more bool
	// undo is the key that the emit undoes, or with all what such keys begin
	// with.
	undo string
	all  bool
	// words says that the type and the message have made the rule, not meta.
	words bool
}

// The keys of the rules below. A zero byte cannot stand in a word of theirs.
const (
	keySubscribe = "subscribe\x00"
	keyWatch     = "watch\x00"
	keyFilter    = "filter\x00"
	keyJoin      = "join\x00"
	keyNamed     = "named\x00"
	keyItself    = "itself\x00"
)

// ruleOf returns the rule for an emit that has a body, nil if it is nothing to
// subscriptions, as most are.
func (m *Middleware) ruleOf(a *EmitAction) *rule {
	r, said := rule{}, false
	if a.Meta != nil {
		r, said = a.Meta.rule()
	}
	if !said {
		r = m.knownRule(a)
		r.words = true
	}
	if r.more {
		hash := m.host.Hash(a.Ref)
		r.key += string([]byte{byte(hash), byte(hash >> 8), byte(hash >> 16), byte(hash >> 24)})
	}
	if !r.remember && r.undo == "" {
		return nil
	}
	kept := r
	return &kept
}

// rule returns the rule that the application asks for, and whether it says
// anything.
func (m *EmitMeta) rule() (r rule, said bool) {
	if m.Forget.Kind == String {
		r.undo = keyNamed + m.Forget.Text
	}
	switch {
	case m.Persist.Kind == String:
		r.remember, r.key = true, keyNamed+m.Persist.Text
	case m.Persist.truthy():
		r.remember, r.key, r.more = true, keyItself, true
	}
	return r, m.Persist.Kind == Bool || r.remember || r.undo != ""
}

// knownRule returns the rule for what the servers of bPanel, bcoin and hsd
// know.
// hsd: lib/node/http.js, lib/wallet/http.js; bPanel: server/socketManager
func (m *Middleware) knownRule(a *EmitAction) rule {
	switch a.Type.Text {
	case "subscribe":
		return rule{remember: true, key: m.pairKey(a)}
	case "unsubscribe":
		return rule{undo: m.pairKey(a)}
	case "broadcast", "dispatch":
		return m.relayedRule(a)
	}
	return rule{}
}

// pairKey is the key of an event and what it is passed on as.
func (m *Middleware) pairKey(a *EmitAction) string {
	key := keySubscribe + a.Message.Text + "\x00"
	return key + m.argument(a)
}

// argument returns the JSON behind the message. The host may have lent the
// fields, and needs their place for it.
func (m *Middleware) argument(a *EmitAction) string {
	a.Type.Text, a.Message.Text = strings.Clone(a.Type.Text), strings.Clone(a.Message.Text)
	return m.host.Argument(a.Ref, 2)
}

// relayedRule returns the rule for an event that an app server passes on.
func (m *Middleware) relayedRule(a *EmitAction) rule {
	// The first word may say which of an app server's clients gets it.
	message := strings.TrimPrefix(a.Message.Text, "node ")
	switch message {
	case "set filter":
		return rule{remember: true, key: keyFilter + "set", undo: keyFilter, all: true}
	case "add filter":
		return rule{remember: true, key: keyFilter + "add", more: true}
	case "reset filter":
		return rule{undo: keyFilter, all: true}
	case "wallet join":
		return rule{remember: true, key: keyJoin + m.argument(a)}
	case "wallet leave":
		return rule{undo: keyJoin + m.argument(a)}
	}
	if what, ok := strings.CutPrefix(message, "watch "); ok {
		return rule{remember: true, key: keyWatch + what}
	}
	if what, ok := strings.CutPrefix(message, "unwatch "); ok {
		return rule{undo: keyWatch + what}
	}
	return rule{}
}

// sending prepares an emit that concerns subscriptions, before it is sent.
// What it undoes is not taken for active any more: the same emitted again must
// reach the server.
func (m *Middleware) sending(e *emit) {
	m.serial++
	e.serial = m.serial
	m.subscriptions.undone(e.nsp, e.rule, func(s *subscription) { s.again.active = false })
	if !e.rule.remember {
		return
	}
	if !e.call && e.count == 0 && e.rule.undo == "" {
		e.known = m.known(e)
	}
	if e.known == nil {
		e.copied = m.host.Copy(e.ref) // now: a host lets go of what it has sent
	}
}

// known returns the subscription that e is once more, nil if there is none: an
// application may say it again and again.
func (m *Middleware) known(e *emit) *subscription {
	for s := m.subscriptions.of(e.nsp, e.rule.key); s != nil; s = s.like {
		if s.call == e.call && m.host.Same(s.ref, e.ref) {
			return s
		}
	}
	return nil
}

// notSent undoes sending.
func (m *Middleware) notSent(e *emit) {
	if e.copied != 0 {
		m.host.Drop(e.copied)
	}
}

// done acts on the rule of an emit that has been sent or, if it is a call,
// answered.
func (m *Middleware) done(e *emit) {
	if e.known != nil && e.known.kept {
		e.known.serial = e.serial
		m.subscriptions.moveToEnd(e.known)
		return
	}
	if e.known != nil { // forgotten while it was being sent
		e.copied = m.host.Copy(e.ref)
	}
	m.subscriptions.undone(e.nsp, e.rule, func(s *subscription) {
		if s.serial < e.serial {
			m.forget(s)
		}
	})
	if !e.rule.remember {
		return
	}
	m.subscriptions.each(e.nsp, e.rule.key, func(s *subscription) {
		if s.serial < e.serial && (!e.rule.more || m.host.Same(s.ref, e.copied)) {
			m.forget(s) // e takes its place
		}
	})
	kept := *e
	kept.known, kept.ref, kept.copied, kept.deadline, kept.expires = nil, e.copied, 0, time.Time{}, time.Time{}
	s := &subscription{emit: kept}
	m.subscriptions.add(s)
	if s.plain() {
		m.host.Remembered(s.ref)
	}
}

func (m *Middleware) forget(s *subscription) {
	m.subscriptions.remove(s)
	m.host.Drop(s.ref)
	m.dropAnswer(s)
}

// forgetAll forgets them all, and what was to become one.
func (m *Middleware) forgetAll() {
	for s := m.subscriptions.first; s != nil; s = s.next {
		m.host.Drop(s.ref)
		m.dropAnswer(s)
		s.kept = false
	}
	m.subscriptions = subscriptionList{}
	for _, e := range m.unanswered {
		m.notSent(&e)
	}
	clear(m.unanswered)
}
