package native

import (
	"encoding"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"sync"
)

// Where binary data can stand in a Go value: in what slices, arrays, maps,
// pointers and interfaces hold, and nowhere inside of what encodes itself.

var (
	valueType     = reflect.TypeFor[Value]()
	argsType      = reflect.TypeFor[Args]()
	rawType       = reflect.TypeFor[json.RawMessage]()
	marshalerType = reflect.TypeFor[json.Marshaler]()
	textType      = reflect.TypeFor[encoding.TextMarshaler]()
)

// maxDepth is how deep a value may nest: the bound of encoding/json's decoder,
// and of package bsock.
const maxDepth = 10000

var errDepth = errors.New("value is cyclic, or nested more than 10000 deep")

var holders sync.Map // of reflect.Type to bool

// mayHoldBinary reports whether a value of type t may have to be sent with
// attachments.
func mayHoldBinary(t reflect.Type) bool {
	if known, ok := holders.Load(t); ok {
		return known.(bool)
	}
	may := holdsBinary(t, nil)
	holders.Store(t, may)
	return may
}

func holdsBinary(t reflect.Type, within []reflect.Type) bool {
	switch {
	case t == valueType || t == argsType:
		return true
	case marshalsItself(t) || slices.Contains(within, t):
		return false
	case isBytes(t):
		return true
	}
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Slice, reflect.Array, reflect.Map, reflect.Pointer:
		return holdsBinary(t.Elem(), append(within, t))
	}
	return false
}

func isBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 && !marshalsItself(t.Elem())
}

func marshalsItself(t reflect.Type) bool {
	if t.Kind() == reflect.Interface {
		return false // what it holds decides
	}
	return t.Implements(marshalerType) || t.Implements(textType)
}

// reflect writes v, which may hold binary data, depth levels deep.
func (e *encoder) reflect(v reflect.Value, depth int) error {
	switch {
	case depth > maxDepth:
		return errDepth
	case !v.IsValid():
		e.buf.Write(null)
		return nil
	}
	t := v.Type()
	switch {
	case t == valueType || t == argsType || t == rawType:
		return e.at(v.Interface(), depth)
	case !mayHoldBinary(t):
		return e.marshalForeign(v.Interface())
	case isBytes(t):
		e.binary(v.Bytes())
		return nil
	}
	switch t.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			e.buf.Write(null)
			return nil
		}
		return e.at(v.Elem().Interface(), depth+1)
	case reflect.Pointer:
		return e.reflect(v.Elem(), depth+1)
	case reflect.Map:
		return e.mapping(v, depth)
	}
	isNil := t.Kind() == reflect.Slice && v.IsNil()
	return e.list(v.Len(), isNil, func(i int) error { return e.reflect(v.Index(i), depth+1) })
}

func (e *encoder) mapping(v reflect.Value, depth int) error {
	values := make(map[string]reflect.Value, v.Len())
	for it := v.MapRange(); it.Next(); {
		key, err := keyOf(it.Key())
		if err != nil {
			return err
		}
		values[key] = it.Value()
	}
	keys := slices.Sorted(maps.Keys(values))
	return e.members(keys, v.IsNil(), func(key string) error { return e.reflect(values[key], depth+1) })
}

// keyOf returns what encoding/json makes of a map's key, by having it encode a
// map of that key alone.
func keyOf(key reflect.Value) (string, error) {
	if key.Kind() == reflect.String && !key.Type().Implements(textType) {
		return key.String(), nil
	}
	single := reflect.MakeMap(reflect.MapOf(key.Type(), reflect.TypeFor[bool]()))
	single.SetMapIndex(key, reflect.ValueOf(true))
	text, err := json.Marshal(single.Interface())
	if err != nil {
		return "", err
	}
	name, _ := member(text, 1)
	return name, nil
}
