package native

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

type tip struct {
	Height int     `json:"height"`
	Hash   string  `json:"hash,omitempty"`
	Work   float64 `json:"work"`
	Size   uint32
	Main   bool
	Left   int64 `json:"-"`
	hidden string
}

// Whatever the text, what is stored is what encoding/json stores.
func TestFlatIsLikeEncodingJSON(t *testing.T) {
	for _, text := range []string{
		`{}`,
		` { "height" : 7 , "hash" : "00" } `,
		`{"height":7,"hash":"a\n\u00e9","Size":4294967295,"Main":true,"work":1.5e3,"Left":1}`,
		`{"HEIGHT":7,"size":3,"main":true}`,
		`{"height":7,"more":[{"height":8},null,"x"],"height":9}`,
		`{"he\u0069ght":7}`,
		`{"\u212aey":7,"é":1}`,
		`{"height":null,"hash":null,"Main":null,"Size":null,"work":null}`,
		`{"height":1.0}`, `{"height":1e3}`, `{"height":"7"}`, `{"height":-7}`, `{"height":99999999999999999999}`, `{"height":[1]}`,
		`{"Size":-1,"height":5}`, `{"Size":4294967296}`, `{"work":1e999}`, `{"work":-0}`, `{"Main":0,"height":3}`, `{"hash":7}`,
		`{"hidden":"x","Hidden":"y"}`,
		`[]`, `"x"`, `null`, `7`,
	} {
		want, got := tip{Height: 1, Hash: "before"}, tip{Height: 1, Hash: "before"}
		wantErr := json.Unmarshal([]byte(text), &want)
		err := Value{json: []byte(text)}.Decode(&got)
		assert.Equal(t, want, got, text)
		assert.Empty(t, got.hidden, "what is not exported is left alone")
		assert.Equal(t, wantErr == nil, err == nil, "%s: %v", text, err)
	}
}

type shouts string

func (s *shouts) UnmarshalText(text []byte) error { *s = shouts(text) + "!"; return nil }

func TestFlatLeavesTheRestToEncodingJSON(t *testing.T) {
	for sentence, target := range map[string]any{
		"a field that decodes itself":  &struct{ A shouts }{},
		"a struct that decodes itself": &time.Time{},
		"a field in a string": &struct {
			A int `json:",string"`
		}{},
		"a struct within":                  &struct{ A struct{ B int } }{},
		"a struct that is embedded":        &struct{ tip }{},
		"names that differ in case alone":  &struct{ A, a int }{},
		"a number as it is written":        &struct{ A json.Number }{},
		"what is no struct":                new(int),
		"what is no pointer":               tip{},
		"nothing":                          nil,
		"a pointer to nothing":             (*tip)(nil),
		"small numbers":                    &struct{ A int8 }{},
		"binary data, which are text here": &struct{ A []byte }{},
	} {
		assert.False(t, decodeFlat([]byte(`{"A":"1"}`), target), sentence)
	}
	var out struct{ A shouts }
	assert.NoError(t, Value{json: []byte(`{"A":"hey"}`)}.Decode(&out))
	assert.Equal(t, shouts("hey!"), out.A)
}

func FuzzFlat(f *testing.F) {
	f.Add([]byte(`{"height":7,"hash":"00","Size":1,"Main":true,"work":1.5}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := NewValue(text)
		if err != nil {
			return
		}
		var want, got tip
		wantErr := json.Unmarshal(text, &want)
		err = v.Decode(&got)
		assert.Equal(t, wantErr == nil, err == nil)
		if !math.IsNaN(want.Work) {
			assert.Equal(t, want, got)
		}
	})
}
