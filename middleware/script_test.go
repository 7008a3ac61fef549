package middleware_test

import (
	"bytes"
	"embed"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/bsocktest"
	"github.com/bsock-wasm/bsock-wasm/middleware"
)

//go:embed testdata/script/*.txt
var scripts embed.FS

func TestScripts(t *testing.T) {
	bsocktest.RunScripts(t, scripts, "testdata/script", func() bsocktest.Machine {
		p := &page{now: time.Unix(0, 0)}
		p.restart(middleware.Options{})
		return p.run
	})
}

// A page is a Middleware and its fakeHost, which transcripts talk to.
type page struct {
	t       *testing.T
	now     time.Time
	host    *fakeHost
	m       *middleware.Middleware
	open    bool // HandleOpen was called for the last dial
	emits   int
	lastKey any
	waiting uint32 // the text whose attachments are still to come
}

func (p *page) restart(options middleware.Options) {
	h := &fakeHost{
		bodies:    make(map[uint32]*body),
		reactions: make(map[string][]string),
		once:      make(map[string][]string),
		throwers:  make(map[string]bool),
		gathered:  make(map[uint32][]string),
		key:       "null",
		now:       func() time.Time { return p.now },
	}
	h.react = func(line string) { p.do(line) }
	h.m = middleware.New(h, options)
	p.host, p.m, p.open = h, h.m, false
}

// run does what a line says. The commands are:
//
//	options KEY[=VALUE] …         a new middleware
//	listeners ARRAY               the option listeners
//	action TYPE BSOCK [META]      an action; "@function" and "@0badc0de" stand
//	                              for a function and for bytes
//	key JSON | key error MESSAGE  what the page gives when asked for the key
//	later | now JSON | stale JSON the page has no key yet | gives it | gives
//	                              it to an attempt that is over
//	auth JSON                     what the page gives with CONNECT packets
//	answer CALL JSON              the answer to a call that was not given
//	answer CALL error MESSAGE     the same, as an error
//	show                          shows the actions that 1.1.5 does not have
//	suspend | resume              the page is put away | comes back
//	heard                         a sign of life that the page kept to itself
//	plugin TYPE LINE              a plugin that does LINE when it sees TYPE
//	once TYPE LINE                the same once; the next such line is for the
//	                              next time
//	throw TYPE                    a reducer that throws at TYPE
//	text|binary …                 a message from the server
//	closed CODE REASON            the WebSocket was closed
//	closing                       the WebSocket takes nothing any more
//	after DURATION                time passes, alarms go off
//	alarm                         shows when the page is to wake the middleware
//	bodies                        shows how many bodies the page keeps
func (p *page) run(t *testing.T, line string) []string {
	p.t = t
	p.do(line)
	out := p.host.out
	p.host.out = nil
	return out
}

func (p *page) do(line string) {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "options":
		p.restart(p.options(rest))
	case "listeners":
		p.host.listeners = nil
		require.NoError(p.t, json.Unmarshal([]byte(rest), &p.host.listeners))
	case "action":
		p.action(rest)
	case "key":
		p.host.key = rest
	case "later":
		p.host.key = ""
	case "now", "stale":
		p.host.key = rest
		p.host.giveKey(p.host.keyAsked - uint32(len(verb)/len("stale")))
		p.host.key = ""
	case "auth":
		p.host.auth = rest
	case "answer":
		p.answer(rest)
	case "show":
		p.host.showing = true
	case "suspend":
		p.m.Suspend(p.now)
	case "resume":
		p.m.Resume(p.now)
	case "heard":
		p.m.Heard(p.now)
	case "plugin":
		actionType, line, _ := strings.Cut(rest, " ")
		p.host.reactions[actionType] = append(p.host.reactions[actionType], line)
	case "once":
		actionType, line, _ := strings.Cut(rest, " ")
		p.host.once[actionType] = append(p.host.once[actionType], line)
	case "throw":
		p.host.throwers[rest] = true
	case "refusing":
		p.host.refusing = true
	case "alarm":
		p.alarm()
	case "bodies":
		p.host.say("%d bodies", len(p.host.bodies))
	default:
		p.network(verb, rest)
	}
}

