package bsock

import "time"

// The defaults of a [Config]. Those of time are bsock's own.
const (
	DefaultConnectTimeout = 10 * time.Second
	DefaultCallTimeout    = 10 * time.Minute
	DefaultPingInterval   = 25 * time.Second
	DefaultPingTimeout    = 60 * time.Second

	// DefaultMaxFrame is bsock's bound of a frame, in bytes.
	// bsock: lib/parser.js MAX_MESSAGE
	DefaultMaxFrame = 100_000_000
	// DefaultMaxAttachments leaves room for a block with a matching
	// transaction in every place, an attachment each.
	DefaultMaxAttachments = 1 << 16
)

// minHeartbeat keeps a server from making its client ping without pause.
const minHeartbeat = 100 * time.Millisecond

// A Config says how a [Conn] is to behave. Zero values stand for the defaults.
type Config struct {
	// URL and Protocols are what a client dials: see [URL].
	URL       string
	Protocols []string

	// Version is what to speak. A server is told by its client's EIO
	// parameter, which is 4 for Version4.
	Version Version
	// PlainAcks takes all of an answer for its values, as Socket.IO does;
	// without it the first of them is bsock's error slot.
	PlainAcks bool
	// AskAuth makes a client of Version4 ask for what it is to say of itself,
	// with an EventAuth. Without it the client says nothing.
	AskAuth bool
	// AskJoin makes a server of Version4 ask about the default namespace, too,
	// with an EventJoin. Without it every client is admitted to that.
	AskJoin bool

	// ConnectTimeout bounds an attempt, from dialing to the server's CONNECT,
	// the join of a namespace, and how long a server of Version4 lets its
	// client be in none.
	ConnectTimeout time.Duration
	// RefusedDelay is the shortest delay after an attempt that the server
	// refused: asked again at once, it says the same.
	RefusedDelay time.Duration
	// Reconnect says when a client tries again.
	Reconnect Backoff
	// Jitter returns a number from 0 to below 1 that spreads the delays of
	// Reconnect. Without it they are not spread.
	Jitter func() float64

	// SID, PingInterval and PingTimeout are what a server tells its client.
	SID          string
	PingInterval time.Duration
	PingTimeout  time.Duration
	// Base64 reads binary frames that come as text, and writes them so if
	// SendBase64 says that the client has asked for it with b64=1. Without it
	// such a frame is malformed: a browser decodes base64 itself, and its
	// module is smaller without.
	Base64     Base64
	SendBase64 bool

	// MaxFrame bounds a frame that is received, and a packet with all its
	// attachments, in bytes. MaxSend bounds a frame that is sent; 0 is MaxFrame.
	MaxFrame, MaxSend int
	// MaxAttachments bounds the attachments of a packet.
	MaxAttachments int
}

// Base64 is what a [Conn] needs of base64. The codec of package native is one.
type Base64 interface {
	AppendEncode(dst, src []byte) []byte
	AppendDecode(dst, src []byte) ([]byte, error)
}

func (c Config) withDefaults() Config {
	setDefault(&c.ConnectTimeout, DefaultConnectTimeout)
	setDefault(&c.PingInterval, DefaultPingInterval)
	setDefault(&c.PingTimeout, DefaultPingTimeout)
	setDefault(&c.MaxFrame, DefaultMaxFrame)
	setDefault(&c.MaxSend, c.MaxFrame)
	setDefault(&c.MaxAttachments, DefaultMaxAttachments)
	setDefault(&c.SID, "00000000000000000000") // bsock: lib/socket.js sendHandshake
	c.Reconnect = c.Reconnect.withDefaults()
	return c
}

func setDefault[T comparable](v *T, to T) {
	var zero T
	if *v == zero {
		*v = to
	}
}
