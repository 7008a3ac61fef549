//go:build js && wasm

package jsbridge

import (
	"fmt"
	"strings"
)

// The kinds of a Value, as in guest.js.
const (
	KindAbsent = iota
	KindNull
	KindBool
	KindNumber
	KindString
	KindFunction
	KindObject
)

// incomparable is in what nobody compares, or the compiler writes out how that
// would be done.
type incomparable [0]func()

// A Value is a JavaScript value as text: its kind, and what it says.
type Value struct {
	Kind   uint8
	Number float64
	Text   string
}

// A Connect is what is in a CONNECT_SOCKET. It is not borrowed.
type Connect struct {
	Ref                                   uint32
	Port, Host, SSL, Namespace, Protocols Value
	Protocol, Nsps                        Value
	NewKey, Asks                          bool
}

// A Listener is an element of the option listeners.
type Listener struct {
	_                           incomparable
	Event, ActionType, Ack, Nsp Value
	Throttle, Latest, Batch     Value
	Filter, Map                 Value
}

// An Emit is what is in an EMIT_SOCKET.
type Emit struct {
	_                          incomparable
	Ref, Attachments           uint32
	Type, Message, Acknowledge Value
	Timeout, Ack, Nsp, Queue   Value
	TTL, Persist, Forget       Value
	Problem                    string
	Usual                      bool // no field from Timeout on is there
}

// A Guest is the Go side of all stores. Its methods are called by the exports
// of the same names, with the number of the store; now is in milliseconds since
// 1970. What they are given as string or slice is borrowed.
//
// There is one for all, and it should be an empty struct: a type that becomes
// an interface keeps the methods of all types it reaches, and those of
// time.Time alone would add a fifth to what this project adds to the module.
type Guest interface {
	// HandleListener gives a listener of the CONNECT_SOCKET that follows, of
	// which c says by then what it says itself.
	HandleListener(c *Connect, l *Listener)
	HandleConnect(store uint32, now int64, c *Connect)
	HandleDisconnect(store uint32, now int64, ref uint32)
	HandleEmit(store uint32, now int64, e *Emit) (consumed bool)
	HandleSent(store uint32, at int64, id, ref uint32)
	EndLease(store, id uint32)
	Again(store, ref uint32) (again uint32)
	HandleSaid(store, ref uint32)
	HandleKey(store uint32, now int64, attempt, ref uint32)
	HandleKeyError(store uint32, now int64, attempt uint32, message string)
	HandleAuth(store uint32, now int64, attempt, ref uint32)
	HandleAnswer(store uint32, now int64, call, ref, attachments uint32)
	HandleAnswerError(store uint32, now int64, call uint32, message, name, errorType, code string, codeIsNumber bool)
	HandleOpen(store uint32, now int64)
	HandleHead(store uint32, now int64, head []byte, more bool, size int, ref uint32) (reading uint8)
	HandleBinaryHead(store uint32, now int64, frameType byte, size int) (reading uint8)
	HandleMalformed(store uint32, message string)
	HandleClose(store uint32, now int64, code uint16, reason string)
	Advance(store uint32, now int64)
	RawBinary(store uint32) bool
	Heard(store uint32, now int64)
	Suspend(store uint32, now int64)
	Resume(store uint32, now int64)
}

// guest is set by Publish.
var guest Guest

// guard ends an export. What panicked in it is reported as SOCKET_ERROR.
func guard(store uint32) {
	if r := recover(); r != nil {
		reportPanic(store, r)
	}
	rest()
}

func reportPanic(store uint32, r any) {
	defer func() {
		_ = recover() // a panic of what panicked: there is nothing left to say
	}()
	message := fmt.Sprintf("bsock-wasm failed inside: %v. The socket goes on; please report this.", r)
	h := Host(store)
	h.DispatchError(0, message, "", "", "INTERNAL_ERROR", false)
}

