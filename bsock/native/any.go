package native

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// any decodes the value at text[n] as encoding/json does into an any, with
// binary data in place of placeholders, and returns where it ends. It goes over
// the text once, so that a peer gains nothing by nesting.
func (d *decoder) any(n int) (v any, end int, err error) {
	switch c := d.text[n]; c {
	case '{':
		return d.anyObject(n)
	case '[':
		return d.anyArray(n)
	case '"':
		end = stringEnd(d.text, n)
		s, err := unquote(d.text[n:end])
		return s, end, err
	case 't', 'f':
		return c == 't', scalarEnd(d.text, n), nil
	case 'n':
		return nil, scalarEnd(d.text, n), nil
	}
	end = scalarEnd(d.text, n)
	f, err := strconv.ParseFloat(string(d.text[n:end]), 64)
	return f, end, err
}

func (d *decoder) anyArray(n int) (v any, end int, err error) {
	list := []any{}
	n = skipSpace(d.text, n+1)
	for d.text[n] != ']' {
		item, end, err := d.any(n)
		if err != nil {
			return nil, 0, err
		}
		list = append(list, item)
		n = nextElement(d.text, end)
	}
	return list, n + 1, nil
}

func (d *decoder) anyObject(n int) (v any, end int, err error) {
	if s, ok := d.spanAt(n); ok {
		return d.attachments[s.num], s.end, nil
	}
	object := make(map[string]any)
	n = skipSpace(d.text, n+1)
	for d.text[n] != '}' {
		key, value := member(d.text, n)
		item, end, err := d.any(value)
		if err != nil {
			return nil, 0, err
		}
		object[key] = item
		n = nextElement(d.text, end)
	}
	return object, n + 1, nil
}

// unquote returns what the JSON string src stands for.
func unquote(src []byte) (s string, err error) {
	if bytes.IndexByte(src, '\\') < 0 {
		return string(src[1 : len(src)-1]), nil
	}
	err = json.Unmarshal(src, &s)
	return s, err
}
