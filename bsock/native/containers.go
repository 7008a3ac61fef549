package native

import (
	"maps"
	"slices"
	"strconv"
)

// The JSON that is written without encoding/json: lists and objects, because
// binary data may stand in them, and simple values, because most are.

// list writes a list of n elements.
func (e *encoder) list(n int, isNil bool, element func(i int) error) error {
	if isNil {
		e.buf.Write(null)
		return nil
	}
	e.buf.WriteByte('[')
	for i := range n {
		if i > 0 {
			e.buf.WriteByte(',')
		}
		if err := element(i); err != nil {
			return err
		}
	}
	e.buf.WriteByte(']')
	return nil
}

// object writes a map in the order of encoding/json.
func (e *encoder) object(m map[string]any, depth int) error {
	return e.members(slices.Sorted(maps.Keys(m)), m == nil, func(key string) error { return e.at(m[key], depth+1) })
}

// members writes an object of these keys.
func (e *encoder) members(keys []string, isNil bool, value func(key string) error) error {
	if isNil {
		e.buf.Write(null)
		return nil
	}
	start := e.buf.Len()
	e.buf.WriteByte('{')
	for i, key := range keys {
		if i > 0 {
			e.buf.WriteByte(',')
		}
		if err := e.value(key); err != nil {
			return err
		}
		e.buf.WriteByte(':')
		if err := value(key); err != nil {
			return err
		}
	}
	e.buf.WriteByte('}')
	if slices.Contains(keys, "_placeholder") {
		e.lookAt(start)
	}
	return nil
}

// lookAt notes whether the object that begins at start looks like a placeholder
// itself. What is in it has been looked at.
func (e *encoder) lookAt(start int) {
	if list := lookalikes(e.buf.Bytes()[start:]); len(list) == 1 && list[0].start == 0 {
		e.lookalike = true
	}
}

// plain writes v if it is of the simple kind that most arguments are, and
// reports whether it is. encoding/json would take five times as long.
func (e *encoder) plain(v any) bool {
	b := e.buf.AvailableBuffer()
	switch v := v.(type) {
	case string:
		return e.text(v)
	case bool:
		b = strconv.AppendBool(b, v)
	case int:
		b = strconv.AppendInt(b, int64(v), 10)
	case int64:
		b = strconv.AppendInt(b, v, 10)
	case uint32:
		b = strconv.AppendUint(b, uint64(v), 10)
	default:
		return false
	}
	e.buf.Write(b)
	return true
}

// text writes s if it is plain, and reports whether it is.
func (e *encoder) text(s string) bool {
	if !isPlain(s) {
		return false
	}
	e.buf.Grow(len(s) + 2)
	e.buf.WriteByte('"')
	e.buf.WriteString(s)
	e.buf.WriteByte('"')
	return true
}

// isPlain reports whether s needs nothing but quotes to be JSON.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