// connecting gathers what the next handleConnect is about: an export takes only
// so many arguments.
var connecting Connect

//go:wasmexport addField
func addField(field, kind uint32, number float64, text string) {
	c := &connecting
	fields := [...]*Value{&c.Port, &c.Host, &c.SSL, &c.Namespace, &c.Protocols, &c.Protocol, &c.Nsps}
	*fields[field] = Value{uint8(kind), number, strings.Clone(text)}
}

// listening gathers the fields of the next addListener, all of which are in the
// buffer until then.
var listening Listener

func (l *Listener) fields() [9]*Value {
	return [...]*Value{&l.Event, &l.ActionType, &l.Ack, &l.Nsp, &l.Throttle, &l.Latest, &l.Batch, &l.Filter, &l.Map}
}

//go:wasmexport addListenerField
func addListenerField(field, kind uint32, number float64, text string) {
	*listening.fields()[field] = Value{uint8(kind), number, text}
}

// addListener ends a listener of the next handleConnect.
//
//go:wasmexport addListener
func addListener(store uint32) {
	defer guard(store)
	defer listening.clear()
	guest.HandleListener(&connecting, &listening)
}

// clear leaves alone what is empty, as nearly all is: while garbage is being
// collected, to write a pointer is dear.
func (l *Listener) clear() {
	for _, v := range l.fields() {
		if v.Kind != KindAbsent {
			*v = Value{}
		}
	}
}

//go:wasmexport handleConnect
func handleConnect(store uint32, now float64, ref uint32, newKey, asks bool) {
	defer guard(store)
	c := connecting
	connecting = Connect{}
	c.Ref, c.NewKey, c.Asks = ref, newKey, asks
	guest.HandleConnect(store, int64(now), &c)
}

//go:wasmexport handleDisconnect
func handleDisconnect(store uint32, now float64, ref uint32) {
	defer guard(store)
	guest.HandleDisconnect(store, int64(now), ref)
}

// handleEmit takes an emit whose fields are of the types they mostly are: type
// and message strings, acknowledge a function if call, and nothing else.
//
//go:wasmexport handleEmit
func handleEmit(store uint32, now float64, ref, attachments uint32, typ, message string, call bool) (consumed bool) {
	defer guard(store)
	consumed = true // should it panic: the action must not reach a reducer
	e := &usual
	e.Ref, e.Attachments, e.Type.Text, e.Message.Text = ref, attachments, typ, message
	e.Acknowledge.Kind = KindAbsent
	if call {
		e.Acknowledge.Kind = KindFunction
	}
	return guest.HandleEmit(store, int64(now), e)
}

// usual is the emit of handleEmit. Its guest is done with it before another
// can come.
var usual = Emit{Usual: true, Type: Value{Kind: KindString}, Message: Value{Kind: KindString}}

// odd gathers the fields of the next handleOddEmit.
var odd Emit

//go:wasmexport addEmitField
func addEmitField(field, kind uint32, number float64, text string) {
	e := &odd
	fields := [...]*Value{&e.Type, &e.Message, &e.Acknowledge, &e.Timeout, &e.Ack, &e.Nsp, &e.Queue, &e.TTL, &e.Persist, &e.Forget}
	*fields[field] = Value{uint8(kind), number, strings.Clone(text)}
}

// handleOddEmit takes any other emit. problem says why it has no body, if it
// has none.
//
//go:wasmexport handleOddEmit
func handleOddEmit(store uint32, now float64, ref, attachments uint32, problem string) (consumed bool) {
	defer guard(store)
	consumed = true
	e := odd
	odd = Emit{}
	e.Ref, e.Attachments, e.Problem = ref, attachments, strings.Clone(problem)
	return guest.HandleEmit(store, int64(now), &e)
}

//go:wasmexport handleSent
func handleSent(store uint32, at float64, id, ref uint32) {
	defer guard(store)
	guest.HandleSent(store, int64(at), id, ref)
}

