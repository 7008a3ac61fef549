package wasmbuild

import (
	"fmt"
	"slices"
	"strings"
)

// A signature is the type of a function.
type signature struct{ params, results string }

func (s signature) String() string { return "(" + s.params + ") -> (" + s.results + ")" }

// An imported function or an exported thing.
type entry struct {
	module, name string
	kind         byte
	index        uint64 // of the type of an import, and of the thing of an export
}

// Interface lists what a module asks of its embedder and what it offers, a
// line each, in order of the alphabet: all that JavaScript and Go must agree
// about before they have said a word.
func Interface(wasm []byte) ([]string, error) {
	var types []signature
	var imports, exports []entry
	var functions []uint64
	ok := eachSection(wasm, func(id byte, section *reader) {
		switch id {
		case sectionType:
			types = section.types()
		case sectionImport:
			imports = section.imports()
		case sectionFunction:
			functions = section.numbers()
		case sectionExport:
			exports = section.exports()
		}
	})
	// The numbers of functions begin with those that are imported.
	all := make([]uint64, 0, len(imports)+len(functions))
	for _, e := range imports {
		all = append(all, e.index)
	}
	all = append(all, functions...)
	if !ok || slices.ContainsFunc(all, func(i uint64) bool { return i >= uint64(len(types)) }) {
		return nil, errMalformed
	}

	var lines []string
	for _, e := range imports {
		lines = append(lines, fmt.Sprintf("import %s %s %v", e.module, e.name, types[e.index]))
	}
	for _, e := range exports {
		switch {
		case e.kind == kindMemory:
			lines = append(lines, "export memory "+e.name)
		case e.kind == kindFunction && e.index < uint64(len(all)):
			lines = append(lines, fmt.Sprintf("export %s %v", e.name, types[all[e.index]]))
		default:
			return nil, errMalformed
		}
	}
	slices.Sort(lines)
	return lines, nil
}

// valueTypes are the numbers of 5.3.1, as far as Go uses them.
var valueTypes = map[byte]string{0x7f: "i32", 0x7e: "i64", 0x7d: "f32", 0x7c: "f64"}

func (r *reader) types() []signature {
	var types []signature
	for count := r.number(); count > 0 && !r.failed; count-- {
		r.failed = r.failed || r.byte() != 0x60 // a function's type
		types = append(types, signature{r.values(), r.values()})
	}
	return types
}

func (r *reader) values() string {
	var names []string
	for _, value := range r.block().rest { // each value is one byte
		names = append(names, valueTypes[value])
	}
	return strings.Join(names, " ")
}

func (r *reader) numbers() []uint64 {
	var numbers []uint64
	for count := r.number(); count > 0 && !r.failed; count-- {
		numbers = append(numbers, r.number())
	}
	return numbers
}

func (r *reader) imports() []entry {
	var imports []entry
	for count := r.number(); count > 0 && !r.failed; count-- {
		e := entry{module: r.name(), name: r.name(), kind: r.byte(), index: r.number()}
		r.failed = r.failed || e.kind != kindFunction // Go imports functions only
		imports = append(imports, e)
	}
	return imports
}

func (r *reader) exports() []entry {
	var exports []entry
	for count := r.number(); count > 0 && !r.failed; count-- {
		exports = append(exports, entry{name: r.name(), kind: r.byte(), index: r.number()})
	}
	return exports
}
