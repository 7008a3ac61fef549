package bsocktest

import (
	"bytes"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A Link joins a client's Conn and a server's in memory. Messages travel when
// Step lets them, so a test decides what is in flight when the line breaks.
// Every message is given to its receiver in a buffer of its own.
type Link struct {
	Client, Server *End
	Now            time.Time
}

// An End is one side of a Link, with what its Conn has said.
type End struct {
	*bsock.Conn
	// Events are what the application was told, payloads copied.
	Events []bsock.Event

	link     *Link
	peer     *End
	up       bool // this side's WebSocket is there
	inFlight []wireMessage
}

type wireMessage struct {
	binary bool
	data   []byte
}

// NewLink returns a Link between a new client and a new server.
func NewLink(client, server bsock.Config) *Link {
	l := &Link{Now: time.Unix(0, 0)}
	l.Client = &End{Conn: bsock.NewClient(client), link: l}
	l.Server = &End{link: l}
	l.Client.peer, l.Server.peer = l.Server, l.Client
	l.Server.Conn = bsock.NewServer(server)
	return l
}

// Connect opens the client and lets both ends talk until they are connected.
func (l *Link) Connect() {
	l.Client.Open(l.Now)
	l.Settle()
}

// Settle lets messages travel until none is left.
func (l *Link) Settle() {
	l.Client.drain()
	l.Server.drain()
	for l.Step(l.Client) || l.Step(l.Server) {
	}
}

// Step delivers the oldest message that from has sent, and reports whether
// there was one.
func (l *Link) Step(from *End) bool {
	from.drain()
	if len(from.inFlight) == 0 {
		return false
	}
	m := from.inFlight[0]
	from.inFlight = from.inFlight[1:]
	to := from.peer
	if m.binary {
		to.HandleBinary(l.Now, m.data)
	} else {
		to.HandleText(l.Now, m.data)
	}
	to.drain()
	return true
}

// Cut breaks the line: what is in flight is lost, both ends learn of it, and
// the server's Conn is replaced by next, for when the client dials again.
func (l *Link) Cut(next bsock.Config) {
	l.Client.cut()
	l.Server.cut()
	l.Server.Conn = bsock.NewServer(next)
}

func (e *End) cut() {
	e.inFlight = nil
	if e.up {
		e.up = false
		e.HandleClose(e.link.Now, bsock.CloseAbnormal, "")
	}
	e.drain()
}

// Sleep lets time pass for both ends.
func (l *Link) Sleep(d time.Duration) {
	l.Now = l.Now.Add(d)
	l.Client.Advance(l.Now)
	l.Server.Advance(l.Now)
	l.Client.drain()
	l.Server.drain()
}

func (e *End) drain() {
	for ev := e.NextEvent(); ev.Kind != bsock.NoEvent; ev = e.NextEvent() {
		e.act(ev)
	}
}

func (e *End) act(ev bsock.Event) {
	switch ev.Kind {
	case bsock.EventDial:
		e.up, e.peer.up = true, true
		e.HandleOpen(e.link.Now)
		e.peer.HandleOpen(e.link.Now)
		e.peer.drain()
	case bsock.EventText:
		e.send(false, ev.Head, ev.Payload.JSON)
	case bsock.EventBinary:
		head := []byte{byte(bsock.FrameMessage)}
		if ev.Raw {
			head = nil
		}
		for _, a := range ev.Payload.Attachments {
			e.send(true, head, a)
		}
	case bsock.EventHangup:
		e.up = false
	default:
		e.Events = append(e.Events, copyEvent(ev))
	}
}

func (e *End) send(binary bool, head, body []byte) {
	if e.up {
		e.inFlight = append(e.inFlight, wireMessage{binary, bytes.Join([][]byte{head, body}, nil)})
	}
}

func copyEvent(ev bsock.Event) bsock.Event {
	ev.Name = bytes.Clone(ev.Name)
	ev.Head = bytes.Clone(ev.Head)
	return ev
}
