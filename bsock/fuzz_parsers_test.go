package bsock

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// What is read of JSON, one parser at a time: against encoding/json, and against
// the same text given piece by piece.

// wellPut reports whether text is JSON that both sides read alike: encoding/json
// mends what is not UTF-8.
func wellPut(text []byte) bool { return utf8.Valid(text) && json.Valid(text) }

// The name of an event, and that no part of a body is taken for the whole.
func FuzzEventName(f *testing.F) {
	for _, seed := range []string{`["a"]`, ` [ "\ud83d\ude00" ,1]`, `["\ud800"]`, `[""]`, `[1]`, `[]`, `{}`, `["a`, `["a\`, `["\u00`, `["a",{]`, ""} {
		f.Add([]byte(seed), byte(3))
	}
	f.Fuzz(func(t *testing.T, src []byte, cut byte) {
		name, err := parseEventName(src, false)
		switch early, earlyErr := parseEventName(src[:min(int(cut), len(src))], true); earlyErr {
		case errShort:
		case nil:
			require.NoError(t, err, "what is a name in a part is one in the whole")
			require.Equal(t, string(name), string(early))
		default:
			require.Error(t, err, "what is wrong in a part is wrong in the whole")
		}
		var args []json.RawMessage
		if !wellPut(src) || json.Unmarshal(src, &args) != nil || args == nil {
			return
		}
		var want *string
		if len(args) == 0 || json.Unmarshal(args[0], &want) != nil || want == nil {
			require.Error(t, err, "an event has a name")
			return
		}
		require.NoError(t, err)
		require.Equal(t, *want, string(name))
	})
}

// The error slot of an answer.
func FuzzAck(f *testing.F) {
	for _, seed := range []string{
		`[null,1]`, `[]`, "", "null", ` [ false ]`, `[0]`, `[-0.0e9]`, `[""]`, `["x"]`, `[1]`, `[true]`, `[[]]`, `[{"message":"m","code":-1e9}]`,
		`[{"message":1,"name":[],"type":{},"code":true}]`, `[{"__proto__":{"message":"m"}}]`, `[{"message":"a","message":"b"}]`, `[{`, `[nul`, `{}`, `[{"a":"`,
	} {
		f.Add([]byte(seed), byte(3))
	}
	f.Fuzz(func(t *testing.T, src []byte, cut byte) {
		remote, err := parseAck(src, false, false)
		switch early, earlyErr := parseAck(src[:min(int(cut), len(src))], true, false); earlyErr {
		case errShort:
		case nil:
			require.NoError(t, err, "what is an answer in a part is one in the whole")
			require.Equal(t, remote, early)
		default:
			require.Error(t, err, "what is wrong in a part is wrong in the whole")
		}
		var args []json.RawMessage
		if !wellPut(src) || json.Unmarshal(src, &args) != nil || len(args) == 0 {
			return
		}
		requireSlot(t, args[0], remote, err)
	})
}

// requireSlot checks what became of the first element of an answer.
func requireSlot(t *testing.T, slot json.RawMessage, remote *RemoteError, err error) {
	var value any
	if json.Unmarshal(slot, &value) != nil {
		return // 1e999 is JSON, but no float64
	}
	switch value := value.(type) {
	case map[string]any:
		require.NoError(t, err)
		require.NotNil(t, remote, "an object is an error")
		if message, ok := value["message"].(string); ok {
			require.Equal(t, message, remote.Message)
		} else if _, twice := value["message"]; !twice {
			require.Equal(t, "No message.", remote.Message)
		}
	case []any:
		require.NotNil(t, remote, "so is an array")
	case nil:
		require.NoError(t, err)
		require.Nil(t, remote, "null is none")
	case bool:
		require.Equal(t, value, err != nil, "false is none, true is malformed")
	case string:
		require.Equal(t, value != "", err != nil, "so are strings")
	}
}

// An error that was read can be written, and is the same.
func FuzzRemoteError(f *testing.F) {
	for _, seed := range []string{`{"message":"m","name":"n","type":"t","code":"c"}`, `{"code":1e9}`, `{"code":"1"}`, `{"message":""}`, `"a"`, `[]`, `{"message":"\ud800"}`, "{}x", ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		e, err := parseError(src, false)
		_, early := parseError(src, true)
		require.ErrorIs(t, early, errShort, "an error is not taken apart before it is there")
		if err != nil {
			return
		}
		written := appendRemoteError(nil, e)
		again, err := parseError(written, false)
		require.NoError(t, err, "%s", written)
		if utf8.Valid(src) {
			e.Data = again.Data // bsock has no place for it
			require.Equal(t, e, again)
		}
	})
}

// The server's greeting.
func FuzzHello(f *testing.F) {
	for _, seed := range []string{
		`{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":60000}`, `{"pingInterval":0,"pingTimeout":4294967295,"maxPayload":1}`,
		`{"pingInterval":4294967296,"pingTimeout":0}`, `{"pingInterval":-1,"pingTimeout":0}`, `{"pingInterval":1.0,"pingTimeout":1e1}`, `{"pingInterval":1,"pingInterval":2,"pingTimeout":3}`, `[]`, `{}`, "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		h, err := parseHello(src)
		var want map[string]json.RawMessage
		if !utf8.Valid(src) || json.Unmarshal(src, &want) != nil || want == nil {
			return
		}
		interval, hasInterval := uint32Of(want["pingInterval"])
		timeout, hasTimeout := uint32Of(want["pingTimeout"])
		require.Equal(t, len(want["pingInterval"]) > 0 && len(want["pingTimeout"]) > 0 && hasInterval && hasTimeout, err == nil)
		if err == nil {
			require.Equal(t, []uint32{interval, timeout}, []uint32{h.pingInterval, h.pingTimeout})
		}
	})
}

// A host that is valid makes a URL that leads there and nowhere else, whatever
// the namespace.
func FuzzEndpoint(f *testing.F) {
	for _, seed := range []string{"localhost", "127.0.0.1", "::1", "[::1]", "a:80", "a@b", "a/b", "a?b", "a#b", "%61", "xn--a", "ä", "a b", "[a]", ":::", "1.2.3.4:5:6", ""} {
		f.Add(seed, "node", uint16(5000))
	}
	for _, seed := range []string{"", "/", "../..", "a?b#c", "%2e%2e/", "//evil.test", "\x00", "ä/ö", "a\\b"} {
		f.Add("localhost", seed, uint16(1))
	}
	f.Fuzz(func(t *testing.T, host, namespace string, port uint16) {
		if !ValidHost(host) {
			return
		}
		raw := Endpoint{Host: host, Port: port, Namespace: namespace}.URL()
		require.True(t, strings.HasSuffix(raw, "/?transport=websocket"), raw)
		for i := range len(raw) {
			require.True(t, raw[i] > ' ' && raw[i] != '\\', "%q", raw)
		}
		u, err := url.Parse(raw)
		if err != nil {
			return // the browser refuses it as well, and says so
		}
		require.Equal(t, strings.Trim(host, "[]"), u.Hostname(), raw)
		require.Nil(t, u.User, raw)
		require.Empty(t, u.Fragment, raw)
		require.Equal(t, "transport=websocket", u.RawQuery, raw)
		if trimmed := strings.Trim(namespace, "/"); trimmed != "" {
			require.Equal(t, "/"+trimmed+"/", u.Path, raw)
		}
	})
}
