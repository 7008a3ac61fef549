package native

import (
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// The defaults of [Limits]; the others are those of package bsock.
const (
	DefaultMaxQueue      = 4096
	DefaultMaxQueueBytes = 16 << 20
	DefaultMaxInbox      = 1024
	DefaultMaxInboxBytes = 16 << 20
	DefaultMaxHooks      = 64
	DefaultWriteTimeout  = 30 * time.Second
)

// Limits are what bounds one connection, at either end. Zero values stand for
// the defaults.
type Limits struct {
	// CallTimeout bounds a call; its context may end it earlier.
	CallTimeout time.Duration
	// WriteTimeout is how long the peer may take to accept a message before
	// the connection is given up.
	WriteTimeout time.Duration

	// MaxFrame bounds what is received, MaxSend what is sent: a message, in
	// bytes. MaxAttachments bounds the attachments of a packet that is
	// received.
	MaxFrame, MaxSend, MaxAttachments int
	// MaxQueue and MaxQueueBytes bound what waits to be sent.
	MaxQueue, MaxQueueBytes int
	// MaxInbox and MaxInboxBytes bound what waits for its handler. One that is
	// full keeps the peer from sending.
	MaxInbox, MaxInboxBytes int
	// MaxHooks bounds the hooks that run at a time.
	MaxHooks int
}

func (l Limits) withDefaults() Limits {
	setDefault(&l.CallTimeout, bsock.DefaultCallTimeout)
	setDefault(&l.WriteTimeout, DefaultWriteTimeout)
	setDefault(&l.MaxFrame, bsock.DefaultMaxFrame)
	setDefault(&l.MaxSend, bsock.DefaultMaxFrame)
	setDefault(&l.MaxAttachments, bsock.DefaultMaxAttachments)
	setDefault(&l.MaxQueue, DefaultMaxQueue)
	setDefault(&l.MaxQueueBytes, DefaultMaxQueueBytes)
	setDefault(&l.MaxInbox, DefaultMaxInbox)
	setDefault(&l.MaxInboxBytes, DefaultMaxInboxBytes)
	setDefault(&l.MaxHooks, DefaultMaxHooks)
	return l
}

func setDefault[T int | time.Duration](v *T, to T) {
	if *v <= 0 {
		*v = to
	}
}
