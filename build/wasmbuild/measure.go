package wasmbuild

import (
	"bytes"
	"maps"
	"slices"
	"strings"
)

// An Anatomy is what a module's bytes are for, once it is finished.
type Anatomy struct {
	// Symbols are all functions, and the names of those that were inlined into
	// others, in the order of the module.
	Symbols []*Symbol
	// Data is the rest of the memory that the module starts with: types, strings,
	// variables, and what the garbage collector must know.
	Data []byte
	// Other is what there is besides code and data: imports, exports, types.
	Other []byte
}

// A Symbol is a function of a name, as the linker writes it.
type Symbol struct {
	Name  string
	parts [partCount][]byte
}

// The parts of a symbol, as they lie together in the module. All but the first
// are tables.
const (
	partCode = iota
	partName
	partRecord
	partIndex
	partFind
	partSteps
	partCount
)

// Code is the size of the symbol's instructions.
func (s *Symbol) Code() int { return len(s.parts[partCode]) }

// Tables is the size of all that is said of the symbol besides.
func (s *Symbol) Tables() int {
	size := 0
	for _, part := range s.parts[partCode+1:] {
		size += len(part)
	}
	return size
}

// Dissect takes a module apart that the linker has written, and that is not
// finished yet. What finishing leaves out counts for nothing.
func Dissect(linked []byte) (*Anatomy, error) {
	a := &Anatomy{}
	var bodies [][]byte
	var memory []byte
	ok := eachSection(linked, func(id byte, section *reader) {
		switch id {
		case sectionCode:
			bodies = section.bodies()
		case sectionData:
			memory, _ = section.memory()
		default:
			a.Other = append(a.Other, section.rest...)
		}
	})
	if !ok {
		return nil, errMalformed
	}
	f, err := findFunctions(memory)
	if err != nil {
		return nil, err
	}
	f.dropLines()
	a.addSymbols(f, bodies)
	for _, table := range [][]byte{f.names, f.index, f.find, f.tables} {
		clear(table)
	}
	for _, r := range f.records {
		clear(r)
	}
	for _, s := range cut(memory) {
		a.Data = append(a.Data, s.data...)
	}
	return a, nil
}

// addSymbols copies what belongs to each function. A table that several share
// is the first one's.
func (a *Anatomy) addSymbols(f *functions, bodies [][]byte) {
	byName := map[uint32]*Symbol{}
	for place := 0; place < len(f.names); {
		name, _, _ := bytes.Cut(f.names[place:], []byte{0})
		s := &Symbol{Name: string(name)}
		s.parts[partName] = bytes.Clone(f.names[place:min(place+len(name)+1, len(f.names))])
		byName[uint32(place)] = s
		place += len(name) + 1
	}
	seen := map[uint32]bool{0: true}
	for i, r := range f.records {
		s := byName[r.word(recordName)]
		number := int(r.word(recordNumber) - f.first)
		if number < len(bodies) {
			s.parts[partCode] = bodies[number]
		}
		s.parts[partRecord] = bytes.Clone(r)
		s.parts[partIndex] = bytes.Clone(f.index[8*i : 8*i+8])
		s.parts[partFind] = bytes.Clone(f.findOf(number))
		for _, field := range r.places() {
			if place := r.word(field); !seen[place] {
				seen[place] = true
				steps, _ := f.steps(place)
				s.parts[partSteps] = append(s.parts[partSteps], steps...)
			}
		}
	}
	for _, place := range slices.Sorted(maps.Keys(byName)) {
		a.Symbols = append(a.Symbols, byName[place])
	}
}

// findOf are the buckets of one function.
func (f *functions) findOf(number int) []byte {
	size := findBucket * 65536 / findPoints
	from := min(number*size, len(f.find))
	return f.find[from:min(from+size, len(f.find))]
}

// Symbolic is the module's bytes as far as they belong to symbols that are not
// left out: what one package adds to a module, compressed, is the difference
// that leaving it out makes.
func (a *Anatomy) Symbolic(leftOut func(*Symbol) bool) []byte {
	kept := slices.DeleteFunc(slices.Clone(a.Symbols), leftOut)
	var all []byte
	for part := range partCount {
		for _, s := range kept {
			all = append(all, s.parts[part]...)
		}
	}
	return all
}

// What belongs to no package.
const (
	equalities = "(equality and hashes of types)"
	added      = "(what compiler and linker add)"
)

// PackageOf is the import path of the package that a symbol is from. The main
// package is called main, whatever its path.
func PackageOf(symbol string) string {
	if strings.HasPrefix(symbol, "type:") {
		return equalities
	}
	name, _, _ := strings.Cut(symbol, "[") // what a generic function is made for
	slash := strings.LastIndexByte(name, '/') + 1
	dot := strings.IndexByte(name[slash:], '.')
	if dot <= 0 || strings.ContainsAny(name, " {:") {
		return added
	}
	return strings.ReplaceAll(name[:slash+dot], "%2e", ".")
}

func (r *reader) bodies() [][]byte {
	var bodies [][]byte
	for count := r.number(); count > 0 && !r.failed; count-- {
		bodies = append(bodies, r.block().rest)
	}
	return bodies
}
