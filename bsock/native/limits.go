package native

import (
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// The defaults of the bounds in [DialOptions] and [ServerOptions].
const (
	// DefaultMaxQueue is how many messages may wait to be sent.
	DefaultMaxQueue = 4096
	// DefaultMaxQueueBytes is how large they may be together.
	DefaultMaxQueueBytes = 16 << 20
	// DefaultMaxInbox is how many messages may wait for their handler.
	DefaultMaxInbox = 1024
	// DefaultMaxInboxBytes is how large they may be together.
	DefaultMaxInboxBytes = 16 << 20
	// DefaultMaxHooks is how many hooks of a connection may run at a time.
	DefaultMaxHooks = 64
	// DefaultWriteTimeout is how long a peer may take to accept a message.
	DefaultWriteTimeout = 30 * time.Second
)

// limits are the bounds of one connection.
type limits struct {
	queue, queueBytes         int
	inbox, inboxBytes         int
	hooks                     int
	callTimeout, writeTimeout time.Duration
}

func (l limits) withDefaults() limits {
	setDefault(&l.queue, DefaultMaxQueue)
	setDefault(&l.queueBytes, DefaultMaxQueueBytes)
	setDefault(&l.inbox, DefaultMaxInbox)
	setDefault(&l.inboxBytes, DefaultMaxInboxBytes)
	setDefault(&l.hooks, DefaultMaxHooks)
	setDefault(&l.callTimeout, bsock.DefaultCallTimeout)
	setDefault(&l.writeTimeout, DefaultWriteTimeout)
	return l
}

func setDefault[T int | time.Duration](v *T, to T) {
	if *v <= 0 {
		*v = to
	}
}
