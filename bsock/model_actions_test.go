package bsock_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// What may happen between a client and its server.

func (m *pairModel) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":            func(*rapid.T) { m.rest() },
		"accept":      func(*rapid.T) { m.accept() },
		"come up":     m.doComeUp,
		"fire":        m.doFire,
		"fire more":   m.doFire,
		"call":        m.doCall,
		"call more":   m.doCall,
		"answer":      m.doAnswer,
		"answer more": m.doAnswer,
		"join":        m.doJoin,
		"get in":      m.doGetIn,
		"half":        m.doHalf,
		"leave":       m.doLeave,
		"admit":       m.doAdmit,
		"admission":   m.doAdmission,
		"step":        m.doStep,
		"step more":   m.doStep,
		"settle":      func(*rapid.T) { m.settle() },
		"settle more": func(*rapid.T) { m.settle() },
		"cut":         m.doCut,
		"time passes": m.doPass,
		"sleep":       m.doSleep,
		"rest":        m.doRest,
		"give up":     m.doGiveUp,
	}
}

// doComeUp has the connection come up, if the ends let it.
func (m *pairModel) doComeUp(*rapid.T) {
	if m.wire != nil && !m.wire.up[client] && !m.over && !m.suspended {
		m.pass(m.redialAt.Add(time.Millisecond).Sub(m.now))
	}
	m.accept()
	m.settle()
}

// nsps are the namespaces there are.
var nsps = []string{"", "", "", "/a", "/b"}

// emitter draws an end that has a Conn, and where it is to send.
func (m *pairModel) emitter(t *rapid.T) (w *wire, end int, nsp string, ok bool) {
	end = rapid.IntRange(client, server).Draw(t, "end")
	nsp = rapid.SampledFrom(nsps).Draw(t, "nsp")
	w = m.wire
	return w, end, nsp, w != nil && m.conn(w, end) != nil
}

func (m *pairModel) doFire(t *rapid.T) {
	w, end, nsp, ok := m.emitter(t)
	attachments := max(0, rapid.IntRange(-2, 2).Draw(t, "attachments"))
	if !ok {
		return
	}
	m.number++
	m.calls[m.number] = &pairCall{number: m.number, nsp: nsp}
	m.sent(w, end, nsp, m.conn(w, end).Fire("e", m.payload(`["e",`, m.number, attachments, nsp)))
}

// sent notes what was sent, or checks why it was not.
func (m *pairModel) sent(w *wire, end int, nsp string, err error) {
	if (err == nil) != w.joined[end][nsp] {
		m.broken("who has joined a namespace may send, and nobody else: %v", err)
	}
	if err == nil && w.up[end] && !w.silent[other(end)] {
		w.due[other(end)] = append(w.due[other(end)], m.number)
	}
	m.drain(w, end)
}

func (m *pairModel) doCall(t *rapid.T) {
	w, end, nsp, ok := m.emitter(t)
	attachments := max(0, rapid.IntRange(-2, 2).Draw(t, "attachments"))
	timeout := time.Duration(rapid.SampledFrom([]int{1, 15, 600}).Draw(t, "timeout")) * time.Second
	if !ok {
		return
	}
	m.number++
	c := &pairCall{number: m.number, wire: w, from: end, nsp: nsp, deadline: m.now.Add(timeout)}
	m.calls[m.number] = c
	_, err := m.conn(w, end).Call(c.deadline, "c", m.payload(`["c",`, m.number, attachments, nsp), m.number)
	if err == nil {
		m.open = append(m.open, c)
	}
	m.sent(w, end, nsp, err)
}

