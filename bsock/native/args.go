package native

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A Value is one JSON value with the binary data that its placeholders stand
// for: an argument, or the answer to a call. The zero Value is null.
//
// A Value can be sent as it is: as an argument, an element of a slice or array,
// a value of a map, or the result of a hook.
type Value struct {
	json        []byte
	attachments [][]byte
}

var null = []byte("null")

var errInside = errors.New("native: binary data can be sent only in an argument, an element or a value of a map, not inside a struct")

// NewValue returns the Value that text and attachments are, for those who have
// them already encoded. Neither may be changed afterwards.
func NewValue(text json.RawMessage, attachments ...[]byte) (Value, error) {
	if !json.Valid(text) || !utf8.Valid(text) {
		return Value{}, errors.New("native: the text of a Value must be valid JSON")
	}
	return Value{bytes.TrimSpace(text), attachments}, nil
}

// JSON returns the text of v, in which {"_placeholder":true,"num":N} stands for
// attachment N. It must not be changed.
func (v Value) JSON() json.RawMessage {
	if v.json == nil {
		return null
	}
	return v.json
}

// Attachments returns the binary data of the packet v came in, of which v may
// use a part. They must not be changed.
func (v Value) Attachments() [][]byte { return v.attachments }

// IsNull reports whether v is null.
func (v Value) IsNull() bool { return string(v.JSON()) == "null" }

// Bytes returns the binary data that v is, if it is binary data.
func (v Value) Bytes() (data []byte, ok bool) {
	n, ok := placeholderAt(v.JSON(), len(v.attachments))
	if !ok {
		return nil, false
	}
	return v.attachments[n], true
}

// Text returns the string that v is, if it is a string.
func (v Value) Text() (s string, ok bool) {
	if text := v.JSON(); text[0] != '"' {
		return "", false
	}
	err := json.Unmarshal(v.json, &s)
	return s, err == nil
}

// Decode stores v in what target points to, as encoding/json does. Binary data
// are stored in a []byte, in an any as a []byte, or in a Value, wherever it
// stands in structs, maps, slices, and arrays. The bytes must not be changed:
// several places may share them.
func (v Value) Decode(target any) error {
	return decode(v, target)
}

// MarshalJSON returns the text of v, and an error if binary data belong to it:
// they cannot go into a struct.
func (v Value) MarshalJSON() ([]byte, error) {
	if len(placeholders(v.JSON(), len(v.attachments))) > 0 {
		return nil, errInside
	}
	return v.JSON(), nil
}

// UnmarshalJSON makes v a copy of text, without attachments.
func (v *Value) UnmarshalJSON(text []byte) error {
	*v = Value{json: append([]byte(nil), text...)}
	return nil
}

// Args are the arguments of an event or a call. They can be sent as they are:
// among the arguments of Fire and Call, Args stand for all their elements, and
// anywhere else for a list of them.
type Args struct {
	list        [][]byte
	attachments [][]byte
}

// argsOf returns the arguments behind the event's name.
func argsOf(p bsock.Payload) Args {
	list := elements(p.JSON)
	return Args{list[1:], p.Attachments}
}

// NewArgs returns the arguments that text, a JSON array, and attachments are.
// Neither may be changed afterwards.
func NewArgs(text json.RawMessage, attachments ...[]byte) (Args, error) {
	v, err := NewValue(text, attachments...)
	if err != nil {
		return Args{}, err
	}
	if v.json[0] != '[' {
		return Args{}, errors.New("native: the text of Args must be a JSON array")
	}
	return Args{elements(v.json), attachments}, nil
}

// Len returns how many arguments there are.
func (a Args) Len() int { return len(a.list) }

// Value returns argument i, null if there are not so many.
func (a Args) Value(i int) Value {
	if i >= len(a.list) {
		return Value{}
	}
	return Value{a.list[i], a.attachments}
}

// Raw returns the JSON of argument i, null if there are not so many.
func (a Args) Raw(i int) json.RawMessage { return a.Value(i).JSON() }

// Attachments returns the binary data of the packet. They must not be changed.
func (a Args) Attachments() [][]byte { return a.attachments }

// Text returns argument i if it is a string.
func (a Args) Text(i int) (s string, ok bool) { return a.Value(i).Text() }

// Bytes returns argument i if it is binary data.
func (a Args) Bytes(i int) (data []byte, ok bool) { return a.Value(i).Bytes() }

// Decode stores argument i in what target points to; see [Value.Decode]. An
// argument that is not there is an error.
func (a Args) Decode(i int, target any) error {
	if i >= len(a.list) {
		return fmt.Errorf("argument %d is missing, there are %d", i, len(a.list))
	}
	if err := a.Value(i).Decode(target); err != nil {
		return fmt.Errorf("argument %d: %w", i, err)
	}
	return nil
}

// MarshalJSON returns a as a list, and an error if binary data belong to it.
func (a Args) MarshalJSON() ([]byte, error) {
	e := newEncoder()
	if err := e.value(a); err != nil {
		return nil, err
	}
	if len(e.attachments) > 0 {
		return nil, errInside
	}
	return e.buf.Bytes(), nil
}

// From returns the arguments from the i-th on.
func (a Args) From(i int) Args {
	return Args{a.list[min(i, len(a.list)):], a.attachments}
}

// answerOf returns what is in the answer to a call. bsock allows one of nothing,
// or of null.
func answerOf(p bsock.Payload) Args {
	n := skipSpace(p.JSON, 0)
	if n == len(p.JSON) || p.JSON[n] != '[' {
		return Args{}
	}
	return Args{elements(p.JSON), p.Attachments}
}
