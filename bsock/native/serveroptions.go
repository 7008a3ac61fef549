package native

import (
	"context"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// ServerOptions say how a [Server] is to behave. Zero values stand for the
// defaults.
type ServerOptions struct {
	// Accept are the protocols of the clients that are let in, ProtocolSocketIO
	// being both of Socket.IO's; all if there is none. A client of Socket.IO 4 says EIO=4 in its URL, one of Socket.IO 2
	// EIO=3 and one of bsock nothing. The last two speak alike but for their
	// acknowledgements: if one of them is not accepted, all are taken for the
	// other.
	Accept []Protocol

	// Auth decides who is let into the default namespace, and OnSocket is
	// called for who is: see [NamespaceOptions]. Clients of Engine.IO 3 have no
	// way to say anything beforehand: auth is null for them, and those that are
	// refused are disconnected. If they are to authenticate by a call later on,
	// Auth lets them in by [Socket.Protocol].
	Auth func(ctx context.Context, s *Socket, auth Value) error
	// OnSocket is called for each new connection, before anybody is told what
	// the client sends: this is where to bind and to hook. It may Fire, but a
	// Call would wait for itself.
	OnSocket func(s *Socket)
	// OnDisconnect is called when a connection has ended, after its last event.
	OnDisconnect func(s *Socket, err error)
	// OnError is called for each error that ends nothing, malformed input or a
	// panic of a handler, and for ErrSlowConsumer, with the connection's socket
	// in the default namespace whichever it is about. Without it panics are
	// logged and all else is ignored. It may be called from several goroutines
	// at once.
	OnError func(s *Socket, err error)

	// OriginPatterns are the hosts whose pages may connect, besides the
	// server's own: "example.com", "*.example.com", "localhost:*". AnyOrigin
	// lets all pages connect, which is safe only if connecting gives a page
	// nothing it may not have.
	OriginPatterns []string
	AnyOrigin      bool
	// Subprotocols are the WebSocket subprotocols that are spoken.
	Subprotocols []string

	// PingInterval and PingTimeout are what clients are told of the heartbeat.
	// One that was silent for both together is cut off.
	PingInterval, PingTimeout time.Duration
	// JoinTimeout is how long a client of Socket.IO 4 may be in no namespace.
	JoinTimeout time.Duration
	// SlowPolicy says what becomes of a broadcast for a client whose queue is
	// full.
	SlowPolicy SlowPolicy

	// MaxSockets bounds the connections; those above it are answered with
	// status 503. 0 means no bound.
	MaxSockets int
	// WriteBuffer bounds what the system holds for a client besides MaxQueue, in
	// bytes. 0 leaves it to the system: it may be megabytes for a client that does
	// not read, and the bound is what the fastest client gets in a round trip.
	WriteBuffer int
	// Limits are what bounds each connection.
	Limits Limits
}

func (o *ServerOptions) withDefaults() ServerOptions {
	var own ServerOptions
	if o != nil {
		own = *o
	}
	own.Limits = own.Limits.withDefaults()
	return own
}

// NamespaceOptions say what happens in a namespace of a [Server].
type NamespaceOptions struct {
	// Auth decides whether a client may join: its error is what the client is
	// told, the message, and more if it is a [bsock.RemoteError]. auth is what a
	// client of Socket.IO 3 or 4 says of itself, and null of others. It may take
	// its time, up to MaxHooks of a connection at once, and must not use s to
	// send.
	Auth func(ctx context.Context, s *Socket, auth Value) error
	// OnSocket is called for each client that has joined, before it is told
	// anything that the client sends: this is where to bind and to hook. It may
	// Fire, but a Call would wait for itself.
	OnSocket func(s *Socket)
	// OnDisconnect is called when a client has left, or its connection has
	// ended, after its last event.
	OnDisconnect func(s *Socket, err error)
}

// config is what the Conn of a client that speaks p is to be.
func (o *ServerOptions) config(p Protocol, sid string, base64 bool) bsock.Config {
	return bsock.Config{
		Version:        p.version(),
		PlainAcks:      p.plainAcks(),
		AskJoin:        true,
		SID:            sid,
		ConnectTimeout: o.JoinTimeout,
		PingInterval:   o.PingInterval,
		PingTimeout:    o.PingTimeout,
		MaxFrame:       o.Limits.MaxFrame,
		MaxSend:        o.Limits.MaxSend,
		MaxAttachments: o.Limits.MaxAttachments,
		Base64:         base64Codec{},
		SendBase64:     base64,
	}
}
