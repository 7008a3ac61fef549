package bsock_test

import (
	"bytes"
	"slices"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// The bad link of the model test: a WebSocket for every attempt of the client,
// and a server's Conn at its other end. Each direction keeps its order, as TCP
// does, and may be slow, silent, or cut anywhere.

// A frame is a message on its way; the last of a direction may be its end.
type frame struct {
	binary bool
	end    bool
	data   []byte
}

// A wire is one WebSocket. What there are two of belongs to its ends.
type wire struct {
	number   int
	dialedAt time.Time
	server   *bsock.Conn // nil before it is accepted
	up       [2]bool     // the WebSocket is there
	way      [2][]frame  // what is on its way to that end
	silent   [2]bool     // what is sent to that end disappears
	ended    [2]bool     // the Conn has told of the end

	// marred says that the ends may give each other up: frames were late, or
	// lost. left says that a namespace was: what is under way is for nobody.
	marred, left bool

	heard    [2]time.Time    // when something last arrived there
	unwanted map[string]bool // what the client has left before it was joined

	due    [2][]uint32        // the events and calls that are to arrive
	joined [2]map[string]bool // the namespaces
	letIn  map[string]bool    // those that the server has ever let the client into
}

// The ends of a wire.
const (
	client = iota
	server
)

func other(end int) int { return 1 - end }

// send puts a frame on its way from an end.
func (w *wire) send(from int, f frame) {
	to := other(from)
	if w.up[from] && !w.silent[to] {
		w.way[to] = append(w.way[to], f)
	}
}

// leave takes an end's WebSocket away; the other hears of it in time.
func (w *wire) leave(end int) {
	w.send(end, frame{end: true})
	w.up[end] = false
	w.way[end] = nil
}

// conn returns the Conn of an end, nil if the wire is not the client's any
// more, or has no server yet.
func (m *pairModel) conn(w *wire, end int) *bsock.Conn {
	switch {
	case end == server:
		return w.server
	case w == m.wire:
		return m.client
	}
	return nil
}

// step has the first frame on its way to an end arrive, and reports whether
// there was one.
func (m *pairModel) step(w *wire, to int) bool {
	if len(w.way[to]) == 0 || !w.up[to] || m.conn(w, to) == nil {
		return false
	}
	f := w.way[to][0]
	w.way[to] = w.way[to][1:]
	conn := m.conn(w, to)
	w.heard[to] = m.now
	switch {
	case f.end:
		w.up[to] = false
		conn.HandleClose(m.now, bsock.CloseAbnormal, "")
	case f.binary:
		conn.HandleBinary(m.now, f.data)
	default:
		conn.HandleText(m.now, f.data)
	}
	m.drain(w, to)
	return true
}

// settle has everything arrive.
func (m *pairModel) settle() {
	for moved := true; moved; {
		moved = false
		for _, w := range m.wires {
			moved = m.step(w, client) || m.step(w, server) || moved
		}
	}
}

// drain does what an end asks for, and hears its news.
func (m *pairModel) drain(w *wire, end int) {
	conn := m.client
	if end == server {
		conn = w.server
	}
	for ev := conn.NextEvent(); ev.Kind != bsock.NoEvent; ev = conn.NextEvent() {
		if end == client {
			w = m.wire // it may have dialled
		}
		m.act(w, end, &ev)
	}
}

func (m *pairModel) act(w *wire, end int, ev *bsock.Event) {
	switch ev.Kind {
	case bsock.EventDial:
		m.dial()
	case bsock.EventText:
		data := bytes.Join([][]byte{ev.Head, ev.Payload.JSON}, nil)
		if at := bytes.Index(data, []byte(`,"maxPayload"`)); m.shy && at > 0 && data[0] == '0' {
			data = append(data[:at], '}')
		}
		w.send(end, frame{data: data})
	case bsock.EventBinary:
		for _, a := range ev.Payload.Attachments {
			data := append([]byte{byte(bsock.FrameMessage)}, a...)
			if ev.Raw {
				data = data[1:]
			}
			w.send(end, frame{binary: true, data: bytes.Clone(data)})
		}
	case bsock.EventHangup:
		w.leave(end)
	default:
		m.news(w, end, ev)
	}
}

// dial makes a WebSocket for the client, which opens with accept.
func (m *pairModel) dial() {
	if m.wire != nil && m.wire.up[client] {
		m.broken("there is at most one live WebSocket at any time")
	}
	if m.now.Before(m.redialAt) {
		m.broken("an attempt is not made before its time: %s too early", m.redialAt.Sub(m.now))
	}
	m.dials++
	m.wire = &wire{number: m.dials, dialedAt: m.now, joined: [2]map[string]bool{{}, {}}, letIn: map[string]bool{}, unwanted: map[string]bool{}}
	m.wire.up[client] = true
	m.wires = append(m.wires, m.wire)
}

// accept opens the client's WebSocket.
func (m *pairModel) accept() {
	w := m.wire
	if w == nil || !w.up[client] || w.server != nil {
		return
	}
	w.up[server] = true
	w.marred = w.marred || m.now.Sub(w.dialedAt) > 5*time.Second // there may not be time enough
	w.heard = [2]time.Time{m.now, m.now}
	w.server = bsock.NewServer(m.serverConfig)
	m.client.HandleOpen(m.now)
	m.drain(w, client)
	w.server.HandleOpen(m.now)
	m.drain(w, server)
}

// cut breaks a wire: what is on its way is lost. Each end hears of it now, or
// must find out by itself.
func (m *pairModel) cut(w *wire, hears [2]bool) {
	w.marred = true
	for end := range w.up {
		w.way[end], w.silent[end] = nil, true
	}
	for end, hears := range hears {
		conn := m.conn(w, end)
		if hears && w.up[end] && conn != nil {
			w.up[end] = false
			conn.HandleClose(m.now, bsock.CloseAbnormal, "")
			m.drain(w, end)
		}
	}
}

// advance tells everybody the time.
func (m *pairModel) advance() {
	for _, w := range m.wires {
		if w.server != nil && !w.ended[server] {
			w.server.Advance(m.now)
			m.drain(w, server)
			m.checkDeadline(w.server)
		}
	}
	m.client.Advance(m.now)
	m.drain(m.wire, client)
	m.checkDeadline(m.client)
	m.wires = slices.DeleteFunc(m.wires, func(w *wire) bool {
		return w != m.wire && (w.server == nil || w.ended[server])
	})
}

// deadline returns when somebody next wants to know the time.
func (m *pairModel) deadline() (soonest time.Time) {
	note := func(t time.Time, ok bool) {
		if ok && (soonest.IsZero() || t.Before(soonest)) {
			soonest = t
		}
	}
	note(m.client.Deadline())
	for _, w := range m.wires {
		if w.server != nil && !w.ended[server] {
			note(w.server.Deadline())
		}
	}
	return soonest
}
