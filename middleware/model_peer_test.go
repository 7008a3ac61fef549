package middleware_test

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The other end of the model test: a WebSocket, the server behind it, and a
// reader of what the client sends that shares no code with what it checks.

type socketPhase uint8

const (
	socketDialing socketPhase = iota
	socketOpen
	socketClosing // takes nothing any more, and has not said so yet
)

// A flavor is what a server speaks.
type flavor uint8

const (
	flavorBsock flavor = iota
	flavorSIO2
	flavorSIO4
	flavorAny // the client finds out
)

func (f flavor) String() string {
	return [...]string{"bsock", "socket.io@2", "socket.io@4", "socket.io"}[f]
}

// A modelSocket is a WebSocket with what either end has seen on it.
type modelSocket struct {
	number   int
	phase    socketPhase
	down     []*message // from the server, on its way
	holed    bool       // what is sent disappears: the server hears nothing
	leaving  bool       // the application has left it
	refused  bool       // auth was refused
	announce bool       // SOCKET_CONNECTED is due
	since    time.Time  // the latest part of the packet that is incomplete

	// What the client has been given.
	flavor                     flavor // as the client knows it
	speaks                     flavor // as it is
	undecided                  bool   // the client does not know yet
	detectBy                   time.Time
	greeted, connected, authed bool
	acknowledged               bool            // auth was
	joined                     map[string]bool // the namespaces
	joining                    map[string]bool // those that have not answered
	joinDue                    time.Time       // when the connection is given up for them
	joinBy                     time.Time       // when they are given up
	refusedLast                bool            // the last of them was refused, and the application is being told
	latency                    int64
	authAttempt                uint32
	authBody                   bool     // the page has given what goes with CONNECT
	left                       int      // attachments that are still to come
	assembling                 *message // of this packet
	dialed, heard, up          time.Time
	resume                     time.Time // since when the application was without, if SOCKET_RESUMED is due
	keyDue                     time.Time // zero unless the page owes the key
	authSent                   time.Time
	interval, timeout          time.Duration
	pingOpen                   bool
	pinged, nextPing           time.Time
	authDue                    time.Time // zero unless an answer to auth is awaited

	// What the server has been sent.
	authID     int64 // -1 before auth
	calls      map[uint32]*modelEmit
	again      map[uint32]time.Time // when those of them expire that were sent again and not answered
	unanswered []uint32
	pings      int
	wantsIn    bool           // the client of Version4 has said 40
	asked      int            // calls the server has made
	answers    map[uint32]int // how often each of them was answered

	// What a text announced that the client has not sent yet.
	owed     int
	owedBody *modelBody
}

// A messageKind says what the server means by a message.
type messageKind uint8

const (
	msgGarbage messageKind = iota
	msgHello
	msgConnect
	msgAuth    // an answer to auth
	msgRefused // auth refused
	msgAnswer
	msgError // an answer that is an error
	msgEvent
	msgCall
	msgPong
	msgPing
	msgJoined // a namespace
	msgDenied
	msgLeft
	msgDeny // the connection refused, or an error that is no answer
	msgBye
	msgAttachment
)

// A message is what the server sends.
type message struct {
	kind        messageKind
	binary      bool
	text        string
	attachments int
	malformed   bool
	number      int // of an event or a call
	socket      *modelSocket
	event       string // its name
	nsp         string
	id          uint32     // of a call or an answer
	emit        *modelEmit // that an answer is for
	of          *message   // of an attachment

	interval, timeout time.Duration // of a hello

	again     bool  // an answer to what was sent again
	due       []int // the listeners that must hear of it
	delivered []int // the listeners that have
}

func (s *modelSocket) push(m *message) { s.down = append(s.down, m) }

// greet sends the server's open frame. A server of Socket.IO 3 or later may
// give itself away in it.
func (s *modelSocket) greet(interval, timeout time.Duration) {
	text := fmt.Sprintf(`0{"sid":"s","upgrades":[],"pingInterval":%d,"pingTimeout":%d`, interval.Milliseconds(), timeout.Milliseconds())
	if s.speaks == flavorSIO4 && s.number%2 == 0 {
		text += `,"maxPayload":1000000`
	}
	s.push(&message{kind: msgHello, interval: interval, timeout: timeout, text: text + "}"})
}

func (s *modelSocket) admit() {
	if s.speaks == flavorSIO4 {
		s.push(&message{kind: msgConnect, text: `40{"sid":"s"}`})
		return
	}
	s.push(&message{kind: msgConnect, text: "40"})
}

// admitTo lets the client into a namespace.
func (s *modelSocket) admitTo(nsp string) {
	text := "40" + nsp
	if s.flavor == flavorSIO4 {
		text += `,{"sid":"s"}`
	}
	s.push(&message{kind: msgJoined, nsp: nsp, text: text})
}

func (s *modelSocket) denyTo(nsp string) {
	s.push(&message{kind: msgDenied, nsp: nsp, text: "44" + nsp + `,{"message":"No."}`})
}