// doAnswer answers one of the calls that have arrived, however old.
func (m *pairModel) doAnswer(t *rapid.T) {
	which := rapid.IntRange(0, 3).Draw(t, "which")
	refuse := rapid.IntRange(0, 3).Draw(t, "refuse") == 3
	attachments := max(0, rapid.IntRange(-2, 1).Draw(t, "attachments"))
	if len(m.asked) == 0 {
		return
	}
	i := which % len(m.asked)
	c := m.asked[i]
	m.asked = slices.Delete(m.asked, i, i+1)
	if m.now.After(c.deadline.Add(bsock.DefaultCallTimeout)) {
		c.wire.marred = true // nobody remembers what was asked
	}
	end := other(c.from)
	conn := m.conn(c.wire, end)
	if end == client {
		conn = m.client // whatever it is connected to now
	}
	open := "[null,"
	if m.plain {
		open = "["
	}
	var err error
	if refuse {
		err = conn.Refuse(c.id, &bsock.RemoteError{Message: "No.", Name: "Error"})
	} else {
		err = conn.Reply(c.id, m.payload(open, c.number, attachments, ""))
	}
	c.refused, c.replied = err == nil && refuse, err == nil && !refuse
	if err == nil && c.wire.ended[end] {
		m.broken("an answer does not go out over another connection: %d", c.number)
	}
	m.drain(c.wire, end)
}

func (m *pairModel) doJoin(t *rapid.T) {
	nsp := rapid.SampledFrom(nsps[3:]).Draw(t, "nsp")
	if m.client.Join(m.now, nsp, bsock.Payload{}) == nil {
		m.wire.unwanted[nsp] = false
	}
	m.drain(m.wire, client)
}

// doGetIn has the client join, if the ends let it.
func (m *pairModel) doGetIn(t *rapid.T) {
	m.doComeUp(t)
	m.doJoin(t)
	m.settle()
}

// doHalf has half of an event arrive.
func (m *pairModel) doHalf(t *rapid.T) {
	w, end, nsp, ok := m.emitter(t)
	if !ok || !w.joined[end][nsp] {
		return
	}
	m.settle()
	if m.conn(w, end) == nil || !w.joined[end][nsp] {
		return
	}
	m.number++
	m.calls[m.number] = &pairCall{number: m.number, nsp: nsp}
	m.sent(w, end, nsp, m.conn(w, end).Fire("e", m.payload(`["e",`, m.number, 2, nsp)))
	m.step(w, other(end))
}

func (m *pairModel) doLeave(t *rapid.T) {
	w, end, nsp, ok := m.emitter(t)
	if !ok || nsp == "" {
		return
	}
	if m.conn(w, end).Leave(nsp) == nil {
		w.unwanted[nsp] = end == client && !w.joined[client][nsp]
		w.left = true
		delete(w.joined[end], nsp)
	}
	m.drain(w, end)
}

// doAdmit answers one who has waited to join.
func (m *pairModel) doAdmit(t *rapid.T) {
	deny := rapid.IntRange(0, 3).Draw(t, "deny") == 3
	if len(m.askers) == 0 {
		return
	}
	a := m.askers[0]
	m.askers = m.askers[1:]
	if deny {
		_ = a.wire.server.Deny(a.nsp, &bsock.RemoteError{Message: "No."}) // it may have left
	} else {
		_ = a.wire.server.Admit(a.nsp)
	}
	m.drain(a.wire, server)
}

func (m *pairModel) doAdmission(t *rapid.T) {
	m.admits = rapid.SampledFrom([]admission{admitsAtOnce, admitsLater, deniesAtOnce}).Draw(t, "admission")
}

func (m *pairModel) doStep(t *rapid.T) {
	to := rapid.IntRange(client, server).Draw(t, "to")
	w := m.wires[rapid.IntRange(0, 3).Draw(t, "wire")%len(m.wires)]
	m.step(w, to)
}

func (m *pairModel) doCut(t *rapid.T) {
	how := rapid.SampledFrom([]string{"both", "client", "server", "silent", "deaf"}).Draw(t, "how")
	w := m.wire
	if w == nil {
		return
	}
	w.marred = true
	switch how {
	case "deaf":
		w.silent[client], w.way[client] = true, nil
	default:
		m.cut(w, [2]bool{how == "both" || how == "client", how == "both" || how == "server"})
	}
}

