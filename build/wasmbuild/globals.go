package wasmbuild

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
)

var errGlobals = errors.New("the module's globals are not as Go's linker writes them: integers that begin as constants")

// A global is a variable of the module outside its memory: Go keeps its stack
// pointer and the running goroutine there.
type global struct {
	kind    byte // one of valueTypes
	mutable byte
	value   int64 // what it begins as
}

const (
	opI64Const = 0x42
	kindI32    = 0x7f
	kindI64    = 0x7e
	kindGlobal = 3
)

// globals reads the section of that name.
// WebAssembly Core Specification, 5.5.9 Global Section.
func (r *reader) globals() ([]global, error) {
	var globals []global
	for count := r.number(); count > 0 && !r.failed; count-- {
		g := global{kind: r.byte(), mutable: r.byte()}
		if op := r.byte(); op != g.op() {
			return nil, errGlobals
		}
		g.value = r.signed(64)
		if r.byte() != opEnd {
			return nil, errGlobals
		}
		globals = append(globals, g)
	}
	if r.failed || len(r.rest) > 0 {
		return nil, errGlobals
	}
	return globals, nil
}

// op is the instruction that gives a constant of the global's kind, 0 if it is
// not known.
func (g global) op() byte {
	switch g.kind {
	case kindI32:
		return opI32Const
	case kindI64:
		return opI64Const
	}
	return 0
}

func appendGlobals(out []byte, globals []global) []byte {
	out = binary.AppendUvarint(out, uint64(len(globals)))
	for _, g := range globals {
		out = append(out, g.kind, g.mutable, g.op())
		out = appendSigned(out, g.value)
		out = append(out, opEnd)
	}
	return out
}

// begin has the globals begin with other values, as JavaScript writes them.
func begin(globals []global, values []string) error {
	if len(values) != len(globals) {
		return fmt.Errorf("%w: %d have values, and there are %d", errGlobals, len(values), len(globals))
	}
	for i, text := range values {
		value, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%w: %w", errGlobals, err)
		}
		globals[i].value = value
	}
	return nil
}

// exportGlobals adds the globals to what a module exports, under names that
// sort in their order.
func exportGlobals(exports *reader, globals []global) []byte {
	out := binary.AppendUvarint(nil, exports.number()+uint64(len(globals)))
	out = append(out, exports.rest...)
	for i := range globals {
		name := fmt.Sprintf("global %02d", i)
		out = append(binary.AppendUvarint(out, uint64(len(name))), name...)
		out = binary.AppendUvarint(append(out, kindGlobal), uint64(i))
	}
	return out
}
