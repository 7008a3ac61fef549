package bsock_test

import (
	"embed"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/bsocktest"
)

//go:embed testdata/script/*.txt
var scripts embed.FS

func TestScripts(t *testing.T) {
	bsocktest.RunScripts(t, scripts, "testdata/script", func() bsocktest.Machine {
		m := &machine{now: time.Unix(0, 0)}
		return m.run
	})
}

// A machine is a Conn that transcripts talk to.
type machine struct {
	conn  *bsock.Conn
	now   time.Time
	calls []bsock.CallID
}

// run does what a line says. The commands are:
//
//	client|server [key=value …]   a new Conn
//	open                          starts a client
//	opened                        the WebSocket is open
//	text|binary|head N …          a message from the peer, binary in hex
//	closed CODE REASON            the WebSocket was closed
//	failed MESSAGE                the WebSocket failed
//	after DURATION                time passes
//	fire|call [NSP,]ARRAY [#HEX …] sends; a call has a minute
//	reply|refuse N …              answers the N-th call from the peer
//	break MESSAGE                 ends the connection, to be back in a minute
//	redial                        makes the next attempt now
//	join NSP [OBJECT]             asks to be let into a namespace
//	leave NSP                     is out of it again
//	admit NSP                     lets the client in
//	deny NSP [DATA]               does not
//	complain MESSAGE              tells the peer of an error
//	suspend|resume                rests, and begins again
//	heard                         there was a sign of life
//	close                         closes for good
//	deadline                      shows when Advance is wanted
func (m *machine) run(t *testing.T, line string) []string {
	verb, rest, _ := strings.Cut(line, " ")
	out := m.do(t, verb, rest)
	if m.conn == nil {
		return out
	}
	for ev := m.conn.NextEvent(); ev.Kind != bsock.NoEvent; ev = m.conn.NextEvent() {
		out = append(out, m.show(ev)...)
	}
	return out
}

func (m *machine) do(t *testing.T, verb, rest string) []string {
	switch verb {
	case "client", "server":
		m.conn = newConn(t, verb, rest)
	case "open":
		m.conn.Open(m.now)
	case "opened":
		m.conn.HandleOpen(m.now)
	case "text":
		m.conn.HandleText(m.now, []byte(rest))
	case "head":
		return m.head(t, rest)
	case "binary":
		m.conn.HandleBinary(m.now, unhex(t, rest))
	case "bytes":
		return []string{m.reading(m.conn.HandleBinaryHead(m.now, bsock.FrameMessage, atoi(t, rest)))}
	case "closed":
		code, reason, _ := strings.Cut(rest, " ")
		m.conn.HandleClose(m.now, bsock.CloseCode(atoi(t, code)), reason)
	case "failed":
		m.conn.HandleError(m.now, errors.New(rest))
	case "after":
		d, err := time.ParseDuration(rest)
		require.NoError(t, err)
		m.now = m.now.Add(d)
		m.conn.Advance(m.now)
	case "break":
		m.conn.Break(m.now, errors.New(rest), time.Minute)
	case "redial":
		m.conn.Redial(m.now, rest == "anew")
	case "suspend":
		m.conn.Suspend(m.now)
	case "resume":
		m.conn.Resume(m.now)
	case "heard":
		m.conn.Heard(m.now)
	case "close":
		m.conn.Close(m.now, bsock.CloseNormal, "")
	case "deadline":
		return []string{m.deadline()}
	default:
		return m.send(t, verb, rest)
	}
	return nil
}

