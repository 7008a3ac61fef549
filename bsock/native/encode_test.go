package native

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

type (
	hash    []byte  // bytes by another name
	flags   []uint8 // and again
	hexed   []byte  // bytes that encode themselves
	point   struct{ X, Y int }
	wrapped struct {
		Data []byte
		Any  any `json:"any,omitempty"`
	}
	nested []nested // a type that holds itself
)

func (h hexed) MarshalText() ([]byte, error) { return []byte("hexed"), nil }

func TestEncode(t *testing.T) {
	b, c := []byte("bb"), []byte("cc")
	p0, p1 := `{"_placeholder":true,"num":0}`, `{"_placeholder":true,"num":1}`
	inner := must(NewValue(json.RawMessage(` {"tx":`+p1+`,"same":`+p1+`} `), b, c))
	list := must(NewArgs(json.RawMessage(`[1,`+p0+`]`), b))
	tests := []struct {
		sentence    string
		args        []any
		want        string
		attachments [][]byte
	}{
		{"no arguments", nil, `["e"]`, nil},
		{"scalars", []any{1, "x", true, nil, 1.5}, `["e",1,"x",true,null,1.5]`, nil},
		{"every kind of number", []any{-1, int64(-2), uint32(3), int8(4), uint64(5), float32(6), json.Number("7")}, `["e",-1,-2,3,4,5,6,7]`, nil},
		{"text that needs escapes", []any{"\"\\\n\x7f\x00é", "\xff"}, `["e","\"\\\n` + "\x7f" + `\u0000é","\ufffd"]`, nil},
		{"HTML is not escaped, as in JavaScript", []any{"<&>"}, `["e","<&>"]`, nil},
		{"a []byte is an attachment", []any{b}, `["e",` + p0 + `]`, [][]byte{b}},
		{"whatever its type is called", []any{hash(b), flags(c)}, `["e",` + p0 + `,` + p1 + `]`, [][]byte{b, c}},
		{"unless it encodes itself", []any{hexed(b)}, `["e","hexed"]`, nil},
		{"a nil one is null", []any{[]byte(nil)}, `["e",null]`, nil},
		{"an empty one is an empty attachment", []any{[]byte{}}, `["e",` + p0 + `]`, [][]byte{{}}},
		{"the same slice is sent once", []any{b, c, b}, `["e",` + p0 + `,` + p1 + `,` + p0 + `]`, [][]byte{b, c}},
		{"another slice of the same memory is another", []any{b, b[:1]}, `["e",` + p0 + `,` + p1 + `]`, [][]byte{b, b[:1]}},
		{"elements and values are attachments, however deep", []any{[]any{map[string]any{"a": [][]byte{b}}}}, `["e",[{"a":[` + p0 + `]}]]`, [][]byte{b}},
		{"also behind pointers", []any{&b, &[]*[]byte{&c}}, `["e",` + p0 + `,[` + p1 + `]]`, [][]byte{b, c}},
		{"and in arrays", []any{[2][]byte{b, c}}, `["e",[` + p0 + `,` + p1 + `]]`, [][]byte{b, c}},
		{"keys are sorted, as by encoding/json", []any{map[string][]byte{"z": b, "a": c}}, `["e",{"a":` + p0 + `,"z":` + p1 + `}]`, [][]byte{c, b}},
		{"keys that are numbers become text", []any{map[int][]byte{-7: b}}, `["e",{"-7":` + p0 + `}]`, [][]byte{b}},
		{"keys that encode themselves do", []any{map[time.Month][]byte{time.May: b}, map[stamp][]byte{{1}: c}}, `["e",{"5":` + p0 + `},{"stamp":` + p1 + `}]`, [][]byte{b, c}},
		{"inside a struct it is base64", []any{wrapped{Data: b}}, `["e",{"Data":"YmI="}]`, nil},
		{"so it is in a list of structs", []any{[]wrapped{{Data: b, Any: 1}}}, `["e",[{"Data":"YmI=","any":1}]]`, nil},
		{"nil lists and maps are null", []any{[][]byte(nil), map[string][]byte(nil), (*[]byte)(nil)}, `["e",null,null,null]`, nil},
		{"a Value keeps its attachments", []any{c, inner}, `["e",` + p0 + `,{"tx":` + p0 + `,"same":` + p0 + `}]`, [][]byte{c}},
		{"also inside of others", []any{[]any{inner}, map[string]Value{"v": inner}}, `["e",[{"tx":` + p0 + `,"same":` + p0 + `}],{"v":{"tx":` + p0 + `,"same":` + p0 + `}}]`, [][]byte{c}},
		{"Args stand for all their elements", []any{"x", list, c}, `["e","x",1,` + p0 + `,` + p1 + `]`, [][]byte{b, c}},
		{"or for what is left of them", []any{list.From(1), list.From(2), list.From(9)}, `["e",` + p0 + `]`, [][]byte{b}},
		{"anywhere else they are a list", []any{[]any{list, []Args{list.From(1)}}}, `["e",[[1,` + p0 + `],[[` + p0 + `]]]]`, [][]byte{b}},
		{"also in a struct, if nothing is binary", []any{struct{ A Args }{must(NewArgs(json.RawMessage("[1]")))}}, `["e",{"A":[1]}]`, nil},
		{"raw JSON passes", []any{json.RawMessage(`{"a": 1}`), json.RawMessage(nil), []json.RawMessage{json.RawMessage("2")}}, `["e",{"a": 1},null,[2]]`, nil},
		{"structs, times and types that hold themselves are encoding/json's", []any{point{1, 2}, time.Unix(0, 0).UTC(), nested{nil, {}}}, `["e",{"X":1,"Y":2},"1970-01-01T00:00:00Z",[null,[]]]`, nil},
		{"what looks like a placeholder passes where nothing is binary", []any{map[string]any{"_placeholder": true, "num": 0}}, `["e",` + p0 + `]`, nil},
		{"and what does not quite passes anywhere", []any{map[string]any{"_placeholder": 1, "num": 0}, b}, `["e",{"_placeholder":1,"num":0},` + p0 + `]`, [][]byte{b}},
	}
	for _, test := range tests {
		p, err := encodeEvent("e", test.args)
		require.NoError(t, err, test.sentence)
		assert.Equal(t, test.want, string(p.JSON), test.sentence)
		assert.Equal(t, test.attachments, p.Attachments, test.sentence)
		assert.Equal(t, len(test.attachments), p.Count, test.sentence)
	}
}

