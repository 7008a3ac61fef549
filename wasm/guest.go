//go:build js && wasm

package main

import (
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/jsbridge"
	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// A guest is the stores' Middlewares as the bridge sees them.
type guest struct{}

var _ jsbridge.Guest = (*guest)(nil)

// at returns the moment that JavaScript's Date.now says.
func at(now int64) time.Time { return time.UnixMilli(now) }

// value gives a Value of the bridge to the middleware, whose kinds are in the
// same order. to is empty, and mostly stays so.
//
//go:noinline
func value(to *middleware.Value, v *jsbridge.Value) {
	if v.Kind == jsbridge.KindAbsent {
		return
	}
	to.Kind, to.Number, to.Text = middleware.Kind(v.Kind), v.Number, v.Text
}

// coming is the CONNECT_SOCKET whose listeners come.
var coming middleware.ConnectAction

func (*guest) HandleListener(c *jsbridge.Connect, l *jsbridge.Listener) {
	value(&coming.Protocol, &c.Protocol)
	var heard middleware.Listener
	listener(&heard, l)
	coming.Hear(&heard)
}

func (*guest) HandleConnect(store uint32, now int64, c *jsbridge.Connect) {
	a := coming
	coming = middleware.ConnectAction{}
	a.NewKey, a.Asks, a.Ref = c.NewKey, c.Asks, c.Ref
	value(&a.Port, &c.Port)
	value(&a.Host, &c.Host)
	value(&a.SSL, &c.SSL)
	value(&a.Namespace, &c.Namespace)
	value(&a.Protocols, &c.Protocols)
	value(&a.Protocol, &c.Protocol)
	value(&a.Nsps, &c.Nsps)
	stores[store].HandleConnect(at(now), &a)
}

func listener(to *middleware.Listener, l *jsbridge.Listener) {
	value(&to.Event, &l.Event)
	value(&to.ActionType, &l.ActionType)
	value(&to.Ack, &l.Ack)
	value(&to.Nsp, &l.Nsp)
	value(&to.Throttle, &l.Throttle)
	value(&to.Latest, &l.Latest)
	value(&to.Batch, &l.Batch)
	value(&to.Filter, &l.Filter)
	value(&to.Map, &l.Map)
}

func (*guest) HandleDisconnect(store uint32, now int64, ref uint32) {
	stores[store].HandleDisconnect(at(now), ref)
}

func (*guest) HandleEmit(store uint32, now int64, e *jsbridge.Emit) (consumed bool) {
	if e.Usual {
		a := &usual
		a.Ref, a.Attachments = e.Ref, e.Attachments
		a.Type.Text, a.Message.Text = e.Type.Text, e.Message.Text
		a.Acknowledge.Kind = middleware.Kind(e.Acknowledge.Kind)
		return stores[store].HandleEmit(at(now), a)
	}
	var meta middleware.EmitMeta
	value(&meta.Timeout, &e.Timeout)
	value(&meta.Ack, &e.Ack)
	value(&meta.Nsp, &e.Nsp)
	value(&meta.Queue, &e.Queue)
	value(&meta.TTL, &e.TTL)
	value(&meta.Persist, &e.Persist)
	value(&meta.Forget, &e.Forget)
	a := middleware.EmitAction{Meta: &meta, Ref: e.Ref, Attachments: e.Attachments, Problem: e.Problem}
	value(&a.Type, &e.Type)
	value(&a.Message, &e.Message)
	value(&a.Acknowledge, &e.Acknowledge)
	return stores[store].HandleEmit(at(now), &a)
}

// usual is the emit that jsbridge calls so: to make one for each would cost.
// The middleware is done with it before the page hears of anything.
var usual = middleware.EmitAction{
	Type:    middleware.Value{Kind: middleware.String},
	Message: middleware.Value{Kind: middleware.String},
}

func (*guest) HandleSent(store uint32, sent int64, id, ref uint32) {
	stores[store].HandleSent(at(sent), id, ref)
}

func (*guest) Again(store, ref uint32) uint32 { return uint32(stores[store].Again(ref)) }

func (*guest) HandleSaid(store, ref uint32) { stores[store].HandleSaid(ref) }

func (*guest) EndLease(store, id uint32) { stores[store].EndLease(id) }

func (*guest) HandleKey(store uint32, now int64, attempt, ref uint32) {
	stores[store].HandleKey(at(now), attempt, ref)
}

func (*guest) HandleKeyError(store uint32, now int64, attempt uint32, message string) {
	stores[store].HandleKeyError(at(now), attempt, message)
}

func (*guest) HandleAuth(store uint32, now int64, attempt, ref uint32) {
	stores[store].HandleAuth(at(now), attempt, ref)
}

func (*guest) HandleAnswer(store uint32, now int64, call, ref, attachments uint32) {
	stores[store].HandleAnswer(at(now), call, ref, attachments)
}

func (*guest) HandleAnswerError(store uint32, now int64, call uint32, message, name, errorType, code string, codeIsNumber bool) {
	stores[store].HandleAnswerError(at(now), call, message, name, errorType, code, codeIsNumber)
}

func (*guest) HandleOpen(store uint32, now int64) {
	stores[store].HandleOpen(at(now))
}

func (*guest) HandleHead(store uint32, now int64, head []byte, more bool, size int, ref uint32) (reading uint8) {
	return uint8(stores[store].HandleHead(at(now), head, more, size, ref))
}

func (*guest) HandleBinaryHead(store uint32, now int64, frameType byte, size int) (reading uint8) {
	return uint8(stores[store].HandleBinaryHead(at(now), bsock.FrameType(frameType), size))
}

func (*guest) HandleMalformed(store uint32, message string) {
	stores[store].HandleMalformed(message)
}

func (*guest) HandleClose(store uint32, now int64, code uint16, reason string) {
	stores[store].HandleClose(at(now), code, reason)
}

func (*guest) Advance(store uint32, now int64) {
	stores[store].Advance(at(now))
}

func (*guest) Heard(store uint32, now int64) {
	stores[store].Heard(at(now))
}

func (*guest) RawBinary(store uint32) bool { return stores[store].RawBinary() }

func (*guest) Suspend(store uint32, now int64) {
	stores[store].Suspend(at(now))
}

func (*guest) Resume(store uint32, now int64) {
	stores[store].Resume(at(now))
}
