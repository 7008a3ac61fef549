package native

import (
	"bytes"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// An outbox holds the packets of one WebSocket until they are written, in
// order. What the protocol itself sends, answers to pings above all, is let in
// beyond the bounds, and counted: a reader stops when it gets out of hand.
type outbox struct {
	packets fifo[*packet]
	count   int // of the application's packets
	bytes   int // in them
	control int // packets of the protocol's own
}

// maxControl is how many packets of the protocol's own may wait. A peer that
// reads what it is sent never has more than one or two.
const maxControl = 256

// A packet is a text frame and its attachments.
type packet struct {
	frames  []frame
	size    int
	control bool
	dropped bool // before it was written
	shared  bool // in the outboxes of many; it is never dropped
	taken   bool // out of the outbox; not of those that are shared

	first [1]frame // room for the frames of a packet without attachments
}

// A frame is a message to be framed, or one that is.
type frame struct {
	data   []byte
	text   bool
	framed bool
}

func (p *packet) add(f frame) {
	if p.frames == nil {
		p.frames = p.first[:0]
	}
	p.frames = append(p.frames, f)
}

func (o *outbox) put(p *packet) {
	o.packets.push(p)
	if p.control {
		o.control++
	} else {
		o.count++
		o.bytes += p.size
	}
}

// take removes the next packet; it returns nil if there is none.
func (o *outbox) take() *packet {
	for {
		p, ok := o.packets.pop()
		if !ok {
			return nil
		}
		if p.dropped {
			continue
		}
		o.release(p)
		if !p.shared { // which others may be looking at
			p.taken = true
		}
		return p
	}
}

// drop takes p back, if it has not been taken.
func (o *outbox) drop(p *packet) {
	if !p.taken && !p.dropped {
		o.release(p)
		p.dropped, p.frames = true, nil
	}
}

// release makes room for the application. The protocol's own packets are counted
// until they are written, or a batch of them would not count at all.
func (o *outbox) release(p *packet) {
	if !p.control {
		o.count--
		o.bytes -= p.size
	}
}

// wrote says that packets which were taken have been written.
func (o *outbox) wrote(batch []*packet) {
	for _, p := range batch {
		if p.control {
			o.control--
		}
	}
}

func (o *outbox) clear() {
	*o = outbox{}
}

// room reports whether there is room for size bytes more. A packet that is
// larger than the whole queue has it to itself.
func (o *outbox) room(size int, l Limits) bool {
	return o.count == 0 || o.count < l.MaxQueue && o.bytes+size <= l.MaxQueueBytes
}

// sendText queues a text frame, or makes it the next of the packet that is
// being made. The Head of ev is only lent.
func (d *driver) sendText(ev *bsock.Event) {
	f := frame{text: true}
	if d.shared != nil && string(ev.Head) == d.shared.head {
		f.data = d.shared.text
	} else {
		f.data = make([]byte, 0, len(ev.Head)+len(ev.Payload.JSON))
		f.data = append(append(f.data, ev.Head...), ev.Payload.JSON...)
	}
	d.queueFrame(f)
}

// sendBinary queues attachments, a frame each, raw or behind their type.
func (d *driver) sendBinary(attachments [][]byte, raw bool) {
	for i, a := range attachments {
		d.queueFrame(frame{data: d.binaryFrame(i, a, raw)})
	}
}

// binaryFrame returns the frame of an attachment. The application may change
// what it sent when Fire has returned, so it is a copy.
func (d *driver) binaryFrame(i int, attachment []byte, raw bool) []byte {
	switch {
	case d.shared != nil && raw:
		return d.shared.binaries[i][1:]
	case d.shared != nil:
		return d.shared.binaries[i]
	case raw:
		return bytes.Clone(attachment)
	}
	return typedFrame(attachment)
}

// typedFrame puts the type of a message before an attachment.
// Engine.IO 3 protocol: "Packet encoding"
func typedFrame(attachment []byte) []byte {
	data := make([]byte, 0, 1+len(attachment))
	return append(append(data, byte(bsock.FrameMessage)), attachment...)
}

func (d *driver) queueFrame(f frame) {
	if d.packet != nil {
		d.packet.add(f)
		return
	}
	p := &packet{control: true}
	p.add(f)
	d.link.put(d, p)
}
