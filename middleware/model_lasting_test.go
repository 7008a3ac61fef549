package middleware_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// Emits that ask for something lasting, and the model's own idea of which of
// them last.

// An emitKind is what an emit says, and what that is to subscriptions.
type emitKind struct {
	args     []string // as JSON: type, message and the rest
	numbered bool     // every one of them differs

	persist, forget middleware.Value

	key  string // what it asks for, "" for nothing lasting
	more bool   // several that differ last beside each other
	undo string // the keys that it undoes begin with this, "" for none
}

func words(words ...string) (args []string) {
	for _, word := range words {
		args = append(args, fmt.Sprintf("%q", word))
	}
	return args
}

var plainKind = emitKind{args: words("fire", "m"), numbered: true}

// emitKinds are those that an application makes, more or less likely.
var emitKinds = []*emitKind{
	&plainKind, &plainKind, &plainKind, &plainKind,
	{args: words("subscribe", "block", "x"), key: "sub block x."},
	{args: words("subscribe", "block", "y"), key: "sub block y."},
	{args: words("unsubscribe", "block", "x"), undo: "sub block x."},
	{args: words("broadcast", "watch chain"), key: "watch chain."},
	{args: words("broadcast", "unwatch chain"), undo: "watch chain."},
	{args: words("broadcast", "set filter", "00"), key: "filter set", undo: "filter"},
	{args: words("dispatch", "add filter", "aa"), key: "filter add", more: true},
	{args: words("dispatch", "add filter", "bb"), key: "filter add", more: true},
	{args: words("broadcast", "reset filter"), undo: "filter"},
	{args: words("dispatch", "wallet join", "w"), key: "join w."},
	{args: words("dispatch", "wallet leave", "w"), undo: "join w."},
	{args: words("fire", "p"), persist: middleware.Value{Kind: middleware.Bool, Number: 1}, key: "itself", more: true},
	{args: words("fire", "q", "1"), persist: text("n"), key: "named n."},
	{args: words("fire", "q", "2"), persist: text("n"), key: "named n."},
	{args: words("fire", "z"), forget: text("n"), undo: "named n."},
	{args: words("subscribe", "block", "x"), persist: middleware.Value{Kind: middleware.Bool}},
}

// undoes reports whether an emit of kind k undoes what has that key.
func (k *emitKind) undoes(key string) bool {
	return k.undo != "" && strings.HasPrefix(key, k.undo)
}

// A lasting emit is one that the server has taken, and that is sent again on
// every connection until it is undone.
type lasting struct {
	e      *modelEmit
	serial int // when it was sent

	on       *modelSocket // where it was sent again
	active   bool         // and nothing has undone it there
	answered bool
}

// taken notes that the server has taken e: a fire was sent, a call answered.
func (w *world) taken(e *modelEmit) {
	k := e.kind
	if w.onceMore(e) {
		return
	}
	w.lasting = slices.DeleteFunc(w.lasting, func(l *lasting) bool {
		replaced := k.key != "" && l.e.kind.key == k.key && (!k.more || l.e.text == e.text)
		return l.serial < e.serial && (k.undoes(l.e.kind.key) || replaced)
	})
	if k.key != "" {
		w.lasting = append(w.lasting, &lasting{e: e, serial: e.serial})
	}
}

// onceMore reports whether e is a fire that lasts already, and no more than
// that. It lasts from then on, in the words of the first.
func (w *world) onceMore(e *modelEmit) bool {
	k := e.kind
	if e.call || e.bytes > 0 || k.key == "" || k.undo != "" {
		return false
	}
	for i, l := range w.lasting {
		if l.e.kind.key == k.key && !l.e.call && l.e.text == e.text {
			l.serial = e.serial
			w.lasting = append(slices.Delete(w.lasting, i, i+1), l)
			return true
		}
	}
	return false
}

