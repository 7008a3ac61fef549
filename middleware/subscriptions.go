package middleware

import "strings"

// A subscriptionList holds what is remembered: in the order in which it is sent
// again, and by its keys. Every emit that concerns subscriptions asks for those
// of a key, several times, and may be one of thousands: looking through all of
// them made the ten thousandth 800 µs, and now it is 4.
type subscriptionList struct {
	first, last *subscription
	byKey       map[string]*subscription // the oldest; the others of the key follow
	byRef       map[uint32]*subscription // those that are plain
}

// A subscription is an emit that is remembered. Its ref names a copy of the
// body, for which nobody waits.
type subscription struct {
	emit
	again replay

	kept       bool // it is in the list
	prev, next *subscription
	like       *subscription // the next of the same key
}

// listKey is the key in the list. No rule's key begins as a namespace does.
func listKey(nsp, key string) string { return boundKey(nsp, key) }

// add puts s behind all others.
func (l *subscriptionList) add(s *subscription) {
	s.kept = true
	l.append(s)
	if l.byKey == nil {
		l.byKey = make(map[string]*subscription)
		l.byRef = make(map[uint32]*subscription)
	}
	if s.plain() {
		l.byRef[s.ref] = s
	}
	key := listKey(s.nsp, s.rule.key)
	at := l.byKey[key]
	if at == nil {
		l.byKey[key] = s
		return
	}
	for at.like != nil {
		at = at.like
	}
	at.like = s
}

func (l *subscriptionList) append(s *subscription) {
	s.prev, s.next = l.last, nil
	if l.last == nil {
		l.first = s
	} else {
		l.last.next = s
	}
	l.last = s
}

// remove takes s out. That one knows what followed it stays, for who is going
// through the list.
func (l *subscriptionList) remove(s *subscription) {
	s.kept = false
	l.unlink(s)
	delete(l.byRef, s.ref)
	key := listKey(s.nsp, s.rule.key)
	at := l.byKey[key]
	switch {
	case at != s:
		for at.like != s {
			at = at.like
		}
		at.like = s.like
	case s.like == nil:
		delete(l.byKey, key)
	default:
		l.byKey[key] = s.like
	}
}

func (l *subscriptionList) unlink(s *subscription) {
	if s.prev == nil {
		l.first = s.next
	} else {
		s.prev.next = s.next
	}
	if s.next == nil {
		l.last = s.prev
	} else {
		s.next.prev = s.prev
	}
}

// moveToEnd has s sent again behind all others.
func (l *subscriptionList) moveToEnd(s *subscription) {
	if l.last != s {
		l.unlink(s)
		l.append(s)
	}
}

// of returns the oldest that has the key; the others follow as like.
func (l *subscriptionList) of(nsp, key string) *subscription {
	return l.byKey[listKey(nsp, key)]
}

// all returns all there are now, in order.
func (l *subscriptionList) all() []*subscription {
	var all []*subscription
	for s := l.first; s != nil; s = s.next {
		all = append(all, s)
	}
	return all
}

// undone calls do, which may remove it, with each that a rule undoes.
func (l *subscriptionList) undone(nsp string, r *rule, do func(*subscription)) {
	switch {
	case r.all:
		for s := l.first; s != nil; {
			next := s.next
			if s.nsp == nsp && strings.HasPrefix(s.rule.key, r.undo) {
				do(s)
			}
			s = next
		}
	case r.undo != "":
		l.each(nsp, r.undo, do)
	}
}

// each calls do, which may remove it, with each that has the key.
func (l *subscriptionList) each(nsp, key string, do func(*subscription)) {
	for s := l.of(nsp, key); s != nil; {
		next := s.like
		do(s)
		s = next
	}
}
