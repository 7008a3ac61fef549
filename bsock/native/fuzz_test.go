package native

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// Arguments that arrive can be sent on unread, whole or one by one, and arrive as
// the same: JSON, attachments and all. What is decoded and sent again does too.
func FuzzRoundTrip(f *testing.F) {
	for _, seed := range []string{
		`[]`, `[1,"a",null]`, `[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`, `[{"_placeholder":true,"num":1},{"_placeholder":true,"num":1}]`,
		`[{"_placeholder":true,"num":2}]`, `[{"num":0,"_placeholder":true,"x":1}]`, `[[{"a":{"_placeholder":true,"num":0}}]]`, `[{"_placeholder":true,"num":-0}]`,
		`[{"_placeholder":true,"num":0,"num":1}]`, `[{"_placeholder":false,"_placeholder":true,"num":0}]`, ` [ { "_placeholder" : true , "num" : 0 } ] `, `["\u003c\u2028"]`, `[{"":{"":[]}}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		args, err := NewArgs(json.RawMessage(text), one, two)
		if err != nil {
			return
		}
		want := make([]any, args.Len())
		for i := range want {
			if args.Decode(i, &want[i]) != nil {
				return // 1e999 is JSON, but no float64
			}
		}
		whole, each := []any{args}, make([]any, args.Len())
		for i := range each {
			each[i] = args.Value(i)
		}
		for sentence, sent := range map[string][]any{"whole": whole, "one by one": each, "decoded": want} {
			p, err := encodeEvent("e", sent)
			require.NoError(t, err, sentence)
			require.True(t, json.Valid(p.JSON), sentence)
			require.Equal(t, p.Count, len(p.Attachments), sentence)
			got := argsOf(p)
			require.Equal(t, len(want), got.Len(), sentence)
			for i := range want {
				var value any
				require.NoError(t, got.Decode(i, &value), sentence)
				require.Equal(t, want[i], value, "argument %d, sent on %s: %s", i, sentence, p.JSON)
			}
		}
	})
}
