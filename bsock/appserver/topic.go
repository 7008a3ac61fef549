package appserver

import (
	"fmt"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A subscription is an upstream event and the name by which a browser hears it.
type subscription struct {
	kind     kind
	event    string
	response string
}

// A topic is an upstream event that browsers have subscribed to. It is bound
// once, however many they are.
type topic struct {
	unbind    func()
	listeners map[string]map[*session]struct{} // by response
}

// subscribe has s hear an event.
func (u *upstream) subscribe(s *session, sub subscription) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	t := u.topics[sub.event]
	if t == nil {
		unbind, err := u.client.Bind(sub.event, func(args native.Args) { u.deliver(sub.event, args) })
		if err != nil {
			return err
		}
		t = &topic{unbind, make(map[string]map[*session]struct{})}
		u.topics[sub.event] = t
	}
	if t.listeners[sub.response] == nil {
		t.listeners[sub.response] = make(map[*session]struct{})
	}
	t.listeners[sub.response][s] = struct{}{}
	if u.inRooms() {
		s.socket.Join(u.room(sub.event, sub.response))
	}
	return nil
}

// unsubscribe undoes subscribe, and lets go of the event if s was the last to
// hear it.
func (u *upstream) unsubscribe(s *session, sub subscription) {
	u.mu.Lock()
	defer u.mu.Unlock()
	t := u.topics[sub.event]
	if t == nil {
		return
	}
	if u.inRooms() {
		s.socket.Leave(u.room(sub.event, sub.response))
	}
	delete(t.listeners[sub.response], s)
	if len(t.listeners[sub.response]) == 0 {
		delete(t.listeners, sub.response)
	}
	if len(t.listeners) == 0 {
		t.unbind()
		delete(u.topics, sub.event)
	}
}

// inRooms reports whether all who hear an event hear the same, so that it can be
// encoded once for a room full of browsers.
func (u *upstream) inRooms() bool { return u.owner == nil && u.kind == nodeKind }

// room names the browsers that hear an event as response.
func (u *upstream) room(event, response string) string {
	return fmt.Sprintf("%q %s %q %q", u.id, u.kind, event, response)
}

// deliver fires an event at those who have subscribed to it. It never waits; a
// browser that does not read is cut off.
func (u *upstream) deliver(event string, args native.Args) {
	if u.owner != nil && !u.active.Load() {
		return // its owner hears the shared connection still
	}
	for _, to := range u.addressees(event, args) {
		if err := u.server.sockets.To(to.room, to.response, args); err != nil {
			u.log.Error("event cannot be passed on", "event", event, "err", err)
		}
	}
}

// An addressee is a room to which an event goes, and its name there.
type addressee struct{ room, response string }

func (u *upstream) addressees(event string, args native.Args) (found []addressee) {
	u.mu.Lock()
	defer u.mu.Unlock()
	t := u.topics[event]
	if t == nil {
		return nil
	}
	for response, sessions := range t.listeners {
		if u.inRooms() {
			found = append(found, addressee{u.room(event, response), response})
			continue
		}
		for s := range sessions {
			if u.mayHear(s, args) {
				found = append(found, addressee{s.room, response})
			}
		}
	}
	return found
}

// mayHear reports whether s may hear an event of the wallet server, the first
// argument of which is the id of a wallet. On a connection of its own it hears
// whatever comes.
func (u *upstream) mayHear(s *session, args native.Args) bool {
	id, ok := args.Text(0)
	if u.owner != nil || !ok {
		return true
	}
	h := u.held[id]
	if h == nil {
		return false
	}
	_, joined := h.by[s]
	return joined
}
