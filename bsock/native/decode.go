package native

import (
	"cmp"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
)

// A decoder stores JSON in Go values, binary data in place of placeholders. What
// holds no placeholder is left to encoding/json.
type decoder struct {
	text        []byte
	attachments [][]byte
	spans       []span      // of the placeholders, in order
	ends        map[int]int // where what holds placeholders begins and ends
}

func decode(v Value, target any) error {
	if out, ok := target.(*Value); ok {
		*out = v
		return nil
	}
	if len(v.attachments) == 0 {
		if decodeFlat(v.JSON(), target) {
			return nil
		}
		return json.Unmarshal(v.JSON(), target)
	}
	d := newDecoder(v)
	if len(d.spans) == 0 {
		return json.Unmarshal(d.text, target)
	}
	out := reflect.ValueOf(target)
	if out.Kind() != reflect.Pointer || out.IsNil() {
		return errors.New("Decode needs a pointer to store in")
	}
	return d.store(out.Elem(), skipSpace(d.text, 0), len(d.text))
}

func newDecoder(v Value) *decoder {
	d := &decoder{text: v.JSON(), attachments: v.attachments}
	if len(d.attachments) == 0 {
		return d
	}
	c := collector{ends: make(map[int]int)}
	c.collect(d.text)
	d.ends = c.ends
	d.spans = slices.DeleteFunc(c.spans, func(s span) bool { return int64(s.num) >= int64(len(d.attachments)) })
	return d
}

// valueEnd returns the end of the value at text[n]. Those that hold placeholders
// are known: to look again at each level would take a peer's nesting squared.
func (d *decoder) valueEnd(n int) int {
	if end, known := d.ends[n]; known {
		return end
	}
	return valueEnd(d.text, n)
}

// spanAt returns the placeholder at text[n].
func (d *decoder) spanAt(n int) (s span, ok bool) {
	i, ok := slices.BinarySearchFunc(d.spans, n, compareStart)
	if !ok {
		return span{}, false
	}
	return d.spans[i], true
}

// within returns the placeholders in text[start:end].
func (d *decoder) within(start, end int) []span {
	from, _ := slices.BinarySearchFunc(d.spans, start, compareStart)
	to, _ := slices.BinarySearchFunc(d.spans, end, compareStart)
	return d.spans[from:to]
}

func compareStart(s span, at int) int { return cmp.Compare(s.start, at) }

// store decodes text[start:end] into out.
func (d *decoder) store(out reflect.Value, start, end int) error {
	spans := d.within(start, end)
	switch {
	case out.Type() == valueType:
		out.Set(reflect.ValueOf(Value{d.text[start:end:end], d.attachments}))
		return nil
	case isAny(out):
		return d.storeAny(out, start)
	case len(spans) == 0 || unmarshalsItself(out.Type()):
		return json.Unmarshal(d.text[start:end], out.Addr().Interface())
	case out.Kind() == reflect.Pointer:
		if out.IsNil() {
			out.Set(reflect.New(out.Type().Elem()))
		}
		return d.store(out.Elem(), start, end)
	case spans[0].start == start:
		return d.storeBinary(out, start, end, d.attachments[spans[0].num])
	case d.text[start] == '[':
		return d.storeArray(out, start)
	}
	return d.storeObject(out, start, end)
}

func (d *decoder) storeAny(out reflect.Value, start int) error {
	v, _, err := d.any(start)
	if err == nil && v != nil {
		out.Set(reflect.ValueOf(v))
	}
	return err
}

var unmarshalerType = reflect.TypeFor[json.Unmarshaler]()

func unmarshalsItself(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(unmarshalerType)
}

func (d *decoder) storeBinary(out reflect.Value, start, end int, data []byte) error {
	if isBytes(out.Type()) {
		out.SetBytes(data)
		return nil
	}
	return json.Unmarshal(d.text[start:end], out.Addr().Interface())
}

func isAny(v reflect.Value) bool { return v.Kind() == reflect.Interface && v.NumMethod() == 0 }

func (d *decoder) storeArray(out reflect.Value, start int) error {
	switch out.Kind() {
	case reflect.Slice:
	case reflect.Array:
		return d.storeFixed(out, start)
	default:
		return &json.UnmarshalTypeError{Value: "array", Type: out.Type(), Offset: int64(start)}
	}
	list := reflect.MakeSlice(out.Type(), 0, 0)
	err := d.eachElement(start, func(from, to int) error {
		item := reflect.New(list.Type().Elem()).Elem()
		err := d.store(item, from, to)
		list = reflect.Append(list, item)
		return err
	})
	out.Set(list)
	return err
}

