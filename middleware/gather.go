package middleware

import "time"

// Listeners to noisy events: what a listener hears within a window of time
// becomes one dispatch. A window opens with the first event that comes while
// none is open.

// A pace says what a listener makes of the events of a window.
type pace uint8

const (
	// paceEach dispatches every event as it comes: there is no window.
	paceEach pace = iota
	// paceThrottle dispatches the first at once, and none of the others.
	paceThrottle
	// paceLatest dispatches the first at once, and the newest of the others
	// when the window ends; then the next window begins.
	paceLatest
	// paceBatch dispatches all of them, as one action, when the window ends.
	paceBatch
)

// A hearing is one listener to an event.
type hearing struct {
	place    uint32
	pace     pace
	window   time.Duration
	until    int64 // when the window ends, in nanoseconds since 1970: there may be thousands of hearings, without a pointer to mark
	gathered bool  // something waits for that
}

// open reports whether the window is.
func (h *hearing) open(now time.Time) bool { return now.UnixNano() < h.until }

// end returns when the window ends.
func (h *hearing) end() time.Time { return time.Unix(0, h.until) }

// begin opens the window.
func (h *hearing) begin(now time.Time) { h.until = now.Add(h.window).UnixNano() }

// hear gives an event to a listener, whose body it consumes if last. It
// reports whether the body can be read.
func (m *Middleware) hear(now time.Time, h *hearing, ref, offset uint32, last bool) (readable bool) {
	open := h.open(now) || h.gathered
	switch {
	case h.pace == paceThrottle && open:
		if last {
			m.host.Drop(ref)
		}
		return true
	case h.pace == paceBatch, h.pace == paceLatest && open:
		return m.gather(now, h, ref, offset, last)
	}
	d := m.host.Deliver(h.place, ref, offset, last)
	if h.pace != paceEach && (d == Delivered || d == DeliveryThrew) {
		h.begin(now)
	}
	return m.delivered(d)
}

func (m *Middleware) gather(now time.Time, h *hearing, ref, offset uint32, last bool) (readable bool) {
	d := m.host.Gather(h.place, ref, offset, last, h.pace == paceLatest)
	if d == Delivered && !h.gathered {
		if h.pace == paceBatch {
			h.begin(now)
		}
		h.gathered = true
		m.gathering = append(m.gathering, h)
		m.gatheredBy = sooner(m.gatheredBy, h.end())
		m.setAlarm(now)
	}
	return m.delivered(d)
}

// release dispatches what was gathered in windows that have ended.
func (m *Middleware) release(now time.Time) {
	m.findEnded(now)
	for m.closing > 0 { // which the application may change
		m.closing--
		h := m.gathering[0]
		m.gathering = m.gathering[1:]
		h.release(now)
		m.delivered(m.host.DeliverGathered(h.place))
	}
}

// findEnded puts those in front whose windows have ended. It goes through all
// only when one has: there may be thousands.
func (m *Middleware) findEnded(now time.Time) {
	if m.gatheredBy.IsZero() || now.Before(m.gatheredBy) {
		return
	}
	m.gatheredBy = time.Time{}
	var others []*hearing
	ended := m.gathering[:0]
	for _, h := range m.gathering {
		if h.open(now) {
			others = append(others, h)
			m.gatheredBy = sooner(m.gatheredBy, h.end())
		} else {
			ended = append(ended, h)
		}
	}
	m.closing = len(ended)
	m.gathering = append(ended, others...)
}

// takeGathered returns the listeners that have gathered something, for
// deliverGathered: they, or their connection, come to an end. What the
// application does when it hears of it must be for what follows.
func (m *Middleware) takeGathered(now time.Time) []*hearing {
	gathering := m.gathering
	m.gathering, m.closing, m.gatheredBy = nil, 0, time.Time{}
	for _, h := range gathering {
		h.release(now)
	}
	return gathering
}

// release notes that what h has gathered is dispatched now.
func (h *hearing) release(now time.Time) {
	h.gathered = false
	if h.pace == paceLatest {
		h.begin(now)
	}
}

func (m *Middleware) deliverGathered(gathered []*hearing) {
	for _, h := range gathered {
		m.delivered(m.host.DeliverGathered(h.place))
	}
}