type stamp struct{ n int }

func (stamp) MarshalText() ([]byte, error) { return []byte("stamp"), nil }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A peer that could smuggle a placeholder through a proxy could have it stand
// for another's data.
func TestLookalikesAreNotMixedWithBinaryData(t *testing.T) {
	binary := []byte("secret")
	tests := []struct {
		sentence string
		arg      any
	}{
		{"in a map", map[string]any{"_placeholder": true, "num": 0}},
		{"in a struct", struct {
			P bool `json:"_placeholder"`
			N int  `json:"num"`
		}{true, 5}},
		{"in raw JSON", json.RawMessage(`[{"num":0,"_placeholder":true}]`)},
		{"in raw JSON with escapes", json.RawMessage(`{"\u005fplaceholder":true,"n\u0075m":0}`)},
		{"in a Value without attachments", must(NewValue(json.RawMessage(`{"_placeholder":true,"num":0}`)))},
		{"in a Value with too few", must(NewValue(json.RawMessage(`{"_placeholder":true,"num":1}`), binary))},
		{"with a number that is an integer only in JavaScript", json.RawMessage(`{"_placeholder":true,"num":0.0e1}`)},
		{"with other members", json.RawMessage(`{"x":[{}],"_placeholder":true,"y":"}","num":0}`)},
		{"twice said, the last counts", json.RawMessage(`{"_placeholder":false,"num":0,"_placeholder":true}`)},
	}
	for _, test := range tests {
		_, err := encodeEvent("e", []any{test.arg, binary})
		assert.ErrorIs(t, err, ErrPlaceholder, test.sentence)
		_, err = encodeEvent("e", []any{test.arg})
		assert.NoError(t, err, "%s, alone", test.sentence)
	}
}

