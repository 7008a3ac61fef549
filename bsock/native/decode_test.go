package native

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

var (
	one = []byte("one")
	two = []byte("two")
)

func placeholder(n int) string { return fmt.Sprintf(`{"_placeholder":true,"num":%d}`, n) }

func value(text string) Value { return must(NewValue(json.RawMessage(text), one, two)) }

func TestDecodeAny(t *testing.T) {
	tests := []struct {
		sentence, text string
		want           any
	}{
		{"a placeholder is its attachment", placeholder(1), two},
		{"wherever it stands", `[1,{"a":` + placeholder(0) + `,"b":[` + placeholder(0) + `]}]`, []any{1.0, map[string]any{"a": one, "b": []any{one}}}},
		{"what else is in it does not matter", `{"num":0,"more":[1],"_placeholder":true}`, one},
		{"a number out of range stays as it is", placeholder(2), map[string]any{"_placeholder": true, "num": 2.0}},
		{"also beside real ones", `[` + placeholder(2) + `,` + placeholder(0) + `]`, []any{map[string]any{"_placeholder": true, "num": 2.0}, one}},
		{"true must be true", `[{"_placeholder":1,"num":0},` + placeholder(0) + `]`, []any{map[string]any{"_placeholder": 1.0, "num": 0.0}, one}},
		{"a number must be a uint32", `[{"_placeholder":true,"num":-1},{"_placeholder":true,"num":0.5},{"_placeholder":true,"num":"0"}]`,
			[]any{map[string]any{"_placeholder": true, "num": -1.0}, map[string]any{"_placeholder": true, "num": 0.5}, map[string]any{"_placeholder": true, "num": "0"}}},
		{"text that looks like one is text", `"{\"_placeholder\":true,\"num\":0}"`, `{"_placeholder":true,"num":0}`},
		{"brackets in text do not confuse", `["]}\\\"",{"]":` + placeholder(1) + `}]`, []any{`]}\"`, map[string]any{"]": two}}},
		{"white space is allowed", " [ { \"_placeholder\" : true , \"num\" : 1 } , { } ] ", []any{two, map[string]any{}}},
		{"null is nil", `null`, nil},
	}
	for _, test := range tests {
		var got any
		require.NoError(t, value(test.text).Decode(&got), test.sentence)
		assert.Equal(t, test.want, got, test.sentence)
	}
}

type block struct {
	Height int
	Raw    []byte `json:"raw"`
	Txs    [][]byte
	Extra  any
	*Meta
	Whole   Value
	JSON    json.RawMessage
	Ptr     *[]byte
	Map     map[int]any
	Pair    [2][]byte
	private []byte
	Skipped []byte `json:"-"`
}

type Meta struct{ Sig []byte }

func TestDecodeStruct(t *testing.T) {
	text := `{"height":7,"raw":` + placeholder(0) + `,"TXS":[` + placeholder(1) + `,"dHdv",null],
		"Extra":{"k":` + placeholder(0) + `},"Sig":` + placeholder(1) + `,"Whole":[` + placeholder(1) + `],
		"JSON":[` + placeholder(0) + `],"Ptr":` + placeholder(0) + `,"Map":{"5":` + placeholder(1) + `,"6":1},
		"Pair":[` + placeholder(0) + `,` + placeholder(1) + `,3],"private":` + placeholder(0) + `,
		"Skipped":` + placeholder(0) + `,"unknown":` + placeholder(0) + `}`
	var got block
	require.NoError(t, value(text).Decode(&got))
	assert.Equal(t, 7, got.Height, "what is not binary is encoding/json's")
	assert.Equal(t, one, got.Raw, "a field by its tag")
	assert.Equal(t, [][]byte{two, two, nil}, got.Txs, "a field in another case; base64 and null are as in encoding/json")
	assert.Equal(t, map[string]any{"k": one}, got.Extra)
	require.NotNil(t, got.Meta, "an embedded pointer is made")
	assert.Equal(t, two, got.Sig)
	inner, _ := got.Whole.Attachments(), 0
	assert.Equal(t, [][]byte{one, two}, inner, "a Value keeps its attachments")
	assert.JSONEq(t, `[`+placeholder(0)+`]`, string(got.JSON), "raw JSON stays as it is")
	require.NotNil(t, got.Ptr)
	assert.Equal(t, one, *got.Ptr)
	assert.Equal(t, map[int]any{5: two, 6: 1.0}, got.Map)
	assert.Equal(t, [2][]byte{one, two}, got.Pair, "an array takes as many as it holds")
	assert.Nil(t, got.private)
	assert.Nil(t, got.Skipped)
}

func TestDecodeRefuses(t *testing.T) {
	v := value(`{"a":` + placeholder(0) + `}`)
	assert.ErrorContains(t, v.Decode(nil), "pointer")
	assert.ErrorContains(t, v.Decode(block{}), "pointer")
	assert.ErrorContains(t, v.Decode((*block)(nil)), "pointer")
	assert.ErrorContains(t, v.Decode(new([]any)), "cannot unmarshal object")
	assert.ErrorContains(t, v.Decode(new(string)), "cannot unmarshal object")
	assert.ErrorContains(t, value(`[`+placeholder(0)+`]`).Decode(new(map[string]any)), "cannot unmarshal array")
	assert.ErrorContains(t, value(placeholder(0)).Decode(new(string)), "cannot unmarshal object", "binary data are no string")
	assert.ErrorContains(t, v.Decode(new(map[int]any)), "cannot unmarshal", "nor is every key a number")
	assert.ErrorContains(t, value(`{"raw":`+placeholder(0)+`,"height":"x"}`).Decode(new(block)), "cannot unmarshal string")
	assert.ErrorContains(t, value(`{"Map":{"x":`+placeholder(0)+`}}`).Decode(new(block)), "cannot unmarshal")
	assert.ErrorContains(t, value(`[{"b":1},`+placeholder(0)+`]`).Decode(new([]map[string][]byte)), "cannot unmarshal number")
}

