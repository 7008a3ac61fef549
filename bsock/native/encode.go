package native

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"
	"unsafe"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// An encoder writes a JSON array and gathers the attachments its placeholders
// stand for.
type encoder struct {
	buf         bytes.Buffer
	json        *json.Encoder
	attachments [][]byte
	places      map[place]int
	lookalike   bool // something looks like a placeholder and is none

	// foreign are the parts of buf that were not written here, and may hold
	// what looks like a placeholder.
	foreign []part
}

type part struct{ start, end int }

// A place is where a slice is in memory: two slices with one place are one.
type place struct {
	start *byte
	size  int
}

var encoders = sync.Pool{New: func() any {
	e := new(encoder)
	e.json = json.NewEncoder(&e.buf)
	e.json.SetEscapeHTML(false) // as JSON.stringify
	return e
}}

func newEncoder() *encoder { return encoders.Get().(*encoder) }

// release gives e back to be used again. What it has made is gone with that.
func (e *encoder) release() {
	if e.buf.Cap() > keptBuffer {
		return
	}
	e.buf.Reset()
	clear(e.attachments)
	clear(e.places)
	e.attachments, e.foreign, e.lookalike = e.attachments[:0], e.foreign[:0], false
	encoders.Put(e)
}

// event encodes the name of an event and its arguments. The payload is e's.
func (e *encoder) event(event string, args []any) (bsock.Payload, error) {
	e.buf.WriteByte('[')
	if !e.text(event) {
		if err := e.value(event); err != nil {
			return bsock.Payload{}, err
		}
	}
	for i, arg := range args {
		if err := e.argument(arg); err != nil {
			return bsock.Payload{}, fmt.Errorf("argument %d of %q: %w", i, event, err)
		}
	}
	e.buf.WriteByte(']')
	return e.payload()
}

// result encodes the answer to a call: behind bsock's error slot, or as the
// values themselves. The payload is e's.
// bsock: lib/socket.js sendAck
func (e *encoder) result(result any, plain bool) (bsock.Payload, error) {
	values, several := result.(Args)
	switch {
	case plain && several:
		if err := e.value(values); err != nil {
			return bsock.Payload{}, err
		}
		return e.payload()
	case plain:
		e.buf.WriteByte('[')
	default:
		e.buf.WriteString("[null,")
	}
	if err := e.value(result); err != nil {
		return bsock.Payload{}, err
	}
	e.buf.WriteByte(']')
	return e.payload()
}

func (e *encoder) payload() (bsock.Payload, error) {
	if len(e.attachments) > 0 && e.hasLookalike() {
		return bsock.Payload{}, ErrPlaceholder
	}
	return bsock.Payload{
		JSON:        e.buf.Bytes(),
		Attachments: e.attachments,
		Count:       len(e.attachments),
	}, nil
}

// hasLookalike looks through what was not written here. Most messages have no
// attachments and need no such look.
func (e *encoder) hasLookalike() bool {
	return e.lookalike || slices.ContainsFunc(e.foreign, func(p part) bool {
		return len(lookalikes(e.buf.Bytes()[p.start:p.end])) > 0
	})
}

// argument writes a comma and arg, or all the elements of Args.
func (e *encoder) argument(arg any) error {
	list, ok := arg.(Args)
	if !ok {
		e.buf.WriteByte(',')
		return e.value(arg)
	}
	for i := range list.Len() {
		e.buf.WriteByte(',')
		e.raw(list.Value(i))
	}
	return nil
}

// value writes anything.
func (e *encoder) value(v any) error { return e.at(v, 0) }

// at writes what stands depth levels deep.
func (e *encoder) at(v any, depth int) error {
	if depth > maxDepth {
		return errDepth
	}
	switch v := v.(type) {
	case nil:
		e.buf.Write(null)
		return nil
	case []byte:
		e.binary(v)
		return nil
	case Value:
		e.raw(v)
		return nil
	case Args:
		return e.list(v.Len(), false, func(i int) error { e.raw(v.Value(i)); return nil })
	case json.RawMessage:
		return e.rawText(v)
	case []any:
		return e.list(len(v), v == nil, func(i int) error { return e.at(v[i], depth+1) })
	case map[string]any:
		return e.object(v, depth)
	}
	if e.plain(v) {
		return nil
	}
	if !mayHoldBinary(reflect.TypeOf(v)) {
		return e.marshalForeign(v)
	}
	return e.reflect(reflect.ValueOf(v), depth)
}

// binary writes the placeholder of data; the same slice becomes the same
// attachment.
// bsock: lib/packet.js replace
func (e *encoder) binary(data []byte) {
	if data == nil {
		e.buf.Write(null)
		return
	}
	at := place{unsafe.SliceData(data), len(data)}
	num, known := e.places[at]
	if !known {
		num = len(e.attachments)
		e.attachments = append(e.attachments, data)
		if e.places == nil {
			e.places = make(map[place]int)
		}
		e.places[at] = num
	}
	e.placeholder(num)
}

func (e *encoder) placeholder(num int) {
	e.buf.WriteString(`{"_placeholder":true,"num":`)
	e.buf.Write(strconv.AppendInt(e.buf.AvailableBuffer(), int64(num), 10))
	e.buf.WriteByte('}')
}

// raw writes a Value as it is, but for the numbers of its placeholders.
func (e *encoder) raw(v Value) {
	text, copied := v.JSON(), 0
	if len(v.attachments) == 0 {
		e.writeForeign(text)
		return
	}
	for _, s := range lookalikes(text) {
		if int64(s.num) >= int64(len(v.attachments)) {
			e.lookalike = true
			continue
		}
		e.buf.Write(text[copied:s.start])
		e.binary(v.attachments[s.num])
		copied = s.end
	}
	e.buf.Write(text[copied:])
}

func (e *encoder) writeForeign(text []byte) {
	start := e.buf.Len()
	e.buf.Write(text)
	e.foreign = append(e.foreign, part{start, e.buf.Len()})
}

// rawText writes JSON that came from the application.
func (e *encoder) rawText(text json.RawMessage) error {
	if text == nil {
		e.buf.Write(null)
		return nil
	}
	if !json.Valid(text) || !utf8.Valid(text) {
		return errors.New("json.RawMessage is not valid JSON")
	}
	e.raw(Value{json: text})
	return nil
}

// marshal writes v as encoding/json does.
func (e *encoder) marshal(v any) error {
	if err := e.json.Encode(v); err != nil {
		return err
	}
	e.buf.Truncate(e.buf.Len() - 1) // the newline
	return nil
}

// marshalForeign is marshal for what may hold an object of the application's
// that looks like a placeholder.
func (e *encoder) marshalForeign(v any) error {
	start := e.buf.Len()
	err := e.marshal(v)
	e.foreign = append(e.foreign, part{start, e.buf.Len()})
	return err
}