func newConn(t *testing.T, side, options string) *bsock.Conn {
	config := bsock.Config{Base64: base64.StdEncoding}
	for option := range strings.FieldsSeq(options) {
		key, value, _ := strings.Cut(option, "=")
		switch key {
		case "limit":
			config.Reconnect.Limit = atoi(t, value)
		case "reconnect":
			config.Reconnect.Off = value == "off"
		case "jitter":
			f, err := strconv.ParseFloat(value, 64)
			require.NoError(t, err)
			config.Jitter = func() float64 { return f }
		case "maxframe":
			config.MaxFrame = atoi(t, value)
		case "maxattachments":
			config.MaxAttachments = atoi(t, value)
		case "base64":
			config.SendBase64 = true
		case "version":
			config.Version = map[string]bsock.Version{"3": bsock.Version3, "4": bsock.Version4, "any": bsock.VersionAny}[value]
		case "plain":
			config.PlainAcks = true
		case "ask":
			config.AskAuth, config.AskJoin = true, true
		case "refused":
			d, err := time.ParseDuration(value)
			require.NoError(t, err)
			config.RefusedDelay = d
		default:
			t.Fatalf("unknown option %q", option)
		}
	}
	config.URL = bsock.Endpoint{Host: "localhost", Port: 5000, Version: config.Version}.URL()
	if side == "server" {
		return bsock.NewServer(config)
	}
	return bsock.NewClient(config)
}

// head gives the Conn no more than the first N bytes of a text.
func (m *machine) head(t *testing.T, rest string) []string {
	size, text, _ := strings.Cut(rest, " ")
	n := min(atoi(t, size), len(text))
	head := []byte(text[:n])
	r := m.conn.HandleHead(m.now, head, n < len(text), len(text), 7)
	out := []string{m.reading(r)}
	if r != bsock.ReadKept { // what is queued behind may be borrowed till it is taken
		for i := range head {
			head[i] = '!'
		}
	}
	return out
}

func (m *machine) reading(r bsock.Reading) string {
	return [...]string{"done", "kept", "more", "waiting", "base64"}[r]
}

func (m *machine) deadline() string {
	d, ok := m.conn.Deadline()
	if !ok {
		return "no deadline"
	}
	return "in " + d.Sub(m.now).String()
}

func (m *machine) send(t *testing.T, verb, rest string) []string {
	var err error
	switch verb {
	case "fire":
		p := payload(t, rest)
		err = m.conn.Fire(eventName(p), p)
	case "call":
		p := payload(t, rest)
		_, err = m.conn.Call(m.now.Add(time.Minute), eventName(p), p, uint32(len(p.JSON)))
	case "forget":
		m.conn.Forget(m.now, uint32(atoi(t, rest)))
	case "reply", "refuse":
		place, body, _ := strings.Cut(rest, " ")
		call := m.calls[atoi(t, place)]
		if verb == "reply" {
			err = m.conn.Reply(call, payload(t, body))
		} else {
			err = m.conn.Refuse(call, &bsock.RemoteError{Message: body, Name: "Error", Code: "7", CodeIsNumber: true})
		}
	case "complain":
		err = m.conn.Complain(&bsock.RemoteError{Message: rest})
	default:
		err = m.enter(t, verb, rest)
	}
	if err != nil {
		return []string{"error " + err.Error()}
	}
	return nil
}

// enter does what a line says about a namespace.
func (m *machine) enter(t *testing.T, verb, rest string) error {
	namespace, body, _ := strings.Cut(rest, " ")
	switch verb {
	case "join":
		return m.conn.Join(m.now, namespace, bsock.Payload{JSON: []byte(body)})
	case "leave":
		return m.conn.Leave(namespace)
	case "admit":
		return m.conn.Admit(namespace)
	case "deny":
		return m.conn.Deny(namespace, &bsock.RemoteError{Message: "No.", Code: "E", Data: body})
	}
	t.Fatalf("unknown command %q", verb)
	return nil
}

// payload reads an array and its attachments: ["event",…] #00ff #01. A
// namespace and a comma may stand in front.
func payload(t *testing.T, s string) bsock.Payload {
	namespace := ""
	if strings.HasPrefix(s, "/") {
		namespace, s, _ = strings.Cut(s, ",")
	}
	parts := strings.Split(s, " #")
	p := bsock.Payload{JSON: []byte(parts[0]), Count: len(parts) - 1, Namespace: namespace}
	for _, part := range parts[1:] {
		p.Attachments = append(p.Attachments, unhex(t, part))
	}
	return p
}

func eventName(p bsock.Payload) string {
	return strings.Split(string(p.JSON), `"`)[1]
}

