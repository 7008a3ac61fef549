package middleware

import (
	"math"
	"strings"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// What the fields of an action must be. Everything is checked before anything
// is done.

// A ConnectAction is a CONNECT_SOCKET.
type ConnectAction struct {
	Port, Host, SSL, Namespace Value
	// Protocols holds the WebSocket subprotocols: as a String, separated by
	// commas, if it was an array of strings.
	Protocols Value
	// Protocol says what the server speaks; Nsps which namespaces of
	// Socket.IO to join, written as Protocols are.
	Protocol, Nsps Value
	// NewKey says that the API key is not that of the last CONNECT_SOCKET.
	NewKey bool
	// Asks says that the key is a function's, which may give another one when
	// it is asked again.
	Asks bool
	// Ref names the promise.
	Ref uint32

	heard bindings // see Hear
}

// A target is where a ConnectAction leads.
type target struct {
	url       string
	protocols string
	protocol  string
	nsps      string
}

// check returns where a leads, or what is wrong with it.
func (a *ConnectAction) check() (target, error) {
	n := a.Port.Number
	if a.Port.Kind != Number || n != math.Trunc(n) || n < 1 || n > math.MaxUint16 {
		return target{}, badField("CONNECT_SOCKET", "port", "a whole number from 1 to 65535", &a.Port)
	}
	host, err := optionalString("host", "a name or an address, without port or path", &a.Host)
	if err != nil {
		return target{}, err
	}
	if host != "" && !bsock.ValidHost(host) {
		return target{}, badField("CONNECT_SOCKET", "host", "a name or an address, without port or path", &a.Host)
	}
	if !a.SSL.missing() && a.SSL.Kind != Bool {
		return target{}, badField("CONNECT_SOCKET", "ssl", "true or false", &a.SSL)
	}
	namespace, err := optionalString("namespace", "a string", &a.Namespace)
	if err != nil {
		return target{}, err
	}
	protocols, err := optionalString("protocols", "an array of names", &a.Protocols)
	if err != nil {
		return target{}, err
	}
	if !validProtocols(protocols) {
		return target{}, badField("CONNECT_SOCKET", "protocols", "an array of names without spaces or separators, each once", &a.Protocols)
	}
	protocol, nsps, err := a.checkSocketIO()
	if err != nil {
		return target{}, err
	}
	endpoint := bsock.Endpoint{Host: host, Port: uint16(n), TLS: a.SSL.truthy(), Namespace: namespace, Version: versionOf(protocol)}
	return target{url: endpoint.URL(), protocols: protocols, protocol: protocol, nsps: nsps}, nil
}

// checkSocketIO returns what the server speaks, and the namespaces to join.
func (a *ConnectAction) checkSocketIO() (protocol, nsps string, err error) {
	const want = `"bsock", "socket.io", "socket.io@2" or "socket.io@4"`
	if protocol, err = optionalString("protocol", want, &a.Protocol); err != nil {
		return "", "", err
	}
	switch protocol {
	case "":
		protocol = protocolBsock
	case protocolBsock, protocolSocketIO, protocolSocketIO2, protocolSocketIO4:
	default:
		return "", "", badField("CONNECT_SOCKET", "protocol", want, &a.Protocol)
	}
	const names = "an array of namespaces, like /admin, each once"
	if nsps, err = optionalString("nsps", names, &a.Nsps); err != nil {
		return "", "", err
	}
	if !validNamespaces(nsps) {
		return "", "", badField("CONNECT_SOCKET", "nsps", names, &a.Nsps)
	}
	return protocol, nsps, nil
}

// validNamespaces reports whether list holds namespaces, none of them twice.
func validNamespaces(list string) bool {
	more := list != ""
	for more {
		var name string
		name, list, more = strings.Cut(list, ",")
		if name == "/" || !validNamespace(&Value{Kind: String, Text: name}) || lists(list, name) {
			return false
		}
	}
	return true
}

// validNamespace reports whether a value is a namespace of Socket.IO, or "/",
// the default one. A zero byte is for boundKey.
func validNamespace(v *Value) bool {
	return v.Kind == String && (v.Text == "/" || bsock.ValidNamespace(v.Text) && !strings.Contains(v.Text, "\x00"))
}

// join adds namespaces, separated by commas.
func (t *target) join(nsps string) {
	for nsps != "" {
		var nsp string
		nsp, nsps, _ = strings.Cut(nsps, ",")
		t.nsps = withName(t.nsps, nsp)
	}
}

func optionalString(name, want string, v *Value) (string, error) {
	if v.missing() {
		return "", nil
	}
	if v.Kind != String {
		return "", badField("CONNECT_SOCKET", name, want, v)
	}
	return v.Text, nil
}

//go:noinline // or its concatenation stands at every check
func badField(action, name, want string, got *Value) error {
	return &fieldError{code: CodeBadAction, field: action + ": bsock." + name, want: want, got: *got}
}

// validProtocols reports whether list is what a WebSocket takes: tokens, none
// of them twice.
// RFC 6455, section 4.1
func validProtocols(list string) bool {
	more := list != ""
	for more {
		var protocol string
		protocol, list, more = strings.Cut(list, ",")
		if !isToken(protocol) || lists(list, protocol) {
			return false
		}
	}
	return true
}

// lists reports whether protocol is in list.
func lists(list, protocol string) bool {
	for list != "" {
		var next string
		next, list, _ = strings.Cut(list, ",")
		if next == protocol {
			return true
		}
	}
	return false
}

// isToken reports whether s is a token of HTTP.
// RFC 2616, section 2.2
func isToken(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?={}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}

// An EmitAction is an EMIT_SOCKET.
type EmitAction struct {
	Type, Message, Acknowledge Value
	// Meta is action.meta, nil if nothing stands in it, as mostly.
	Meta *EmitMeta

	// Ref names the emit and its body: the array of type, message and the
	// rest. Attachments says how many attachments that has.
	Ref         uint32
	Attachments uint32
	// Problem says why there is no body, if it could not be made. The fields
	// may then not be known.
	Problem string
}

// incomparable is in what nobody compares, or the compiler writes out how that
// would be done.
type incomparable [0]func()

// An EmitMeta is the meta of an EMIT_SOCKET.
type EmitMeta struct {
	// Timeout is meta.timeout, in milliseconds.
	Timeout Value
	// Ack is meta.ack: the type of an action that gets the answer, for
	// applications that keep functions out of actions.
	Ack Value
	// Nsp is meta.nsp, the namespace of Socket.IO.
	Nsp Value
	// Queue and TTL are meta.queue, a policy, and meta.ttl, in milliseconds:
	// what to do without a connection.
	Queue, TTL Value
	// Persist and Forget are meta.persist and meta.forget: see
	// subscription.go.
	Persist, Forget Value
}

// check returns what is wrong with a, for a server that speaks protocol.
// bsock-middleware: EMIT_SOCKET
func (a *EmitAction) check(protocol string) error {
	switch {
	case a.Problem != "":
		return &bsock.LocalError{Code: CodeBadAction, Message: "EMIT_SOCKET: " + a.Problem}
	case a.Type.Kind != String || a.Type.Text == "":
		return badField("EMIT_SOCKET", "type", "an event's name, like broadcast, dispatch or subscribe", &a.Type)
	case reserved(protocol, a.Type.Text):
		return badField("EMIT_SOCKET", "type", "an event's name that the protocol does not keep for itself", &a.Type)
	case a.Message.Kind != String:
		return badField("EMIT_SOCKET", "message", "a string, the event for the node", &a.Message)
	case a.Acknowledge.truthy() && a.Acknowledge.Kind != Function:
		return badField("EMIT_SOCKET", "acknowledge", "a function", &a.Acknowledge)
	case a.Meta != nil:
		return a.Meta.check()
	}
	return nil
}

func (m *EmitMeta) check() error {
	const milliseconds = "a number of milliseconds above 0"
	_, known := ParseOffline(m.Queue.Text)
	switch {
	case !m.Ack.missing() && (m.Ack.Kind != String || m.Ack.Text == ""):
		return badMeta("ack", "the type of the action that is to get the answer", &m.Ack)
	case !m.Timeout.missing() && (m.Timeout.Kind != Number || !(m.Timeout.Number > 0)):
		return badMeta("timeout", milliseconds, &m.Timeout)
	case !m.TTL.missing() && (m.TTL.Kind != Number || !(m.TTL.Number > 0)):
		return badMeta("ttl", milliseconds, &m.TTL)
	case !m.Queue.missing() && (m.Queue.Kind != String || !known):
		return badMeta("queue", `"queue", "fail" or "drop"`, &m.Queue)
	case !m.Nsp.missing() && !validNamespace(&m.Nsp):
		return badMeta("nsp", "a namespace, like /admin", &m.Nsp)
	case !m.Persist.missing() && m.Persist.Kind != Bool && (m.Persist.Kind != String || m.Persist.Text == ""):
		return badMeta("persist", "true, false or a name", &m.Persist)
	case !m.Forget.missing() && (m.Forget.Kind != String || m.Forget.Text == ""):
		return badMeta("forget", "the name that a meta.persist has given", &m.Forget)
	}
	return nil
}

//go:noinline // as badField
func badMeta(name, want string, got *Value) error {
	return &fieldError{CodeBadAction, "EMIT_SOCKET: meta." + name, want, *got}
}