func (p *page) answer(rest string) {
	number, text, _ := strings.Cut(rest, " ")
	call, err := strconv.Atoi(number)
	require.NoError(p.t, err)
	if message, failed := strings.CutPrefix(text, "error "); failed {
		p.m.HandleAnswerError(p.now, uint32(call), message, "Error", "", "", false)
		return
	}
	b := &body{text: "[null," + text + "]", answer: true}
	p.m.HandleAnswer(p.now, uint32(call), p.host.keep(b), 0)
}

func (p *page) network(verb, rest string) {
	switch verb {
	case "opened":
		p.m.HandleOpen(p.now)
	case "text":
		p.text(rest)
	case "binary":
		p.binary(p.unhex(rest))
	case "closed":
		code, reason, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(code)
		require.NoError(p.t, err)
		p.m.HandleClose(p.now, uint16(n), reason)
	case "closing":
		p.host.closing = true
	case "after":
		d, err := time.ParseDuration(rest)
		require.NoError(p.t, err)
		p.sleep(d)
	default:
		p.t.Fatalf("unknown command %q", verb)
	}
}

func (p *page) options(rest string) (o middleware.Options) {
	for option := range strings.FieldsSeq(rest) {
		key, value, _ := strings.Cut(option, "=")
		d, _ := time.ParseDuration(value)
		switch key {
		case "debug":
			o.Debug = true
		case "disconnectedAction":
			o.DisconnectedAction = true
		case "queueLimit":
			o.QueueLimit, _ = strconv.Atoi(value)
		case "ackTimeout":
			o.AckTimeout = d
		case "queueTimeout":
			o.QueueTimeout = d
		case "queueFull":
			o.DropOldest = value == "dropOldest"
		case "offline":
			o.Offline, _ = middleware.ParseOffline(value)
		case "limit":
			o.Reconnect.Limit, _ = strconv.Atoi(value)
		case "reconnect":
			o.Reconnect.Off = value == "off"
		default:
			p.t.Fatalf("unknown option %q", option)
		}
	}
	return o
}

func (p *page) alarm() {
	if p.host.alarm.IsZero() {
		p.host.say("no alarm")
		return
	}
	p.host.say("alarm in %s", p.host.alarm.Sub(p.now))
}

// sleep lets time pass, alarm by alarm.
func (p *page) sleep(d time.Duration) {
	end := p.now.Add(d)
	for {
		alarm := p.host.alarm
		if alarm.IsZero() || alarm.After(end) {
			break
		}
		p.host.alarm = time.Time{}
		p.now = alarm
		p.m.Advance(p.now)
	}
	p.now = end
}

// text gives a message as a browser does: its head, more if asked, and the
// memory it was in is another's at once.
func (p *page) text(text string) {
	if text == "0" || strings.HasPrefix(text, "0{") {
		p.m.HandleOpen(p.now)
	}
	ref := p.host.keep(&body{text: text})
	r := p.head(text, 24, ref)
	if r == bsock.ReadMore {
		r = p.head(text, len(text), ref)
	}
	if r == bsock.ReadDone {
		p.host.Drop(ref)
	}
	if r == bsock.ReadWaiting {
		p.waiting = ref
	}
}

func (p *page) head(text string, n int, ref uint32) bsock.Reading {
	head := []byte(text[:min(n, len(text))])
	r := p.m.HandleHead(p.now, head, len(head) < len(text), len(text), ref)
	copy(head, bytes.Repeat([]byte{0xdb}, len(head)))
	return r
}

func (p *page) binary(msg []byte) {
	waiting := p.host.bodies[p.waiting] // nil if it came to nothing
	if waiting != nil {
		data := msg
		if !p.m.RawBinary() {
			data = msg[1:]
		}
		waiting.attachments = append(waiting.attachments, data)
	}
	kind := bsock.FrameType(msg[0])
	if p.m.RawBinary() {
		kind = bsock.FrameMessage
	}
	r := p.m.HandleBinaryHead(p.now, kind, len(msg))
	if r == bsock.ReadKept {
		p.waiting = 0
	}
}

func (p *page) unhex(s string) []byte {
	data, err := hex.DecodeString(s)
	require.NoError(p.t, err)
	return data
}

// A property is one of an object, in order.
type property struct {
	key   string
	value any
}
