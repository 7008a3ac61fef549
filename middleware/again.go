package middleware

// An application may say again and again what is remembered already, as plugins
// do when they are shown. To find out in Go what such an emit is takes twice as
// long as to send it, so the host may ask by the number of the body that it was
// told of: whoever has the same body, and no meta, asks for the same.

// Again is what becomes of an emit that is remembered already.
type Again uint8

const (
	// AgainUnknown says nothing: the emit is for [Middleware.HandleEmit].
	AgainUnknown Again = iota
	// AgainSend says that the host is to send it, as a fire, and to say so by
	// [Middleware.HandleSaid]. If the WebSocket does not take it, it is for
	// HandleEmit.
	AgainSend
	// AgainSent says that it has been sent on this connection, after the key.
	AgainSent
)

// Again tells of an emit without meta and acknowledge whose body is the
// same as ref, which [Store.Remembered] told of and which the host still has.
func (m *Middleware) Again(ref uint32) Again {
	s := m.subscriptions.byRef[ref]
	switch {
	case s == nil || m.conn == nil || !m.open() || !m.waiting.empty():
		return AgainUnknown
	case s.again.active:
		return AgainSent
	}
	return AgainSend
}

// HandleSaid tells m that the host has sent what Again let it send.
func (m *Middleware) HandleSaid(ref uint32) {
	if s := m.subscriptions.byRef[ref]; s != nil {
		m.serial++
		s.serial = m.serial
		m.subscriptions.moveToEnd(s)
	}
}

// plain reports whether an emit with the same body and without meta is s once
// more, and nothing else.
func (s *subscription) plain() bool {
	return s.rule.words && s.rule.undo == "" && !s.call && s.count == 0 && s.nsp == ""
}
