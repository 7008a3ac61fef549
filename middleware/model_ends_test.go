package middleware_test

import (
	"slices"
	"time"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// How emits end, and whether they may end so.

func (w *world) settle(e *modelEmit) {
	if e.settled {
		w.broken("every emit settles exactly once", "%s twice", e)
	}
	e.settled = true
	w.emits = slices.DeleteFunc(w.emits, func(other *modelEmit) bool { return other == e })
}

// refusedEmit takes an emit that was not consumed.
func (w *world) refusedEmit(e *modelEmit) {
	if w.wanted {
		w.broken("an emit is consumed where there is a socket", "%s", e)
	}
	w.host.body("not consumed", e.ref, bodyEmit)
	w.host.consume(e.ref)
	w.settle(e)
}

// resolved takes the end of an emit without an answer; nil stands for another
// promise.
func (w *world) resolved(e *modelEmit) {
	if e == nil {
		return
	}
	w.log("settled %d", e.number)
	switch {
	case e.call || e.on == nil && w.same(e, w.host.socket) == nil:
		w.broken("an emit is settled when it was sent, and a call when it was answered", "%s", e)
	case e.on != nil && !e.left:
		w.taken(e)
	}
	w.settle(e)
}

// answered takes the end of an emit with an answer.
func (w *world) answered(e *modelEmit, answer *modelBody, array string) {
	if e != nil && e.on == nil && !e.tried {
		w.answeredByOther(e, answer)
		return
	}
	if e == nil || answer.message.emit != e || answer.socket != e.on && answer.socket != e.triedOn || lastNumber(array) != answer.message.number {
		w.broken("an answer reaches its own call or none", "%s got %s", e, answer.text)
	}
	if w.feeding != answer.message {
		w.broken("an answer is told when it has come", "%s", e)
	}
	w.log("answered %d", e.number)
	if !e.left {
		w.taken(e)
	}
	w.settle(e)
}

// answeredByOther takes the end of an emit that was the same as what was sent
// again.
func (w *world) answeredByOther(e *modelEmit, answer *modelBody) {
	other := answer.message.emit
	if !answer.message.again || other.text != e.text || other.kind.key != e.kind.key || answer.socket != w.host.socket && !e.lost && !e.left {
		w.broken("an answer reaches its own call, one that was sent again, or none", "%s got %s", e, answer.text)
	}
	w.log("answered %d as %d", e.number, other.number)
	w.settle(e)
}

// rejected takes the end of an emit that failed.
func (w *world) rejected(e *modelEmit, code string) {
	if e == nil {
		if code != middleware.CodeBadAction {
			w.broken("CONNECT_SOCKET and DISCONNECT_SOCKET fail only if they are wrong", "%s", code)
		}
		return
	}
	w.log("rejected %d %s", e.number, code)
	if e.reason == "" && code == middleware.CodeDropped && w.mayReject(e, code) {
		e.reason = code // the application has asked for it
	}
	if e.reason != code {
		w.broken("the store is told why an emit failed before its caller is", "%s with %s after %s", e, code, e.reason)
	}
	w.settle(e)
}

// reported takes the SOCKET_ERROR of an emit.
func (w *world) reported(e *modelEmit, code string) {
	if e.reason != "" || !w.mayReject(e, code) {
		w.broken("an emit ends for the reason it is told, once", "%s with %s", e, code)
	}
	e.reason = code
}

func (w *world) mayReject(e *modelEmit, code string) bool {
	switch code {
	case middleware.CodeBadAction:
		return e.bad
	case middleware.CodeQueueFull:
		return w.waiting() > w.options.QueueLimit // e is one of them
	case "TIMEOUT":
		return w.expired(e)
	case middleware.CodeProtocol:
		return e.malformed
	case middleware.CodeNotJoined:
		return e.nsp != "" && w.host.socket != nil && !w.host.socket.joined[e.nsp]
	case middleware.CodeDropped:
		return w.policy(e) == middleware.OfflineDrop && e.on == nil ||
			w.options.DropOldest && (e.left || w.waiting() > w.options.QueueLimit)
	case "CLOSED":
		return e.left
	case "CONNECTION_LOST":
		return e.tried || e.lost || e.left
	case "NOT_CONNECTED":
		return w.policy(e) == middleware.OfflineFail && e.on == nil || w.failed || w.overdue() && w.lastTry()
	case "404":
		return w.feeding != nil && w.feeding.kind == msgError && (w.feeding.emit == e || w.feeding.again && w.feeding.emit.text == e.text)
	}
	return false
}

// policy returns what is to become of e without a connection.
func (w *world) policy(e *modelEmit) middleware.Offline {
	if e.policy == "" {
		return w.options.Offline
	}
	policy, _ := middleware.ParseOffline(e.policy)
	return policy
}

// expires returns when e has waited too long in the queue, zero if never.
func (w *world) expires(e *modelEmit) time.Time {
	switch {
	case e.ttl > 0:
		return e.made.Add(time.Duration(e.ttl) * time.Millisecond)
	case w.options.QueueTimeout > 0:
		return e.made.Add(w.options.QueueTimeout)
	}
	return time.Time{}
}

// expired reports whether e may time out now.
func (w *world) expired(e *modelEmit) bool {
	past := func(t time.Time) bool { return !t.IsZero() && !w.now.Before(t) }
	return e.mayExpire || past(e.deadline) || e.queued() && past(w.expires(e))
}

// queued reports whether e is neither sent nor covered by what was.
func (e *modelEmit) queued() bool {
	return e.on == nil && !e.tried && e.absorbed == nil && !e.left && !e.lost
}

// waiting returns how many emits are in the queue.
func (w *world) waiting() (n int) {
	for _, e := range w.emits {
		if e.queued() {
			n++
		}
	}
	return n
}
