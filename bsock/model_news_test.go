package bsock_test

import (
	"bytes"
	"errors"
	"slices"
	"strconv"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// What the ends may tell their applications.

func (m *pairModel) news(w *wire, end int, ev *bsock.Event) {
	if last := end == client && m.over && ev.Kind == bsock.EventDisconnect; w.ended[end] && !last {
		m.broken("the end of a connection is the last news of it: %v came later", ev.Kind)
	}
	switch ev.Kind {
	case bsock.EventConnect:
		m.newsConnect(w, end, ev.Payload.Namespace)
	case bsock.EventAuth:
		if err := m.client.Join(m.now, "", bsock.Payload{JSON: []byte(`{"token":1}`)}); err != nil {
			m.broken("a client that is asked for what it says of itself may say it: %v", err)
		}
	case bsock.EventJoin:
		m.newsJoin(w, ev.Payload.Namespace)
	case bsock.EventLeave:
		w.left = true
		delete(w.joined[end], ev.Payload.Namespace)
	case bsock.EventDisconnect:
		m.newsDisconnect(w, end, ev)
	case bsock.EventFire, bsock.EventCall:
		m.arrived(w, end, ev)
	case bsock.EventReply:
		m.newsReply(w, end, ev)
	case bsock.EventReject:
		m.newsReject(w, end, ev)
	case bsock.EventError:
		if !w.left && !w.marred {
			m.broken("two ends that behave have nothing to complain of: %v", ev.Err)
		}
	}
}

func (m *pairModel) newsConnect(w *wire, end int, nsp string) {
	if w.joined[end][nsp] {
		m.broken("a namespace is joined once: %q", nsp)
	}
	if end == client && nsp != "" && !w.joined[client][""] {
		m.broken("the default namespace is joined first, not %q", nsp)
	}
	if end == client && !w.letIn[nsp] {
		m.broken("who is joined was let in: %q", nsp)
	}
	if end == client && w.unwanted[nsp] {
		m.broken("who has left is not joined: %q", nsp)
	}
	w.letIn[nsp] = w.letIn[nsp] || end == server
	w.joined[end][nsp] = true
}

func (m *pairModel) newsJoin(w *wire, nsp string) {
	switch {
	case m.admits == admitsAtOnce:
		m.must(w.server.Admit(nsp), "who asks to join may be admitted")
	case m.admits == deniesAtOnce && nsp != "":
		m.must(w.server.Deny(nsp, &bsock.RemoteError{Message: "No."}), "who asks to join may be denied")
	default:
		m.askers = append(m.askers, joinRequest{w, nsp})
	}
}

func (m *pairModel) must(err error, law string) {
	if err != nil {
		m.broken("%s: %v", law, err)
	}
}

func (m *pairModel) newsDisconnect(w *wire, end int, ev *bsock.Event) {
	if ev.Up != (len(w.joined[end]) > 0 || w.left) && !w.left {
		m.broken("what has ended was up if it had been told so")
	}
	if gaveUp(ev.Err) && !w.marred && w.server != nil && !m.keptWaiting(w) {
		m.broken("a connection that is well lasts: %v", ev.Err)
	}
	for _, c := range m.open {
		if c.wire == w && c.from == end && !c.settled {
			m.broken("every call is settled when its connection ends: %d", c.number)
		}
	}
	w.ended[end] = true
	clear(w.joined[end])
	if end == server {
		return
	}
	if m.ends++; m.ends > m.dials+1 || m.ends > m.dials && !m.over {
		m.broken("every attempt ends once")
	}
	m.over = m.over || !ev.Retry
	m.redialAt = m.now.Add(ev.Delay)
	if ev.Retry && m.suspended && ev.Delay != 0 {
		m.broken("who is suspended waits for nothing but Resume")
	}
}

// keptWaiting reports whether the server has not let in who has asked.
func (m *pairModel) keptWaiting(w *wire) bool {
	return slices.ContainsFunc(m.askers, func(a joinRequest) bool { return a.wire == w })
}

// gaveUp reports whether err says that the peer was not heard in time.
func gaveUp(err error) bool {
	return errors.Is(err, bsock.ErrStalled) || errors.Is(err, bsock.ErrConnectTimeout)
}

// arrived takes an event or a call.
func (m *pairModel) arrived(w *wire, end int, ev *bsock.Event) {
	n := numberOf(ev.Payload.JSON)
	i := slices.Index(w.due[end], n)
	if i < 0 {
		m.broken("nothing arrives twice, or out of order, or over another connection: %s", ev.Payload.JSON)
	}
	for _, skipped := range w.due[end][:i] {
		if m.calls[skipped].nsp == "" {
			m.broken("events and calls keep their order: %d before %d", n, skipped)
		}
	}
	w.due[end] = w.due[end][i+1:]
	c := m.calls[n]
	if ev.Payload.Namespace != c.nsp || !w.joined[end][c.nsp] {
		m.broken("what arrives is for a namespace that is joined: %q", ev.Payload.Namespace)
	}
	m.checkAttachments(&ev.Payload, n)
	if ev.Kind == bsock.EventCall {
		c.id = ev.Call
		m.asked = append(m.asked, c)
	}
}

func (m *pairModel) checkAttachments(p *bsock.Payload, n uint32) {
	if len(p.Attachments) != bytes.Count(p.JSON, []byte("_placeholder")) {
		m.broken("attachments belong to their packet: %d of %s", len(p.Attachments), p.JSON)
	}
	for i, a := range p.Attachments {
		if !bytes.Equal(a, []byte{byte(n), byte(i)}) {
			m.broken("attachments belong to their packet: %x of %s", a, p.JSON)
		}
	}
}

// numberOf returns the number in an array.
func numberOf(array []byte) uint32 {
	array, _, _ = bytes.Cut(array, []byte(`,{"_placeholder"`))
	array = bytes.TrimSuffix(array, []byte("]"))
	n, _ := strconv.ParseUint(string(array[bytes.LastIndexAny(array, ",[")+1:]), 10, 32)
	return uint32(n)
}

// settling returns the call that ends with ev.
func (m *pairModel) settling(w *wire, end int, ev *bsock.Event) *pairCall {
	c := m.calls[ev.Tag]
	if c == nil || c.settled || c.from != end || c.wire != w {
		m.broken("every call is settled once, over its own connection: %d", ev.Tag)
	}
	c.settled = true
	m.open = slices.DeleteFunc(m.open, func(other *pairCall) bool { return other == c })
	return c
}

func (m *pairModel) newsReply(w *wire, end int, ev *bsock.Event) {
	c := m.settling(w, end, ev)
	if !c.replied && !(m.plain && c.refused) {
		m.broken("an answer is one that was given: %d got %s", c.number, ev.Payload.JSON)
	}
	if c.replied && numberOf(ev.Payload.JSON) != c.number {
		m.broken("an answer reaches its own call: %d got %s", c.number, ev.Payload.JSON)
	}
	m.checkAttachments(&ev.Payload, c.number)
}

func (m *pairModel) newsReject(w *wire, end int, ev *bsock.Event) {
	c := m.settling(w, end, ev)
	_, remote := errors.AsType[*bsock.RemoteError](ev.Err)
	switch {
	case errors.Is(ev.Err, bsock.ErrTimeout) && !m.now.Before(c.deadline):
	case errors.Is(ev.Err, bsock.ErrLost), errors.Is(ev.Err, bsock.ErrClosed):
	case remote && c.refused:
	default:
		m.broken("a call ends for the reason it is told: %d with %v", c.number, ev.Err)
	}
}

// checkDeadline checks that time is of no use to who has just been told it.
func (m *pairModel) checkDeadline(c *bsock.Conn) {
	if t, ok := c.Deadline(); ok && !t.After(m.now) {
		m.broken("who was told the time does not ask for it again: %s", t.Sub(m.now))
	}
}

// checkSilence checks that nobody believes for too long in a peer that is not
// heard.
func (m *pairModel) checkSilence() {
	for _, w := range m.wires {
		for end, up := range w.up {
			since := w.heard[end]
			if m.slept.After(since) {
				since = m.slept
			}
			if up && !w.ended[end] && w.joined[end][""] && m.now.Sub(since) > m.serverConfig.PingInterval+m.serverConfig.PingTimeout {
				m.broken("who is not heard is given up: after %s", m.now.Sub(since))
			}
		}
	}
}

// rest checks what must hold when nothing is under way.
func (m *pairModel) rest() {
	steps++
	if m.advanced {
		for _, c := range m.open {
			if !m.now.Before(c.deadline) {
				m.broken("every call ends at its deadline at the latest: %d", c.number)
			}
		}
	}
	m.advanced = false
	for _, c := range m.open {
		if !c.wire.joined[c.from][c.nsp] {
			m.broken("the calls of a namespace end with it: %d", c.number)
		}
	}
	if up := m.wire != nil && m.wire.joined[client][""]; up != (m.client.State() == bsock.StateConnected) {
		m.broken("a client is connected from EventConnect to EventDisconnect: %t", up)
	}
	if w := m.wire; w != nil && w.server != nil && w.up[client] && w.up[server] && !w.silent[client] && !w.silent[server] &&
		len(w.way[client])+len(w.way[server]) == 0 {
		m.agree(w)
	}
}

// agree checks that both ends of a wire on which nothing is under way have the
// same idea of it.
func (m *pairModel) agree(w *wire) {
	up := m.client.State() == bsock.StateConnected
	if up != (w.server.State() == bsock.StateConnected) {
		m.broken("both ends know whether they are connected: %d and %d", m.client.State(), w.server.State())
	}
	if up && m.client.Version() != w.server.Version() {
		m.broken("both ends speak the same version: %d and %d", m.client.Version(), w.server.Version())
	}
	for end, joined := range w.joined {
		for nsp := range joined {
			if !w.joined[other(end)][nsp] {
				m.broken("both ends know what is joined: %q", nsp)
			}
		}
	}
	for _, due := range w.due {
		for _, n := range due {
			if m.calls[n].nsp == "" {
				m.broken("everything arrives over a link that lasts: %d", n)
			}
		}
	}
}
