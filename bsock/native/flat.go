package native

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// Structs of simple fields, as most events have, are decoded here: encoding/json
// takes four times as long, because it checks first what has been checked. What
// is in any way unusual is left to encoding/json, which then does all of it.

// A flat is a struct type of simple fields.
type flat []flatField

type flatField struct {
	name  string
	index int
	kind  reflect.Kind
}

// maxFlat is how many fields are looked through for a key.
const maxFlat = 16

var flats sync.Map // of reflect.Type to flat, nil for those that are none

func flatOf(t reflect.Type) flat {
	if known, ok := flats.Load(t); ok {
		return known.(flat)
	}
	f := newFlat(t)
	flats.Store(t, f)
	return f
}

var (
	textUnmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
	numberType          = reflect.TypeFor[json.Number]()
)

// newFlat returns nil for a type that is left to encoding/json.
func newFlat(t reflect.Type) flat {
	if t.Kind() != reflect.Struct || t.NumField() > maxFlat || decodesItself(t) {
		return nil
	}
	f := flat{}
	for i := range t.NumField() {
		field := t.Field(i)
		tag := field.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case field.Anonymous || strings.Contains(options, "string") || !isFlat(field.Type) || f.has(name, field.Name):
			return nil
		case !field.IsExported() || tag == "-":
			continue
		case name == "":
			name = field.Name
		}
		f = append(f, flatField{name, i, field.Type.Kind()})
	}
	return f
}

// has reports whether a field might be taken for another.
func (f flat) has(names ...string) bool {
	for _, field := range f {
		for _, name := range names {
			if strings.EqualFold(field.name, name) {
				return true
			}
		}
	}
	return false
}

func isFlat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Int32, reflect.Uint64, reflect.Uint32, reflect.Float64:
		return t != numberType && !decodesItself(t)
	}
	return false
}

func decodesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(unmarshalerType) || p.Implements(textUnmarshalerType)
}

// decodeFlat stores an object in what target points to, if that is flat. If it
// returns false something may have been stored already, which encoding/json
// stores again.
func decodeFlat(text []byte, target any) bool {
	out := reflect.ValueOf(target)
	if out.Kind() != reflect.Pointer || out.IsNil() {
		return false
	}
	out = out.Elem()
	n := skipSpace(text, 0)
	if out.Kind() != reflect.Struct || text[n] != '{' {
		return false
	}
	f := flatOf(out.Type())
	if f == nil {
		return false
	}
	for n = skipSpace(text, n+1); text[n] != '}'; {
		end := stringEnd(text, n)
		key := text[n+1 : end-1]
		n = skipSpace(text, skipSpace(text, end)+1)
		end = valueEnd(text, n)
		if !f.store(out, key, text[n:end]) {
			return false
		}
		n = nextElement(text, end)
	}
	return true
}

// store stores the value of a key, and reports whether it could.
func (f flat) store(out reflect.Value, key, value []byte) bool {
	for i := range f {
		if f[i].name == string(key) {
			return f[i].store(out.Field(f[i].index), value)
		}
	}
	return isPlain(string(key)) && !f.has(string(key)) // the case of letters does not count
}

func (f *flatField) store(out reflect.Value, value []byte) (ok bool) {
	switch f.kind {
	case reflect.String:
		return storeText(out, value)
	case reflect.Bool:
		if ok = value[0] == 't' || value[0] == 'f'; ok {
			out.SetBool(value[0] == 't')
		}
		return ok
	case reflect.Float64:
		number, err := strconv.ParseFloat(string(value), 64)
		if err == nil {
			out.SetFloat(number)
		}
		return err == nil
	case reflect.Uint64, reflect.Uint32:
		number, err := strconv.ParseUint(string(value), 10, out.Type().Bits())
		if err == nil {
			out.SetUint(number)
		}
		return err == nil
	}
	number, err := strconv.ParseInt(string(value), 10, out.Type().Bits())
	if err == nil {
		out.SetInt(number)
	}
	return err == nil
}

func storeText(out reflect.Value, value []byte) bool {
	if value[0] != '"' {
		return false
	}
	text := string(value[1 : len(value)-1])
	if strings.IndexByte(text, '\\') >= 0 || !utf8.ValidString(text) {
		return false
	}
	out.SetString(text)
	return true
}