func TestResults(t *testing.T) {
	two, err := NewArgs(json.RawMessage(`[1,{"_placeholder":true,"num":0}]`), []byte("b"))
	require.NoError(t, err)
	tests := []struct {
		sentence    string
		result      any
		bsock, text string
	}{
		{"a value", []any{[]byte("b")}, `[null,[{"_placeholder":true,"num":0}]]`, `[[{"_placeholder":true,"num":0}]]`},
		{"nothing", nil, `[null,null]`, `[null]`},
		{"arguments are a list, or all the values", two, `[null,[1,{"_placeholder":true,"num":0}]]`, `[1,{"_placeholder":true,"num":0}]`},
		{"no arguments", Args{}, `[null,[]]`, `[]`},
	}
	for _, test := range tests {
		p, err := encodeResult(test.result, false)
		require.NoError(t, err, test.sentence)
		assert.Equal(t, test.bsock, string(p.JSON), "%s, behind bsock's error slot", test.sentence)
		p, err = encodeResult(test.result, true)
		require.NoError(t, err, test.sentence)
		assert.Equal(t, test.text, string(p.JSON), "%s, as Socket.IO's acknowledgement", test.sentence)
	}
}

func TestValuesMustBeJSON(t *testing.T) {
	for _, text := range []string{"", "nul", "[1,]", "\"\xff\"", "1 2"} {
		_, err := NewValue(json.RawMessage(text))
		assert.Error(t, err, "%q is no JSON", text)
	}
	_, err := NewArgs(json.RawMessage(`{"a":1}`))
	assert.EqualError(t, err, "native: the text of Args must be a JSON array")
	args, err := NewArgs(json.RawMessage(" [ ] "))
	require.NoError(t, err)
	assert.Zero(t, args.Len())
}

func TestValueInsideAStruct(t *testing.T) {
	plain := must(NewValue(json.RawMessage(`[1]`)))
	p, err := encodeEvent("e", []any{struct{ V Value }{plain}})
	require.NoError(t, err, "a Value without binary data can stand in a struct")
	assert.Equal(t, `["e",{"V":[1]}]`, string(p.JSON))

	binary := must(NewValue(json.RawMessage(`[{"_placeholder":true,"num":0}]`), []byte("x")))
	_, err = encodeEvent("e", []any{struct{ V Value }{binary}})
	assert.ErrorContains(t, err, "not inside a struct", "one with binary data cannot")
	_, err = encodeEvent("e", []any{struct{ A Args }{Args{[][]byte{binary.json}, binary.attachments}}})
	assert.ErrorContains(t, err, "not inside a struct", "nor can Args")
}

func TestDepthIsBounded(t *testing.T) {
	var deep any
	for range maxDepth + 10 {
		deep = []any{deep}
	}
	_, err := encodeEvent("e", []any{deep})
	assert.ErrorIs(t, err, errDepth)
}

func TestFifo(t *testing.T) {
	var q fifo[int]
	_, ok := q.pop()
	assert.False(t, ok, "it begins empty")
	want := 0
	for i := range 10_000 {
		q.push(i)
		if i%3 > 0 {
			got, _ := q.pop()
			require.Equal(t, want, got, "first in, first out")
			want++
		}
	}
	assert.Equal(t, 10_000-want, q.len())
	for q.len() > 1 {
		got, _ := q.pop()
		require.Equal(t, want, got)
		want++
	}
	for i := range 10_000 {
		q.push(i)
		q.pop()
	}
	assert.Less(t, cap(q.items), 10_000, "it does not grow with what has passed through")
}

func encodeEvent(event string, args []any) (bsock.Payload, error) {
	return newEncoder().event(event, args)
}

func encodeResult(result any, plain bool) (bsock.Payload, error) {
	return newEncoder().result(result, plain)
}
