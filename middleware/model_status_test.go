package middleware_test

import (
	"time"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// What the application is told of the connection, against the model's own idea
// of it.

// A standing is what SOCKET_STATUS says.
type standing struct {
	status  uint8
	since   int64
	attempt uint32
	retryAt int64
	latency int64
	queued  uint32
}

const (
	statusDisconnected = uint8(middleware.StatusDisconnected)
	statusConnecting   = uint8(middleware.StatusConnecting)
	statusConnected    = uint8(middleware.StatusConnected)
	statusReconnecting = uint8(middleware.StatusReconnecting)
	statusFailed       = uint8(middleware.StatusFailed)

	queuedPace = 250 * time.Millisecond
)

// become notes where the socket stands from now on.
func (w *world) become(status uint8) {
	if w.stands.status != status {
		w.stands.status, w.stands.since, w.moved = status, w.now.UnixMilli(), true
	}
	if status != statusConnected {
		w.stands.latency = -1
	}
	if status == statusDisconnected {
		w.stands.attempt = 0
	}
}

// reconnecting notes the wait for the next attempt, or that there is none.
func (w *world) reconnecting() {
	if w.failed {
		w.become(statusFailed)
		w.failing = true
		return
	}
	w.become(statusReconnecting)
	w.planned = !w.suspended
}

func (w *world) sawConnecting(attempt uint32) {
	w.begin()
	if attempt != w.stands.attempt || w.stands.status != statusConnecting || w.announced {
		w.broken("SOCKET_CONNECTING counts the tries in a row", "%d, and it is %+v", attempt, w.stands)
	}
	w.announced = true
}

func (w *world) sawReconnecting(attempt uint32, delay, at int64) {
	if !w.planned || attempt != w.stands.attempt+1 {
		w.broken("SOCKET_RECONNECTING announces the next attempt, once", "attempt %d after %d", attempt, w.stands.attempt)
	}
	if at != w.redialBy.UnixMilli() || delay != w.redialBy.Sub(w.now).Milliseconds() {
		w.broken("SOCKET_RECONNECTING says when the next attempt is made", "in %d ms, not %s", delay, w.redialBy.Sub(w.now))
	}
	w.planned = false
}

func (w *world) sawFailed(attempts uint32) {
	if !w.failing || attempts != w.stands.attempt {
		w.broken("SOCKET_FAILED says that no attempt follows, once", "%d attempts, and there were %d", attempts, w.stands.attempt)
	}
	w.failing = false
}

func (w *world) sawResumed(gap int64, attempts uint32) {
	s := w.host.socket
	if s == nil || s.resume.IsZero() || gap != w.now.Sub(s.resume).Milliseconds() || attempts != w.stands.attempt {
		w.broken("SOCKET_RESUMED says how long an application in use was without a connection", "gap %d attempts %d", gap, attempts)
	}
	s.resume = time.Time{}
}

func (w *world) sawStatus(s standing) {
	w.log("SOCKET_STATUS %+v", s)
	if s == w.told {
		w.broken("SOCKET_STATUS is dispatched when it changes", "%+v again", s)
	}
	switch s.status {
	case statusConnecting:
		w.begin()
	case statusConnected:
		w.expireJoins()
	}
	onlyQueued := s
	onlyQueued.queued = w.told.queued
	if onlyQueued == w.told && !w.moved && w.now.Sub(w.toldAt) < queuedPace {
		w.broken("SOCKET_STATUS tells of the queue four times a second at most", "%s after the last", w.now.Sub(w.toldAt))
	}
	w.told, w.toldAt, w.moved = s, w.now, false
}

// begin notes that an attempt begins, if one may.
func (w *world) begin() {
	if w.stands.status != statusConnecting && w.wanted && !w.suspended && !w.failed {
		w.stands.attempt++
		w.become(statusConnecting)
		w.planned, w.announced = false, false
	}
}

// restStatus checks that the store knows how the socket stands.
func (w *world) restStatus() {
	if w.planned || w.failing {
		w.broken("the store is told what follows a connection", "planned %t, failed %t", w.planned, w.failing)
	}
	want := w.stands
	want.retryAt = 0
	if want.status == statusReconnecting && !w.redialBy.IsZero() {
		want.retryAt = w.redialBy.UnixMilli()
	}
	want.queued = w.told.queued // see due
	if want != w.told {
		w.broken("SOCKET_STATUS always agrees with how the socket stands", "%+v, and it is %+v", w.told, want)
	}
}
