package bsock

import (
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// What an application does with a payload, as far as the vectors want it: to
// put attachments behind placeholders, and back.

// untagged returns the payload of a tagged array.
func untagged(t *testing.T, tagged any) Payload {
	var p Payload
	value := p.untag(t, tagged)
	p.Count = len(p.Attachments)
	p.JSON = canonical(t, value)
	return p
}

// untag returns tagged with its buffers in p's attachments.
func (p *Payload) untag(t *testing.T, tagged any) any {
	switch v := tagged.(type) {
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = p.untag(t, v[i])
		}
		return out
	case map[string]any:
		return p.untagObject(t, v)
	}
	return tagged
}

func (p *Payload) untagObject(t *testing.T, object map[string]any) any {
	switch {
	case object["$undefined"] != nil, object["$nan"] != nil:
		return nil
	case object["$same"] != nil:
		return placeholder(object["$same"])
	case object["$hex"] != nil:
		data, err := hex.DecodeString(object["$hex"].(string))
		require.NoError(t, err)
		p.Attachments = append(p.Attachments, data)
		return placeholder(len(p.Attachments) - 1)
	}
	out := make(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(object)) {
		out[key] = p.untag(t, object[key])
	}
	return out
}

func placeholder(num any) any {
	return map[string]any{"_placeholder": true, "num": num}
}

// tagged returns the array that p is, with its attachments as tags.
func tagged(t *testing.T, p Payload) []any {
	if len(p.JSON) == 0 {
		return nil
	}
	var array []any
	require.NoError(t, json.Unmarshal(p.JSON, &array))
	for i := range array {
		array[i] = p.tag(array[i])
	}
	return array
}

func (p Payload) tag(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = p.tag(v[i])
		}
	case map[string]any:
		num, isNumber := v["num"].(float64)
		if v["_placeholder"] == true && isNumber && 0 <= num && int(num) < len(p.Attachments) {
			return map[string]any{"$hex": hex.EncodeToString(p.Attachments[int(num)])}
		}
		for key := range v {
			v[key] = p.tag(v[key])
		}
	}
	return value
}

// canonical writes equal values as equal JSON.
func canonical(t *testing.T, value any) []byte {
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return text
}