// unreadable notes that the answer to e cannot be read: e is told that it has
// failed, and does not last.
func (w *world) unreadable(e *modelEmit) {
	e.malformed = true
	if e.serial == 0 || e.left {
		return
	}
	w.taken(e)
	w.lasting = slices.DeleteFunc(w.lasting, func(l *lasting) bool { return l.e == e })
}

// sending notes that e is about to be sent: what it undoes is not taken for
// active any more.
func (w *world) sending(e *modelEmit) {
	w.noteAbsorbed()
	w.serial++
	e.serial = w.serial
	for _, l := range w.lasting {
		if e.kind.undoes(l.e.kind.key) {
			l.active = false
		}
	}
}

// noteAbsorbed notes the emits that wait for the answer to what was sent again.
func (w *world) noteAbsorbed() {
	s := w.host.socket
	for _, e := range w.emits {
		if l := w.same(e, s); l != nil && e.queued() && e.call && !l.answered && s.authed && !s.announce {
			e.absorbed = s
		}
	}
}

// same returns what was sent again on s and is the same as e, nil if nothing
// is.
func (w *world) same(e *modelEmit, s *modelSocket) *lasting {
	for _, l := range w.lasting {
		if e.kind.key != "" && s != nil && l.on == s && l.active && l.e.kind.key == e.kind.key &&
			l.e.call == e.call && l.e.text == e.text {
			return l
		}
	}
	return nil
}

// sentAgain takes what the client sends again of e.
func (w *world) sentAgain(s *modelSocket, e *modelEmit) {
	w.expireJoins()
	if s == nil || !s.announce {
		w.broken("what lasts is sent again behind auth, before SOCKET_CONNECTED", "%s", e)
	}
	for i, l := range w.lasting {
		if l.e != e {
			continue
		}
		if l.on == s {
			w.broken("what lasts is sent again once on every connection", "%s", e)
		}
		if i > 0 && w.lasting[i-1].on != s {
			w.broken("what lasts is sent again in order", "%s before %s", e, w.lasting[i-1].e)
		}
		l.on, l.active, l.answered = s, true, false
		return
	}
	w.broken("what was undone, or never taken, is not sent again", "%s", e)
}

// restored checks that s has all that lasts, when SOCKET_CONNECTED comes.
func (w *world) restored(s *modelSocket) {
	for _, l := range w.lasting {
		if l.on != s && l.e.on != s {
			w.broken("a persistent subscription is active on every authenticated connection", "%s is missing", l.e)
		}
	}
}

// answeredAgain notes the answer to what was sent again of e on s.
func (w *world) answeredAgain(s *modelSocket, e *modelEmit, refused bool) {
	for _, l := range w.lasting {
		if l.e == e && l.on == s {
			l.answered = l.active && !refused
			l.active = l.active && !refused
		}
	}
	if refused {
		w.lasting = slices.DeleteFunc(w.lasting, func(l *lasting) bool { return l.e == e })
	}
}

// expireAgain notes what was sent again and is not answered in time.
func (w *world) expireAgain() {
	w.noteAbsorbed()
	s := w.host.socket
	if s == nil {
		return
	}
	for id, due := range s.again {
		if w.now.Before(due) {
			continue
		}
		for _, e := range w.emits {
			e.mayExpire = e.mayExpire || e.absorbed == s && e.text == s.calls[id].text
		}
		for _, l := range w.lasting {
			l.active = l.active && !(l.on == s && l.e == s.calls[id])
		}
		delete(s.again, id)
	}
}

// Same implements middleware.Store.
func (h *modelHost) Same(a, b uint32) bool {
	first, second := h.body("Same", a, bodyEmit, bodyCopy), h.body("Same", b, bodyEmit, bodyCopy)
	h.unspent("Same", first)
	h.unspent("Same", second)
	return first.text == second.text
}

// Hash is one that many bodies share.
func (h *modelHost) Hash(ref uint32) uint32 {
	return uint32(len(h.body("Hash", ref, bodyEmit).text) % 2)
}

// leaveLasting forgets what lasts, with its socket.
func (w *world) leaveLasting() { w.lasting = nil }
