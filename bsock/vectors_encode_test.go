package bsock

import (
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// An encodeVector is what an application sends, and how it looks on the wire.
type encodeVector struct {
	Send   string
	Args   []any
	ID     *int64
	Nsp    string
	B64    bool
	Packet struct {
		Type        PacketType
		Attachments uint32
		Data        string
	}
	Frames []vectorFrame
	Error  json.RawMessage
}

func TestEncodeVectors(t *testing.T) {
	checkVectors(t, "encode", func(t *testing.T, raw vector) (want, got []string) {
		var v encodeVector
		raw.into(t, &v)
		if v.Error != nil {
			return []string{anyError}, v.sent(t)
		}
		for _, frame := range v.Frames {
			want = append(want, "send "+frame.String())
		}
		return want, v.sent(t)
	})
}

// sent returns what a Conn makes of v.
func (v encodeVector) sent(t *testing.T) []string {
	c := NewServer(Config{Base64: base64.StdEncoding, SendBase64: v.B64})
	c.HandleOpen(time.Unix(0, 0))
	if v.Nsp != "" {
		c.HandleText(time.Unix(0, 0), []byte("40"+v.Nsp+","))
		require.NoError(t, c.Admit(v.Nsp))
	}
	for c.NextEvent().Kind != NoEvent { // the greeting
	}
	if err := v.send(t, c); err != nil {
		return []string{"error " + err.Error()}
	}
	var lines []string
	for ev := c.NextEvent(); ev.Kind != NoEvent; ev = c.NextEvent() {
		lines = append(lines, showFrames(ev)...)
	}
	return lines
}

func (v encodeVector) send(t *testing.T, c *Conn) error {
	payload := untagged(t, v.Args)
	payload.Namespace = v.Nsp
	if v.Packet.Data != "" { // which was made by JSON.stringify
		payload.JSON = []byte(v.Packet.Data)
	}
	var id uint32
	if v.ID != nil {
		id = uint32(*v.ID)
	}
	call := CallID{id, c.root.epoch}
	switch v.Send {
	case "fire":
		return c.Fire(v.name(), payload)
	case "call":
		c.calls.next = id
		_, err := c.Call(time.Unix(60, 0), v.name(), payload, 1)
		return err
	case "ack":
		return c.Reply(call, payload)
	case "error":
		e := parseRemoteError(canonical(t, v.Args[0]))
		if *v.ID < 0 {
			return c.Complain(e)
		}
		return c.Refuse(call, e)
	}
	require.Fail(t, "a vector sends something that the test knows", v.Send)
	return nil
}

// name is the event's, empty if it is none.
func (v encodeVector) name() string {
	if len(v.Args) == 0 {
		return ""
	}
	name, _ := v.Args[0].(string)
	return name
}
