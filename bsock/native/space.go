package native

import "sync"

// A space is one namespace of a connection, as this end sees it: its handlers,
// and what waits to be sent to it. Its fields are guarded by the driver's mutex
// unless they say otherwise.
type space struct {
	name     string         // "/admin"; "" for the default one; never changes
	handlers handlers       // has a mutex of its own
	hooks    sync.WaitGroup // those that run

	joined bool    // the application may send
	ended  error   // why it is over; nil if it is joined, or to be joined
	urgent waiters // what may go out before OnConnect has succeeded
	queued waiters // all else

	// At the client's end.
	asked *link        // where joining it is under way
	joins []chan error // who waits for that; each has room for the answer

	socket *Socket // at the server's end
}

func newSpace(name string, p Protocol) *space {
	return &space{name: name, handlers: handlers{reserved: p.reserved}}
}

// spaceOf returns the space with this name, nil if there is none.
func (d *driver) spaceOf(name string) *space {
	for _, s := range d.spaces {
		if s.name == name {
			return s
		}
	}
	return nil
}

// lose ends what was to go out on a connection that has ended. It waits for the
// next.
func (s *space) lose() {
	s.joined, s.asked = false, nil
	s.urgent.fail(ErrLost, func(*sending) bool { return true })
	s.queued.fail(ErrLost, func(w *sending) bool { return w.link != nil })
}

// shut ends s, and all that waits in it, with err.
func (s *space) shut(err error) {
	s.joined, s.asked, s.ended = false, nil, err
	s.urgent.fail(err, func(*sending) bool { return true })
	s.queued.fail(err, func(*sending) bool { return true })
}

// tellJoins tells those who wait for s to be joined how that ended, and reports
// whether there were any.
func (s *space) tellJoins(err error) bool {
	waited := len(s.joins) > 0
	for _, done := range s.joins {
		done <- err
	}
	s.joins = nil
	return waited
}
