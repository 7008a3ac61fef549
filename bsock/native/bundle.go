package native

import (
	"io"
	"math"
	"sync"
)

// A bundler reads from a connection for the WebSocket module. Messages that
// have come together it hands on as one, a bundle: a message of the frames that
// came. The module then does its work once for two hundred events, not for each,
// which makes a client five times as fast. All other frames pass unchanged, in
// their place.
//
// Its methods are called by whoever reads from the module, of which there is one
// at a time.
type bundler struct {
	from   io.Reader
	masked bool // what comes from clients is

	raw   []byte // has been read, and not handed on; what holds it is room
	room  *[]byte
	large bool // the peer sends more than a small buffer holds

	head   [maxHeader]byte // of the bundle
	parts  [2][]byte       // of the bundle, to be handed on: what is left of head, and frames
	pass   int64           // bytes that pass unchanged before the next header
	pieces bool            // the message that passes is not at its end

	mu    sync.Mutex // for the module's Close, which reads too
	kinds fifo[bool] // for each message handed on: it is a bundle
}

// Rooms are what frames are kept in until they are handed on. A connection on
// which nothing happens has none.
const (
	smallRoom = 1 << 12
	largeRoom = 1 << 14

	// maxWaiting is the size of the largest frame that is waited for. A larger
	// one, if it has not come wholly, passes.
	maxWaiting = smallRoom / 2
)

var rooms = [2]sync.Pool{
	{New: func() any { b := make([]byte, smallRoom); return &b }},
	{New: func() any { b := make([]byte, largeRoom); return &b }},
}

func poolOf(large bool) *sync.Pool {
	if large {
		return &rooms[1]
	}
	return &rooms[0]
}

// Read implements io.Reader.
func (b *bundler) Read(p []byte) (n int, err error) {
	for {
		switch {
		case len(b.parts[0]) > 0:
			return b.handOn(&b.parts[0], p), nil
		case len(b.parts[1]) > 0:
			n = b.handOn(&b.parts[1], p)
			b.release()
			return n, nil
		case b.pass > 0:
			return b.readOn(p[:min(int64(len(p)), b.pass)])
		case b.bundle() || b.passFrame():
		default:
			if err := b.readMore(p); err != nil {
				return 0, err
			}
		}
	}
}

// announce notes what the next message is that is handed on.
func (b *bundler) announce(bundle bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kinds.push(bundle)
}

// isBundle reports whether the message that the module has begun is a bundle.
func (b *bundler) isBundle() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	bundle, _ := b.kinds.pop()
	return bundle
}

func (b *bundler) handOn(from *[]byte, p []byte) int {
	n := copy(p, *from)
	*from = (*from)[n:]
	return n
}

// readOn reads what passes.
func (b *bundler) readOn(p []byte) (n int, err error) {
	if len(b.raw) > 0 {
		n = b.handOn(&b.raw, p)
		b.release()
	} else {
		n, err = b.from.Read(p)
	}
	b.pass -= int64(n)
	return n, err
}

// bundle makes a bundle of the messages that have come, if there are any.
func (b *bundler) bundle() bool {
	if b.pieces {
		return false // they are in the wrong place
	}
	size := 0
	for size < len(b.raw) {
		h, ok := headerOf(b.raw[size:])
		if !ok || !h.message(b.masked) || h.size > int64(len(b.raw)-size-h.length) {
			break
		}
		size += h.length + int(h.size)
	}
	if size == 0 {
		return false
	}
	head := appendHeader(b.head[:0], false, b.masked, size)
	if b.masked {
		head = append(head, 0, 0, 0, 0) // what a mask of zeros leaves as it is
	}
	b.parts = [2][]byte{head, b.raw[:size]}
	b.raw = b.raw[size:]
	b.announce(true)
	return true
}

// passFrame lets the next frame pass, if it is not worth waiting for.
func (b *bundler) passFrame() bool {
	h, ok := headerOf(b.raw)
	if !ok || h.message(b.masked) && !b.pieces && h.size <= maxWaiting {
		return false
	}
	if h.first&opControl == 0 {
		if h.first&0xf != opContinuation {
			b.announce(false)
		}
		b.pieces = h.first&finalBit == 0
	}
	b.pass = int64(h.length) + max(0, min(h.size, math.MaxInt64-maxHeader)) // a size may be the largest there is
	return true
}

// readMore reads from the connection behind what has come. If that is nothing it
// reads into p first, which the module keeps for a connection on which nothing
// happens.
func (b *bundler) readMore(p []byte) error {
	if len(b.raw) == 0 && !b.large {
		p = p[:min(len(p), smallRoom)]
		n, err := b.from.Read(p)
		b.large = n == len(p)
		b.keep(p[:n], false)
		return ignoreIf(n > 0, err)
	}
	b.keep(b.raw, b.large)
	space := (*b.room)[len(b.raw):]
	n, err := b.from.Read(space)
	b.large = n == len(space)
	b.raw = (*b.room)[:len(b.raw)+n]
	b.release()
	return ignoreIf(n > 0, err)
}

// ignoreIf leaves an error for the next time to be found if there is something
// to do first.
func ignoreIf(busy bool, err error) error {
	if busy {
		return nil
	}
	return err
}

// keep moves data to the beginning of a room of its own.
func (b *bundler) keep(data []byte, large bool) {
	if b.room != nil && (len(*b.room) == largeRoom) == large {
		b.raw = (*b.room)[:copy(*b.room, data)]
		return
	}
	room := poolOf(large).Get().(*[]byte)
	n := copy(*room, data)
	old := b.room
	b.room, b.raw = room, (*room)[:n]
	free(old)
}

// release gives the room back when all that was in it has been handed on.
func (b *bundler) release() {
	if len(b.raw) == 0 && len(b.parts[1]) == 0 && b.room != nil {
		free(b.room)
		b.room, b.raw = nil, nil
	}
}

func free(room *[]byte) {
	if room != nil {
		poolOf(len(*room) == largeRoom).Put(room)
	}
}
