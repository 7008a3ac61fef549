package bsock

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// A decodeVector is a frame, and what can be read in it.
type decodeVector struct {
	vectorFrame
	Frame struct {
		Type FrameType
		vectorFrame
	}
	Packet *struct {
		Type        PacketType
		Attachments uint32
		Nsp         string
		ID          int64
		Data        string
	}
	Error json.RawMessage
}

func TestDecodeVectors(t *testing.T) {
	checkVectors(t, "decode", func(t *testing.T, raw vector) (want, got []string) {
		var v decodeVector
		raw.into(t, &v)
		return []string{v.want()}, []string{v.got(t)}
	})
}

func (v decodeVector) want() string {
	p := v.Packet
	switch {
	case v.Error != nil:
		return anyError
	case p != nil:
		return fmt.Sprintf("packet %d with %d for %s, id %d: %s", p.Type, p.Attachments, p.Nsp, p.ID, p.Data)
	}
	return fmt.Sprintf("frame %d: %s", v.Frame.Type, v.Frame.vectorFrame)
}

func (v decodeVector) got(t *testing.T) string {
	msg := v.bytes(t)
	if v.Text == nil || len(msg) == 0 || msg[0] == base64Mark {
		return readAttachment(msg, v.Text == nil)
	}
	kind, ok := parseFrameType(msg[0])
	switch {
	case !ok:
		return "error Unknown frame."
	case kind == FrameMessage:
		return readHead(msg[1:])
	}
	return fmt.Sprintf("frame %d: %s", kind, msg[1:])
}

func readHead(src []byte) string {
	p, namespace, n, err := parsePacket(src, false)
	if err != nil {
		return "error " + err.Error()
	}
	id, nsp := int64(-1), "/"
	if p.HasID {
		id = int64(p.ID)
	}
	if len(namespace) > 0 {
		nsp = string(namespace)
	}
	return fmt.Sprintf("packet %d with %d for %s, id %d: %s", p.Type, p.Attachments, nsp, id, src[n:])
}

// readAttachment gives the message to a Conn that waits for an attachment: it
// takes no other frames that are not plain text.
func readAttachment(msg []byte, binary bool) string {
	now := time.Unix(0, 0)
	c := NewServer(Config{Base64: base64.StdEncoding})
	c.HandleOpen(now)
	c.HandleText(now, []byte(`451-["b"]`))
	if binary {
		c.HandleBinary(now, msg)
	} else {
		c.HandleText(now, msg)
	}
	for ev := c.NextEvent(); ev.Kind != NoEvent; ev = c.NextEvent() {
		switch ev.Kind {
		case EventError:
			return "error " + ev.Err.Error()
		case EventFire:
			return fmt.Sprintf("frame %d: #%s", FrameMessage, hex.EncodeToString(ev.Payload.Attachments[0]))
		}
	}
	return "nothing"
}