func TestDecodeValueInsideAStruct(t *testing.T) {
	var got struct{ V Value }
	require.NoError(t, must(NewValue(json.RawMessage(`{"V":[1]}`))).Decode(&got))
	assert.Equal(t, `[1]`, string(got.V.JSON()))
}

func TestArgs(t *testing.T) {
	args := must(NewArgs(json.RawMessage(`["x",`+placeholder(0)+`]`), one))
	assert.Equal(t, [][]byte{one}, args.Attachments())
	assert.Equal(t, 2, args.Len())
	assert.Equal(t, 1, args.From(1).Len())
	assert.Zero(t, args.From(5).Len())
	assert.ErrorContains(t, args.Decode(0, new(int)), "argument 0: json: cannot unmarshal string")
	_, err := NewArgs(json.RawMessage(`[`))
	assert.Error(t, err)
}

// A peer must not be able to keep a handler busy with a message of its choice.
func TestDecodeTakesTimeInProportion(t *testing.T) {
	const depth = 4500 // of lists in objects, below the bound of 10,000
	text := strings.Repeat(`{"kids":[`, depth) +
		`{"data":` + placeholder(0) + `,"text":"` + strings.Repeat("x", 1<<20) + `"}` +
		strings.Repeat(`]}`, depth)
	v := value(text)
	start := time.Now()
	var tree node
	require.NoError(t, v.Decode(&tree))
	for range depth {
		tree = tree.Kids[0]
	}
	assert.Equal(t, one, tree.Data, "what is deep down is found")
	require.NoError(t, v.Decode(new(any)))
	assert.Less(t, time.Since(start), 5*time.Second, "nested text is not gone over again at each level")
}

// A node holds nodes.
type node struct {
	Kids []node
	Data []byte
	Text string
}

// A string ends at its quote, however long it is and whatever stands before that.
func TestEndsOfStrings(t *testing.T) {
	for length := range 3 * shortString {
		for _, special := range []string{"", `\"`, `\\`, `\\\"`, `\\\\`, `\\\\\"x`, `\"\"\\x`} {
			text := `"` + strings.Repeat("a", length) + special + `"`
			require.True(t, json.Valid([]byte(text)), text)
			assert.Equal(t, len(text), stringEnd([]byte(text+`,"b"]`), 0), text)
		}
	}
}

func TestValueAccess(t *testing.T) {
	data, ok := value(placeholder(1)).Bytes()
	assert.True(t, ok)
	assert.Equal(t, two, data)
	for _, text := range []string{`"x"`, `[` + placeholder(0) + `]`, placeholder(9), `{}`, `null`} {
		_, ok = value(text).Bytes()
		assert.False(t, ok, "%s is no binary data", text)
	}
	text, ok := value(`"a\nb"`).Text()
	assert.True(t, ok)
	assert.Equal(t, "a\nb", text)
	_, ok = value(`1`).Text()
	assert.False(t, ok, "a number is no text")
	var v Value
	assert.True(t, v.IsNull(), "the zero Value is null")
	require.NoError(t, value(`[1]`).Decode(&v))
	assert.Equal(t, `[1]`, string(v.JSON()), "a Value can be decoded into a Value")
}

// bsock: lib/socket.js handlePacket
func TestAnswers(t *testing.T) {
	tests := []struct{ sentence, body, want string }{
		{"the second element is the result", `[null,5,6]`, `5`},
		{"one that is missing is null", `[null]`, `null`},
		{"an empty list has none", `[]`, `null`},
		{"null will do", `null`, `null`},
		{"and so will nothing", ``, `null`},
	}
	for _, test := range tests {
		d := driver{protocol: ProtocolBsock}
		values, err := d.valuesOf(answer{payload: bsock.Payload{JSON: []byte(test.body)}})
		require.NoError(t, err)
		assert.Equal(t, test.want, string(values.Value(0).JSON()), test.sentence)
	}
}

// Whatever JSON there is, finding placeholders ends, and finds what bsock finds.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`[]`, `[{"_placeholder":true,"num":0}]`, `{"a":[{"num":1,"_placeholder":true,"x":{}}]}`, `"\\\""`, ` [ 1e5 , {"" : {}} ] `} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := NewValue(json.RawMessage(text), one, two)
		var got, plain any
		if err != nil || json.Unmarshal([]byte(text), &plain) != nil { // 1e999 is JSON, but no float64
			return
		}
		require.NoError(t, v.Decode(&got))
		list, isList := plain.([]any)
		args, err := NewArgs(json.RawMessage(text), one, two)
		require.Equal(t, isList, err == nil, "only a list can be arguments")
		require.Equal(t, len(list), args.Len())
		for i := range list {
			require.NoError(t, args.Decode(i, new(any)), "each argument is JSON")
		}
		p, err := encodeEvent("e", []any{v})
		require.NoError(t, err)
		require.True(t, json.Valid(p.JSON), "a Value can be sent on")
		require.Equal(t, revive(plain), got, "as JSON.parse with bsock's reviver")
	})
}

// revive does what bsock's reviver does.
// bsock: lib/packet.js reconstruct
func revive(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = revive(v[i])
		}
	case map[string]any:
		num, isNum := v["num"].(float64)
		if v["_placeholder"] == true && isNum && (num == 0 || num == 1) {
			return [][]byte{one, two}[int(num)]
		}
		for k := range v {
			v[k] = revive(v[k])
		}
	}
	return v
}
