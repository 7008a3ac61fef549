package bsock

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// What has been parsed can be appended again, and is the same.
func FuzzPacket(f *testing.F) {
	for _, seed := range []string{"2", "212[", "51-", "50-/a,7", "2/admin,", "0/admin", "1/,", "4294967295", "2007", "6-", "/", "9"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		p, namespace, n, err := parsePacket(src, false)
		if err != nil {
			return
		}
		written := appendPacket(nil, p, string(namespace))[1:]
		again, name, m, err := parsePacket(written, false)
		require.NoError(t, err, "an appended head is valid")
		require.Equal(t, p, again, "parse, append and parse is parse")
		require.Equal(t, string(namespace), string(name), "and so is the namespace")
		require.LessOrEqual(t, m, n+1, "a head is appended in its shortest form, with the comma")
		for cut := range n {
			_, _, _, err := parsePacket(src[:cut], true)
			require.ErrorIs(t, err, errShort, "no part of a head is taken for the whole")
		}
	})
}

// The scanner agrees with encoding/json about what is valid and what it says.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e-3,true,null,"\ud83d\ude00"]}`, `[[],{},""]`, `"\x"`, `01`, `-`, `[1,]`, `{"a"}`, "\"\x00\"", `[`, ` 1 `, `nul`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		require.Equal(t, json.Valid(src), validJSON(src), "the scanner knows valid JSON")
		var s string
		if utf8.Valid(src) && json.Unmarshal(src, &s) == nil && bytes.HasPrefix(bytes.TrimSpace(src), []byte(`"`)) {
			require.Equal(t, s, unquote(bytes.TrimSpace(src)), "the scanner reads strings")
			var back string
			require.NoError(t, json.Unmarshal(appendString(nil, s), &back))
			require.Equal(t, s, back, "strings can be written and read")
		}
		var object map[string]json.RawMessage
		if json.Unmarshal(src, &object) != nil || object == nil || !utf8.Valid(src) {
			return
		}
		got := make(map[string]json.RawMessage)
		for f := fieldsOf(src); f.next(); {
			got[f.key] = f.value
		}
		require.Equal(t, len(object), len(got), "every field is seen")
		for key, value := range object {
			require.Equal(t, string(value), string(got[key]), "and has its value")
		}
	})
}

// Whatever the peer sends, a Conn does not panic, queues little, and both ways
// of reading see the same.
func FuzzConn(f *testing.F) {
	for _, seed := range []string{
		"t0{\"pingInterval\":1,\"pingTimeout\":1}\nt40\nt42[\"a\"]\nb0401\nt451-[\"a\"]\nb0401",
		"t40\nt430[null]\nt461-0[null]\nb04\nt44{}\nt41", "t1\nt2\nt3\nt5\nt6\ntb4AA==\nt4", "t42/a,[\"\\u0041\"]\nt452-[]",
	} {
		f.Add([]byte(seed), byte(3))
		f.Add([]byte(seed), byte(3|fuzzVersion4))
	}
	f.Add([]byte("t2\nt451-/a,[\"a\"]\nb\ntb\nt40{\"sid\":\"\"}\nt42[\"ping\"]\nt44/b,{\"data\":0}\nt41/a"), byte(5|fuzzVersion4))
	f.Add([]byte("t40/b,\nt42/b,0[\"a\"]\nt43/a,1[null]\nt44/a,\"x\"\nt41/b"), byte(40))
	f.Fuzz(func(t *testing.T, script []byte, cut byte) {
		version := Version(cut / fuzzVersion4)
		cut %= fuzzVersion4
		whole, head := fuzzConn(version), fuzzConn(version)
		now := time.Unix(0, 0)
		for line := range bytes.Lines(script) {
			line = bytes.TrimSuffix(line, []byte("\n"))
			if len(line) == 0 || !utf8.Valid(line) {
				continue
			}
			if line[0] != 'b' {
				whole.HandleText(now, bytes.Clone(line[1:]))
				feedHead(head, now, line[1:], int(cut))
			} else if data, err := hex.DecodeString(string(line[1:])); err == nil && len(data) > 0 {
				whole.HandleBinary(now, bytes.Clone(data))
				head.HandleBinaryHead(now, FrameType(data[0]), len(data)) // whose type is none in Version4
			}
			if !compareConns(t, whole, head) {
				return
			}
		}
	})
}

// fuzzVersion4 is the bit that chooses the version.
const fuzzVersion4 = 0x80

// fuzzConn is a client that has joined /a, is about to join /b, and has asked
// something in the default namespace and in /a.
func fuzzConn(version Version) *Conn {
	now := time.Unix(0, 0)
	welcome := ""
	if version == Version4 {
		welcome = `{"sid":"x"}`
	}
	c := NewClient(Config{MaxFrame: 1 << 20, Base64: base64.StdEncoding, Version: version})
	c.Open(now)
	c.HandleOpen(now)
	c.HandleText(now, []byte(`0{"pingInterval":1000,"pingTimeout":1000}`))
	c.HandleText(now, []byte(`40`+welcome))
	_ = c.Join(now, "/a", Payload{}) // connected, so all this goes
	c.HandleText(now, []byte(`40/a,`+welcome))
	_ = c.Join(now, "/b", Payload{})
	for c.NextEvent().Kind != NoEvent {
	}
	_, _ = c.Call(time.Unix(9, 0), "q", Payload{}, 1)
	_, _ = c.Call(time.Unix(9, 0), "q", Payload{Namespace: "/a"}, 2)
	return c
}

// feedHead gives c a text as a browser does: its head, and all of it if asked.
func feedHead(c *Conn, now time.Time, text []byte, cut int) {
	n := min(cut, len(text))
	r := c.HandleHead(now, text[:n], n < len(text), len(text), 1)
	if r == ReadMore {
		r = c.HandleHead(now, text, false, len(text), 1)
	}
	if r == ReadBase64 {
		kind, src := FrameMessage, text[1:]
		if !c.RawBinary() {
			kind, _ = parseFrameType(src[0])
			src = src[1:]
		}
		if data, ok := c.decodeBase64(src); ok {
			c.HandleBinaryHead(now, kind, 1+len(data))
		}
	}
}

// compareConns drains both and reports whether they can be compared further:
// not where one has read JSON that the other leaves to its owner.
func compareConns(t *testing.T, whole, head *Conn) bool {
	for range 8 {
		a, b := whole.NextEvent(), head.NextEvent()
		for b.Kind == EventDrop { // only an owner that keeps bodies is told
			b = head.NextEvent()
		}
		if a.Kind != b.Kind {
			require.True(t, a.Kind == EventError, "heads miss nothing but bad JSON: %v %v", a, b)
			return false
		}
		require.Equal(t, string(a.Name), string(b.Name))
		require.Equal(t, a.Payload.Count, b.Payload.Count)
		require.Equal(t, a.Payload.Namespace, b.Payload.Namespace)
		require.Equal(t, a.Tag, b.Tag)
		if a.Kind == NoEvent {
			return true
		}
	}
	require.Fail(t, "one message queues only a few events")
	return false
}
