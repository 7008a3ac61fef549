package appserver

import (
	"container/list"
	"sync"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// Connections that have not authenticated yet. A browser of ours does so in its
// first breath, so a crowd that does not is let go oldest first, before it takes
// the places of all others.

// strangers are in the order in which they came.
type strangers struct {
	mu     sync.Mutex
	most   int
	all    list.List // of *session
	places map[*session]*list.Element
}

// add takes a newcomer in, and returns the one that has to go for it, if any.
func (s *strangers) add(b *session) (oldest *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.places == nil {
		s.places = make(map[*session]*list.Element)
	}
	s.places[b] = s.all.PushBack(b)
	if s.all.Len() <= s.most {
		return nil
	}
	oldest = s.all.Front().Value.(*session)
	s.forget(oldest)
	return oldest
}

// remove is for one that is known now, or gone.
func (s *strangers) remove(b *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(b)
}

func (s *strangers) forget(b *session) {
	if place := s.places[b]; place != nil {
		s.all.Remove(place)
		delete(s.places, b)
	}
}

// makeRoom ends a stranger.
func (b *session) makeRoom() {
	b.authMu.Lock()
	authed := b.authed // it may just have made itself known
	b.authMu.Unlock()
	if !authed {
		b.log.Warn("browser has not authenticated, and others come")
		_ = b.socket.CloseWith(bsock.CloseTryAgain, "Too many connections that have not authenticated.") // it is closed whatever it returns
	}
}
