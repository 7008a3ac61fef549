package bsock

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A sessionVector is what happens to one end of a connection, step by step.
type sessionVector struct {
	Role  string
	Raw   bool
	Bind  []string
	Hook  []string
	Steps []sessionStep
}

type sessionStep struct {
	vectorFrame
	Open bool
	Call []any
	Fire []any
	Out  []sessionOutcome
}

// A sessionOutcome is one of: a frame, an event, an answer, a refusal, an
// error, an announcement or the end.
type sessionOutcome struct {
	Send   *vectorFrame
	Event  *string
	Args   []any
	Reply  *uint32
	Value  any
	Reject *uint32
	vectorError
	Error *vectorError
	Emit  *string
}

// A vectorError is an error; one that came from the other end has a Type.
type vectorError struct {
	Message string
	Name    json.RawMessage
	Type    json.RawMessage
	Code    json.RawMessage
}

func TestSessionVectors(t *testing.T) {
	checkVectors(t, "session", func(t *testing.T, raw vector) (want, got []string) {
		var v sessionVector
		raw.into(t, &v)
		app := newSessionApp(t, v)
		for i, step := range v.Steps {
			for _, o := range step.Out {
				want = append(want, fmt.Sprintf("%d %s", i+1, o.show(t)))
			}
			app.out = nil
			app.do(step)
			for _, line := range app.out {
				got = append(got, fmt.Sprintf("%d %s", i+1, line))
			}
		}
		return want, got
	})
}

func (o sessionOutcome) show(t *testing.T) string {
	switch {
	case o.Send != nil:
		return "send " + o.Send.String()
	case o.Event != nil:
		return fmt.Sprintf("event %s %s", *o.Event, canonical(t, o.Args))
	case o.Reply != nil:
		return fmt.Sprintf("reply %d %s", *o.Reply, canonical(t, o.Value))
	case o.Reject != nil:
		return fmt.Sprintf("reject %d %s", *o.Reject, o.text())
	case o.Error != nil:
		return "error " + o.Error.text()
	case o.Emit != nil:
		return *o.Emit
	}
	return "close"
}

// text leaves out the names of bsock's own errors, which are JavaScript's.
func (e vectorError) text() string {
	switch {
	case e.Type != nil:
		return fmt.Sprintf(`{"message":%q,"name":%s,"type":%s,"code":%s}`, e.Message, e.Name, e.Type, e.Code)
	case e.Message == "", e.Message == "Assertion failed.":
		return "*"
	}
	return e.Message
}

// showVectorError is a Conn's error in the same form.
func showVectorError(err error) string {
	var remote *RemoteError
	if errors.As(err, &remote) {
		return string(appendRemoteError(nil, remote))
	}
	return err.Error()
}

// A sessionApp is the application of a session, which owns a Conn.
type sessionApp struct {
	t     *testing.T
	conn  *Conn
	now   time.Time
	bind  []string
	hook  []string
	calls uint32
	open  bool
	out   []string
}

func newSessionApp(t *testing.T, v sessionVector) *sessionApp {
	a := &sessionApp{t: t, now: time.Unix(0, 0), bind: v.Bind, hook: v.Hook}
	config := Config{Base64: base64.StdEncoding}
	if v.Role == "server" {
		a.conn = NewServer(config)
	} else {
		a.conn = NewClient(config)
		a.conn.Open(a.now)
	}
	if v.Role == "client" || !v.Raw {
		a.conn.HandleOpen(a.now)
	}
	if v.Role == "client" && !v.Raw {
		a.conn.HandleText(a.now, []byte(`0{"pingInterval":25000,"pingTimeout":60000}`))
		a.conn.HandleText(a.now, []byte(`40`))
	}
	a.news()
	return a
}

// do takes a step, and notes what comes of it.
func (a *sessionApp) do(step sessionStep) {
	switch {
	case step.Open:
		a.conn.HandleOpen(a.now)
	case step.Text != nil:
		a.conn.HandleText(a.now, step.bytes(a.t))
	case step.Binary != nil:
		a.conn.HandleBinary(a.now, step.bytes(a.t))
	case step.Call != nil:
		_, err := a.conn.Call(a.now.Add(time.Minute), step.Call[0].(string), untagged(a.t, step.Call), a.calls)
		a.calls++
		a.noteRefusal(err)
	default:
		require.NotNil(a.t, step.Fire, "a step is one that the test knows")
		a.noteRefusal(a.conn.Fire(step.Fire[0].(string), untagged(a.t, step.Fire)))
	}
	a.news()
}

func (a *sessionApp) note(format string, args ...any) {
	a.out = append(a.out, fmt.Sprintf(format, args...))
}

func (a *sessionApp) noteRefusal(err error) {
	if err != nil {
		a.note("error %s", err)
	}
}

// news notes what the Conn says, and acts on it.
func (a *sessionApp) news() {
	if open := a.conn.greeted || a.conn.server && a.conn.state != StateIdle; open && !a.open {
		a.open = true
		a.note("open")
	}
	for ev := a.conn.NextEvent(); ev.Kind != NoEvent; ev = a.conn.NextEvent() {
		a.take(ev)
	}
}

func (a *sessionApp) take(ev Event) {
	switch ev.Kind {
	case EventText, EventBinary:
		a.out = append(a.out, showFrames(ev)...)
	case EventConnect:
		a.note("connect")
	case EventDisconnect:
		a.note("disconnect")
	case EventHangup:
		a.note("close")
	case EventFire:
		a.fired(ev)
	case EventCall:
		a.called(ev)
	case EventReply:
		a.note("reply %d %s", ev.Tag, canonical(a.t, resultOf(tagged(a.t, ev.Payload))))
	case EventReject:
		a.note("reject %d %s", ev.Tag, showVectorError(ev.Err))
	case EventError:
		a.note("error %s", showVectorError(ev.Err))
	}
}

// resultOf returns what stands behind the error slot of an answer.
func resultOf(values []any) any {
	if len(values) < 2 {
		return nil
	}
	return values[1]
}

func (a *sessionApp) fired(ev Event) {
	if slices.Contains(a.bind, string(ev.Name)) {
		a.note("event %s %s", ev.Name, canonical(a.t, tagged(a.t, ev.Payload)[1:]))
	}
}

func (a *sessionApp) called(ev Event) {
	name, args := string(ev.Name), tagged(a.t, ev.Payload)[1:]
	if !slices.Contains(a.hook, name) {
		a.refuse(ev.Call, NotFound(name))
		return
	}
	switch name {
	case "echo":
		a.reply(ev.Call, args)
	case "first":
		a.reply(ev.Call, args[0])
	case "nothing":
		a.reply(ev.Call, nil)
	case "fail":
		a.refuse(ev.Call, &RemoteError{
			Message: args[0].(string), Name: "TypeError", Type: "HookError", Code: "7", CodeIsNumber: true,
		})
	default:
		require.Fail(a.t, "a hook is one that the test knows", name)
	}
}

func (a *sessionApp) reply(call CallID, result any) {
	require.NoError(a.t, a.conn.Reply(call, untagged(a.t, []any{nil, result})))
}

// refuse notes the error, too: bsock reports what its hooks throw.
func (a *sessionApp) refuse(call CallID, e *RemoteError) {
	a.note("error %s", e.Message)
	require.NoError(a.t, a.conn.Refuse(call, e))
}