func (s *modelSocket) endOf(nsp string) {
	s.push(&message{kind: msgLeft, nsp: nsp, text: "41" + nsp + ","})
}

func (s *modelSocket) pong() {
	s.push(&message{kind: msgPong, text: "3"})
	s.pings--
}

// acceptAuth answers auth, if it came.
func (s *modelSocket) acceptAuth() {
	if s.authID >= 0 && !s.holed && s.phase == socketOpen {
		s.push(&message{kind: msgAuth, text: fmt.Sprintf("43%d[null]", s.authID), id: uint32(s.authID)})
	}
}

func (s *modelSocket) refuseAuth() {
	if s.authID >= 0 && !s.holed && s.phase == socketOpen {
		text := fmt.Sprintf(`43%d[{"message":"No.","name":"Error","type":"e","code":"x"}]`, s.authID)
		s.push(&message{kind: msgRefused, text: text, id: uint32(s.authID)})
	}
}

// answer answers the call id, of which the server may never have heard. What
// it says is the number of the emit that it is for.
func (s *modelSocket) answer(id uint32, attachments int) {
	e, n, nsp := s.calls[id], 0, ""
	if e != nil {
		n, nsp = e.number, e.nsp
	}
	open := "%d[null,%d"
	if s.flavor != flavorBsock {
		open = "%d[%d"
	}
	s.pushWith(&message{kind: msgAnswer, id: id, emit: e, number: n, nsp: nsp, attachments: attachments}, "3", "6",
		fmt.Sprintf(open, id, n))
}

func (s *modelSocket) answerError(id uint32) {
	if e := s.calls[id]; s.flavor != flavorBsock || e != nil && e.nsp != "" {
		s.answer(id, 0) // there are no errors
		return
	}
	text := fmt.Sprintf(`43%d[{"message":"No such wallet.","name":"Error","type":"e","code":404}]`, id)
	s.push(&message{kind: msgError, text: text, id: id, emit: s.calls[id]})
}

func (s *modelSocket) fire(event, nsp string, number, attachments int) {
	m := &message{kind: msgEvent, event: event, nsp: nsp, number: number, attachments: attachments}
	s.pushWith(m, "2", "5", fmt.Sprintf(`["%s",%d`, event, number))
}

func (s *modelSocket) call(event, nsp string, number, attachments int) {
	s.asked++
	m := &message{kind: msgCall, nsp: nsp, socket: s, event: event, number: number, attachments: attachments, id: uint32(s.asked)}
	s.pushWith(m, "2", "5", fmt.Sprintf(`%d["%s",%d`, m.id, event, number))
}

// pushWith sends a packet whose JSON array is open, and its attachments.
func (s *modelSocket) pushWith(m *message, plain, binary, open string) {
	head := "4" + plain
	if m.attachments > 0 {
		head = fmt.Sprintf("4%s%d-", binary, m.attachments)
	}
	if m.nsp != "" {
		head += m.nsp + ","
	}
	for i := range m.attachments {
		open += fmt.Sprintf(`,{"_placeholder":true,"num":%d}`, i)
	}
	m.text = head + open + "]"
	s.push(m)
	for range m.attachments {
		s.push(&message{kind: msgAttachment, binary: true, of: m})
	}
}

// spoil makes the JSON of m such that a page cannot read it.
func (m *message) spoil() {
	m.text = m.text[:len(m.text)-1] + ","
	m.malformed = true
}

// A packet is what the client has sent, as far as the model looks.
type packet struct {
	frame, kind byte
	attachments int
	namespace   string
	hasID       bool
	id          uint32
	body        string
}

// readPacket reads a text of the client. It is the model's own reader.
func readPacket(text string) (p packet, ok bool) {
	if text == "" {
		return p, false
	}
	p.frame, text = text[0], text[1:]
	if p.frame != '4' {
		return p, text == ""
	}
	if text == "" {
		return p, false
	}
	p.kind, text = text[0], text[1:]
	if p.kind == '5' || p.kind == '6' {
		count, rest, found := strings.Cut(text, "-")
		n, err := strconv.Atoi(count)
		if !found || err != nil {
			return p, false
		}
		p.attachments, text = n, rest
		p.kind -= 3 // EVENT or ACK
	}
	if strings.HasPrefix(text, "/") {
		p.namespace, text, _ = strings.Cut(text, ",")
	}
	digits := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if digits > 0 {
		n, err := strconv.ParseUint(text[:digits], 10, 32)
		if err != nil {
			return p, false
		}
		p.hasID, p.id = true, uint32(n)
		text = text[digits:]
	}
	p.body = text
	return p, true
}

// lastNumber returns the number at the end of an array, before what stands
// for attachments.
func lastNumber(array string) int {
	if i := strings.Index(array, `,{"_placeholder"`); i >= 0 {
		array = array[:i]
	}
	array = strings.TrimRight(array, "],")
	n, err := strconv.Atoi(array[strings.LastIndexAny(array, ",[")+1:])
	if err != nil {
		return -1
	}
	return n
}