//go:wasmexport endLease
func endLease(store, id uint32) {
	defer guard(store)
	guest.EndLease(store, id)
}

//go:wasmexport again
func again(store, ref uint32) (again uint32) {
	defer guard(store)
	return guest.Again(store, ref)
}

//go:wasmexport handleSaid
func handleSaid(store, ref uint32) {
	defer guard(store)
	guest.HandleSaid(store, ref)
}

//go:wasmexport handleKey
func handleKey(store uint32, now float64, attempt, ref uint32) {
	defer guard(store)
	guest.HandleKey(store, int64(now), attempt, ref)
}

//go:wasmexport handleKeyError
func handleKeyError(store uint32, now float64, attempt uint32, message string) {
	defer guard(store)
	guest.HandleKeyError(store, int64(now), attempt, strings.Clone(message))
}

//go:wasmexport handleAuth
func handleAuth(store uint32, now float64, attempt, ref uint32) {
	defer guard(store)
	guest.HandleAuth(store, int64(now), attempt, ref)
}

//go:wasmexport handleAnswer
func handleAnswer(store uint32, now float64, call, ref, attachments uint32) {
	defer guard(store)
	guest.HandleAnswer(store, int64(now), call, ref, attachments)
}

// handleAnswerError finds its strings in the buffer, behind each other.
//
//go:wasmexport handleAnswerError
func handleAnswerError(store uint32, now float64, call, message, name, errorType, code uint32, codeIsNumber bool) {
	defer guard(store)
	var texts [4]string
	rest := buffer
	for i, size := range [...]uint32{message, name, errorType, code} {
		texts[i], rest = string(rest[:size]), rest[size:]
	}
	guest.HandleAnswerError(store, int64(now), call, texts[0], texts[1], texts[2], texts[3], codeIsNumber)
}

//go:wasmexport handleOpen
func handleOpen(store uint32, now float64) {
	defer guard(store)
	guest.HandleOpen(store, int64(now))
}

// readKept is what guest.js calls READ_KEPT. Should an export panic, it is the
// reading after which JavaScript leaves the body alone, whoever has it now.
const readKept = 1

//go:wasmexport handleHead
func handleHead(store uint32, now float64, headSize uint32, more bool, size, ref uint32) (reading uint32) {
	defer guard(store)
	reading = readKept
	return uint32(guest.HandleHead(store, int64(now), buffer[:headSize:headSize], more, int(size), ref))
}

//go:wasmexport handleBinaryHead
func handleBinaryHead(store uint32, now float64, frameType, size uint32) (reading uint32) {
	defer guard(store)
	reading = readKept
	return uint32(guest.HandleBinaryHead(store, int64(now), byte(frameType), int(size)))
}

//go:wasmexport handleMalformed
func handleMalformed(store uint32, message string) {
	defer guard(store)
	guest.HandleMalformed(store, strings.Clone(message))
}

//go:wasmexport handleClose
func handleClose(store uint32, now float64, code uint32, reason string) {
	defer guard(store)
	guest.HandleClose(store, int64(now), uint16(code), strings.Clone(reason))
}

//go:wasmexport advance
func advance(store uint32, now float64) {
	defer guard(store)
	guest.Advance(store, int64(now))
}

//go:wasmexport heard
func heard(store uint32, now float64) {
	defer guard(store)
	guest.Heard(store, int64(now))
}

// rawBinary reports whether no frame type stands in front of binary messages.
//
//go:wasmexport rawBinary
func rawBinary(store uint32) (raw bool) {
	defer guard(store)
	return guest.RawBinary(store)
}

//go:wasmexport suspend
func suspend(store uint32, now float64) {
	defer guard(store)
	guest.Suspend(store, int64(now))
}

// resumeSocket is not called resume: the Go runtime exports that.
//
//go:wasmexport resumeSocket
func resumeSocket(store uint32, now float64) {
	defer guard(store)
	guest.Resume(store, int64(now))
}
