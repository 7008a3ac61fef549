package appserver

import (
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// subscribe has an upstream event fired at the browser from now on.
func (b *session) subscribe(args native.Args) {
	sub, err := parseSubscription(args)
	if err != nil {
		b.complain(err)
		return
	}
	if _, ok := b.subs[sub]; ok {
		return
	}
	if len(b.subs) >= b.server.config.MaxSubscriptions {
		b.complain(errTooMany("subscriptions", b.server.config.MaxSubscriptions))
		return
	}
	u, err := b.upstream(b.socket.Context(), sub.kind, false)
	if err == nil {
		err = u.subscribe(b, sub)
	}
	if err != nil {
		b.complain(err)
		return
	}
	b.subs[sub] = struct{}{}
	b.log.Debug("browser subscribes", "server", string(sub.kind), "event", sub.event, "response", sub.response)
}

// unsubscribe undoes subscribe. What was not subscribed to needs no undoing.
func (b *session) unsubscribe(args native.Args) {
	sub, err := parseSubscription(args)
	if err != nil {
		b.complain(err)
		return
	}
	if _, ok := b.subs[sub]; !ok {
		return
	}
	delete(b.subs, sub)
	if u, err := b.upstream(b.socket.Context(), sub.kind, false); err == nil {
		u.unsubscribe(b, sub)
	}
}

// complain tells the browser that an event could not be carried out. It has no
// answer in which to be told, so this is an error that belongs to nothing, as it
// is in bsock.
func (b *session) complain(err error) {
	b.log.Debug("browser is refused", "err", err)
	_ = b.socket.Complain(b.socket.Context(), err) // lost only with the browser
}