func (m *machine) show(ev bsock.Event) []string {
	switch ev.Kind {
	case bsock.EventDial:
		return []string{"dial " + ev.URL}
	case bsock.EventText:
		return []string{fmt.Sprintf("send %s%s", ev.Head, ev.Payload.JSON)}
	case bsock.EventBinary:
		var out []string
		for _, a := range ev.Payload.Attachments {
			if ev.Raw {
				out = append(out, fmt.Sprintf("send raw %x", a))
			} else {
				out = append(out, fmt.Sprintf("send 04%x", a))
			}
		}
		return out
	case bsock.EventHangup:
		return []string{strings.TrimSpace(fmt.Sprintf("hangup %d %s", ev.Code, ev.Reason))}
	case bsock.EventConnect:
		return []string{strings.TrimSpace("connect " + ev.Payload.Namespace)}
	case bsock.EventAuth:
		return []string{"auth?"}
	case bsock.EventJoin:
		return []string{"join?" + showPayload(ev.Payload)}
	case bsock.EventLeave:
		return []string{showLeave(ev)}
	case bsock.EventPulse:
		return []string{"pulse after " + ev.Delay.String()}
	case bsock.EventDisconnect:
		return []string{showDisconnect(ev)}
	case bsock.EventFire:
		return []string{fmt.Sprintf("fire %q%s", ev.Name, showPayload(ev.Payload))}
	case bsock.EventCall:
		m.calls = append(m.calls, ev.Call)
		return []string{fmt.Sprintf("call %q%s", ev.Name, showPayload(ev.Payload))}
	case bsock.EventReply:
		return []string{fmt.Sprintf("reply to %d%s", ev.Tag, showPayload(ev.Payload))}
	case bsock.EventReject:
		return []string{fmt.Sprintf("reject %d with %s", ev.Tag, showError(ev.Err))}
	case bsock.EventDrop:
		return []string{fmt.Sprintf("drop ref %d", ev.Payload.Ref)}
	case bsock.EventError:
		return []string{showError(ev.Err)}
	}
	return []string{fmt.Sprintf("unknown event %d", ev.Kind)}
}

func showDisconnect(ev bsock.Event) string {
	s := fmt.Sprintf("disconnect %d", ev.Code)
	if ev.Reason != "" {
		s += fmt.Sprintf(" %q", ev.Reason)
	}
	if ev.Up {
		s += ", was up"
	}
	if ev.Retry {
		s += fmt.Sprintf(", retry in %s", ev.Delay)
	}
	if ev.Err != nil {
		s += ", " + showError(ev.Err)
	}
	return s
}

func showLeave(ev bsock.Event) string {
	s := "leave " + ev.Payload.Namespace
	if ev.Err != nil {
		s += ", " + showError(ev.Err)
	}
	return s
}

func showPayload(p bsock.Payload) string {
	where := ""
	if p.Namespace != "" {
		where = " in " + p.Namespace
	}
	switch {
	case p.JSON == nil && p.Ref == 0:
		return where
	case p.JSON == nil:
		return where + fmt.Sprintf(" ref %d at %d with %d", p.Ref, p.Offset, p.Count)
	}
	s := where + " " + string(p.JSON)
	for _, a := range p.Attachments {
		s += " #" + hex.EncodeToString(a)
	}
	return s
}

func showError(err error) string {
	var remote *bsock.RemoteError
	if errors.As(err, &remote) {
		s := fmt.Sprintf("RemoteError %q name=%q type=%q code=%q number=%t",
			remote.Message, remote.Name, remote.Type, remote.Code, remote.CodeIsNumber)
		if remote.Data != "" {
			s += " data=" + remote.Data
		}
		return s
	}
	return fmt.Sprintf("%s %q", strings.TrimPrefix(fmt.Sprintf("%T", err), "*bsock."), err.Error())
}

func unhex(t *testing.T, s string) []byte {
	data, err := hex.DecodeString(s)
	require.NoError(t, err)
	return data
}

func atoi(t *testing.T, s string) int {
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}
