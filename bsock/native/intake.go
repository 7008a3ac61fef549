package native

import (
	"io"
	"math"
	"sync"
)

// An intake is what comes from a connection. Frames that are whole messages, and
// have come, are handed out as they are, all that have come together at once. All
// else is for the WebSocket module, which reads through the intake until it has
// a message. The module wakes a goroutine of its own four times for each message:
// without it a client takes in three times as many events, and a server answers a
// call in two thirds of the time.
//
// A link asks it for messages, and the module for what it has been left. One
// reads at a time: when a link has been told that the next frame is the module's,
// or at the end, when the module's Close awaits the peer's close frame.
type intake struct {
	from   io.Reader
	now    *attempts // reads from it as well; nil if there is no way to
	masked bool      // what comes from clients is

	turn  chan struct{} // holds a token while somebody reads; no mutex, for it may be long
	raw   []byte        // has been read, and not handed on; what holds it is room
	room  *[]byte
	large bool // the peer sends more than a small room holds

	pass   int64 // bytes that are the module's before the next header
	pieces bool  // the message that the module reads is not at its end
}

func newIntake(from io.Reader, masked bool) intake {
	return intake{from: from, masked: masked, turn: make(chan struct{}, 1)}
}

// Rooms are what frames are kept in until they are handed on.
const (
	smallRoom = 1 << 12
	largeRoom = 1 << 14

	// maxWaiting is the size of the largest frame that is waited for. A larger
	// one, if it has not come wholly, is the module's.
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

// messages waits for frames that are whole messages, and returns them with the
// room they are in, which is the caller's to free. It returns none if what comes
// next is the module's to read.
func (in *intake) messages() (frames []byte, room *[]byte, err error) {
	in.turn <- struct{}{}
	defer func() { <-in.turn }()
	for in.pass == 0 && !in.pieces {
		if size := in.whole(); size > 0 {
			frames, room = in.raw[:size], in.room
			in.raw, in.room = in.raw[size:], nil
			if len(in.raw) > 0 && room != nil { // else it came with the handshake, and is in no room
				in.keep(in.raw, len(in.raw) > smallRoom) // the beginning of a frame
			}
			return frames, room, nil
		}
		if h, ok := headerOf(in.raw); ok && !(h.message(in.masked) && h.size <= maxWaiting) {
			break
		}
		if err := in.readMore(); err != nil {
			return nil, nil, err
		}
	}
	return nil, nil, nil
}

// whole returns how many bytes the messages have that have come.
func (in *intake) whole() (size int) {
	for size < len(in.raw) {
		h, ok := headerOf(in.raw[size:])
		if !ok || !h.message(in.masked) || h.size > int64(len(in.raw)-size-h.length) {
			break
		}
		size += h.length + int(h.size)
	}
	return size
}

// Read implements io.Reader, for the module. It is given no more than the frame
// that it has begun, so that nothing is left with it when it has a message.
func (in *intake) Read(p []byte) (n int, err error) {
	in.turn <- struct{}{}
	defer func() { <-in.turn }()
	for in.pass == 0 && !in.passFrame() {
		if err := in.readMore(); err != nil {
			return 0, err
		}
	}
	p = p[:min(int64(len(p)), in.pass)]
	if len(in.raw) > 0 {
		n = copy(p, in.raw)
		in.raw = in.raw[n:]
		in.release()
	} else {
		n, err = in.from.Read(p)
	}
	in.pass -= int64(n)
	return n, err
}

// passFrame leaves the next frame to the module, if its header has come.
func (in *intake) passFrame() bool {
	h, ok := headerOf(in.raw)
	if !ok {
		return false
	}
	if h.first&opControl == 0 {
		in.pieces = h.first&finalBit == 0
	}
	in.pass = int64(h.length) + max(0, min(h.size, math.MaxInt64-maxHeader)) // a size may be the largest there is
	return true
}

// readMore reads from the connection behind what has come.
func (in *intake) readMore() (err error) {
	if in.now != nil && len(in.raw) == 0 {
		in.raw, in.room, err = in.now.read()
		return err
	}
	in.keep(in.raw, in.large)
	space := (*in.room)[len(in.raw):]
	n, err := in.from.Read(space)
	in.large = n == len(space)
	in.raw = (*in.room)[:len(in.raw)+n]
	in.release()
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
func (in *intake) keep(data []byte, large bool) {
	if in.room != nil && (len(*in.room) == largeRoom) == large {
		in.raw = (*in.room)[:copy(*in.room, data)]
		return
	}
	room := poolOf(large).Get().(*[]byte)
	n := copy(*room, data)
	old := in.room
	in.room, in.raw = room, (*room)[:n]
	free(old)
}

// release gives the room back when all that was in it has been handed on.
func (in *intake) release() {
	if len(in.raw) == 0 && in.room != nil {
		free(in.room)
		in.room, in.raw = nil, nil
	}
}

func free(room *[]byte) {
	if room != nil {
		poolOf(len(*room) == largeRoom).Put(room)
	}
}