// storeFixed fills an array: what is too much is left out, what is missing is
// zero.
func (d *decoder) storeFixed(out reflect.Value, start int) error {
	out.SetZero()
	i := 0
	return d.eachElement(start, func(from, to int) error {
		if i++; i > out.Len() {
			return nil
		}
		return d.store(out.Index(i-1), from, to)
	})
}

func (d *decoder) eachElement(start int, fn func(from, to int) error) error {
	n := skipSpace(d.text, start+1)
	for d.text[n] != ']' {
		end := d.valueEnd(n)
		if err := fn(n, end); err != nil {
			return err
		}
		n = nextElement(d.text, end)
	}
	return nil
}

func (d *decoder) storeObject(out reflect.Value, start, end int) error {
	switch out.Kind() {
	case reflect.Map:
		if out.IsNil() {
			out.Set(reflect.MakeMap(out.Type()))
		}
		return d.storeMap(out, start)
	case reflect.Struct:
		return d.storeStruct(out, start)
	}
	return &json.UnmarshalTypeError{Value: "object", Type: out.Type(), Offset: int64(end)}
}

func (d *decoder) storeMap(m reflect.Value, start int) error {
	return d.eachMember(start, func(quoted []byte, from, to int) error {
		key, err := mapKey(m.Type().Key(), quoted)
		if err != nil {
			return err
		}
		item := reflect.New(m.Type().Elem()).Elem()
		if err := d.store(item, from, to); err != nil {
			return err
		}
		m.SetMapIndex(key, item)
		return nil
	})
}

// mapKey has encoding/json decode a map of that key alone.
func mapKey(t reflect.Type, quoted []byte) (reflect.Value, error) {
	single := reflect.New(reflect.MapOf(t, reflect.TypeFor[bool]()))
	text := append(append([]byte{'{'}, quoted...), ":true}"...)
	if err := json.Unmarshal(text, single.Interface()); err != nil {
		return reflect.Value{}, err
	}
	return single.Elem().MapKeys()[0], nil
}

// storeStruct leaves the members without binary data to encoding/json, and
// stores the others.
func (d *decoder) storeStruct(out reflect.Value, start int) error {
	plain := []byte{'{'}
	err := d.eachMember(start, func(quoted []byte, from, to int) error {
		if len(d.within(from, to)) > 0 {
			return d.storeField(out, quoted, from, to)
		}
		if len(plain) > 1 {
			plain = append(plain, ',')
		}
		plain = append(append(append(plain, quoted...), ':'), d.text[from:to]...)
		return nil
	})
	if err != nil {
		return err
	}
	return json.Unmarshal(append(plain, '}'), out.Addr().Interface())
}

func (d *decoder) storeField(out reflect.Value, quoted []byte, from, to int) error {
	var key string
	if err := json.Unmarshal(quoted, &key); err != nil {
		return err
	}
	field, ok := fieldOf(out.Type(), key)
	if !ok {
		return nil // as encoding/json
	}
	for _, i := range field.Index[:len(field.Index)-1] {
		if out = out.Field(i); out.Kind() == reflect.Pointer {
			if out.IsNil() {
				out.Set(reflect.New(out.Type().Elem()))
			}
			out = out.Elem()
		}
	}
	return d.store(out.Field(field.Index[len(field.Index)-1]), from, to)
}

// fieldOf returns the field that holds the member key: the one of that name in
// JSON, or else one that differs in case alone.
func fieldOf(t reflect.Type, key string) (found reflect.StructField, ok bool) {
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported() || f.Tag.Get("json") == "-" || f.Anonymous && name == "":
			continue
		case name == "":
			name = f.Name
		}
		if name == key {
			return f, true
		}
		if !ok && strings.EqualFold(name, key) {
			found, ok = f, true
		}
	}
	return found, ok
}

func (d *decoder) eachMember(start int, fn func(quoted []byte, from, to int) error) error {
	n := skipSpace(d.text, start+1)
	for d.text[n] != '}' {
		keyEnd := stringEnd(d.text, n)
		quoted := d.text[n:keyEnd]
		from := skipSpace(d.text, skipSpace(d.text, keyEnd)+1)
		to := d.valueEnd(from)
		if err := fn(quoted, from, to); err != nil {
			return err
		}
		n = nextElement(d.text, to)
	}
	return nil
}