// doPass lets time pass, and everything arrive in time.
func (m *pairModel) doPass(t *rapid.T) {
	ms := rapid.SampledFrom([]int{1, 600, 3000, 12_000, 60_000, 300_000}).Draw(t, "ms")
	m.pass(time.Duration(ms) * time.Millisecond)
}

func (m *pairModel) pass(d time.Duration) {
	end := m.now.Add(d)
	for range 2000 {
		m.settle()
		next := m.deadline()
		if next.IsZero() || next.After(end) {
			m.now = end
			return
		}
		if next.After(m.now) {
			m.now = next
		}
		m.advance()
		m.checkSilence()
	}
	m.broken("time passes")
}

// doSleep lets time pass at once. Nobody hears of it, and nothing arrives.
func (m *pairModel) doSleep(t *rapid.T) {
	seconds := rapid.SampledFrom([]int{1, 30, 3600}).Draw(t, "seconds")
	for _, w := range m.wires {
		w.marred = true
	}
	m.now = m.now.Add(time.Duration(seconds) * time.Second)
	m.slept = m.now
	if rapid.Bool().Draw(t, "woken") {
		m.advance()
		m.slept = m.now
		m.advanced = true
	}
}

// doRest has the client hurry, or put it away for a while.
func (m *pairModel) doRest(t *rapid.T) {
	how := rapid.SampledFrom([]string{"redial", "suspend", "resume"}).Draw(t, "how")
	switch how {
	case "redial":
		if soonest := m.wire.dialedAt.Add(time.Second); soonest.Before(m.redialAt) {
			m.redialAt = soonest
		}
		m.client.Redial(m.now, false)
	case "suspend":
		m.suspended = !m.over
		m.client.Suspend(m.now)
	case "resume":
		m.suspended, m.redialAt = false, time.Time{}
		m.client.Resume(m.now)
	}
	m.drain(m.wire, client)
}

// doGiveUp has an end leave, for the time being or for good.
func (m *pairModel) doGiveUp(t *rapid.T) {
	how := rapid.SampledFrom([]string{"break", "server closes", "client closes"}).Draw(t, "how")
	w := m.wire
	switch {
	case how == "break":
		m.client.Break(m.now, bsock.ErrClosed, 0)
	case how == "server closes" && w.server != nil:
		w.server.Close(m.now, bsock.CloseGoingAway, "")
		m.drain(w, server)
	case how == "client closes" && rapid.IntRange(0, 9).Draw(t, "sure") == 9:
		m.over = true
		m.client.Close(m.now, bsock.CloseNormal, "")
	}
	m.drain(w, client)
}

// finish has all be well, lets the client go, and everybody find out.
func (m *pairModel) finish() {
	m.admits = admitsAtOnce
	for _, a := range m.askers {
		_ = a.wire.server.Admit(a.nsp) // it may have left
		m.drain(a.wire, server)
	}
	m.askers = nil
	m.client.Resume(m.now)
	m.suspended, m.redialAt = false, time.Time{}
	m.drain(m.wire, client)
	for range 500 {
		m.accept()
		m.settle()
		if m.over || m.client.State() == bsock.StateConnected {
			break
		}
		if next := m.deadline(); next.After(m.now) {
			m.now = next
		}
		m.advance()
	}
	if !m.over && m.client.State() != bsock.StateConnected {
		m.broken("a connection that may come up does")
	}
	m.over = true
	m.client.Close(m.now, bsock.CloseNormal, "")
	m.drain(m.wire, client)
	m.pass(10 * time.Minute)
	if len(m.open) > 0 {
		m.broken("every call is settled in the end: %v", m.open[0])
	}
	if _, ok := m.client.Deadline(); ok {
		m.broken("who is closed waits for nothing")
	}
}
