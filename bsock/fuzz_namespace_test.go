package bsock

import (
	"bytes"
	"encoding/base64"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Whatever the peer sends and the application asks for, in any order, at either
// end of either version: a Conn does not panic, remembers little, and settles
// every call once.
func FuzzNamespaces(f *testing.F) {
	for _, seed := range []string{
		"t0{\"pingInterval\":1,\"pingTimeout\":1}\nt40{}\nj/a\nt40/a,{}\nc/a\nc\nl/a\nt43/a,0[]\nw\nt41",
		"t40{\"token\":1}\na\nt40/a\na/a\nc/a\nt42/a,7[\"q\"]\nr0\nl/a\nd/b\nt41",
		"t40\nj/a\nl/a\nt40/a\nj/a\nw\nw\nt44/a,1\ns\nu\nc",
	} {
		for end := range byte(5) {
			f.Add([]byte(seed), end)
		}
	}
	f.Fuzz(func(t *testing.T, script []byte, end byte) {
		w := &fuzzWorld{conn: fuzzEnd(end), now: time.Unix(0, 0), settled: make(map[uint32]int)}
		w.conn.Open(w.now)
		w.conn.HandleOpen(w.now)
		for line := range bytes.Lines(script) {
			if line = bytes.TrimSuffix(line, []byte("\n")); len(line) > 0 {
				w.do(line[0], line[1:])
				w.drain(t)
			}
		}
		w.conn.Close(w.now, CloseNormal, "")
		w.drain(t)
		for tag := range w.made {
			require.Equal(t, 1, w.settled[tag], "call %d is settled once", tag)
		}
	})
}

// fuzzEnd returns one of the kinds of Conn there are.
func fuzzEnd(end byte) *Conn {
	config := Config{Base64: base64.StdEncoding, Version: Version(end % 3), AskAuth: end&8 != 0, AskJoin: end&8 != 0}
	if end%5 > 2 {
		config.Version = Version(end % 5 % 2)
		return NewServer(config)
	}
	return NewClient(config)
}

// A fuzzWorld is a Conn and what is known of it.
type fuzzWorld struct {
	conn    *Conn
	now     time.Time
	made    uint32
	settled map[uint32]int
	asked   []CallID
}

// do does what a line says. What is not possible now is refused.
func (w *fuzzWorld) do(verb byte, rest []byte) {
	c, namespace := w.conn, string(rest)
	switch verb {
	case 't':
		c.HandleText(w.now, rest)
	case 'b':
		c.HandleBinary(w.now, rest)
	case 'j':
		_ = c.Join(w.now, namespace, Payload{JSON: []byte("{}")})
	case 'l':
		_ = c.Leave(namespace)
	case 'a':
		_ = c.Admit(namespace)
	case 'd':
		_ = c.Deny(namespace, &RemoteError{Message: namespace, Data: namespace})
	case 'c':
		if _, err := c.Call(w.now.Add(time.Minute), "q", Payload{Namespace: namespace}, w.made); err == nil {
			w.made++
		}
	case 'r':
		for _, call := range w.asked {
			_ = c.Reply(call, Payload{JSON: []byte("[null]")})
		}
		w.asked = nil
	case 'w':
		w.now = w.now.Add(10 * time.Second)
		c.Advance(w.now)
	case 's':
		c.Suspend(w.now)
	case 'u':
		c.Resume(w.now)
		c.HandleOpen(w.now)
	}
}

func (w *fuzzWorld) drain(t *testing.T) {
	for ev := w.conn.NextEvent(); ev.Kind != NoEvent; ev = w.conn.NextEvent() {
		switch ev.Kind {
		case EventReply, EventReject:
			w.settled[ev.Tag]++
		case EventCall:
			w.asked = append(w.asked, ev.Call)
		}
	}
	if w.conn.server { // a client joins what its application wants
		require.LessOrEqual(t, len(w.conn.members), maxNamespaces, "what a peer can make it remember is bounded")
	}
}
