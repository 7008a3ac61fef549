package wasmbuild

import (
	"bytes"
	"encoding/binary"
	"errors"
	"regexp"
	"strings"
)

// Sizes is what a module's bytes are for.
type Sizes struct {
	// Code and Data are the sizes of the two big sections.
	Code, Data int
	// Packages is the code of each Go package.
	Packages map[string]int
}

// Sections and subsections of a module, by their number.
// WebAssembly Core Specification, 5.5 Modules and 7.4.1 Name Section.
const (
	sectionCustom = 0
	sectionImport = 2
	sectionCode   = 10
	sectionData   = 11
	nameFunctions = 1
	importFunc    = 0
)

var errMalformed = errors.New("this is not a WebAssembly module that Go has written")

// Measure tells what a module weighs that was compiled with [NamedFlags] from
// the packages of the given import paths.
func Measure(wasm []byte, packages []string) (*Sizes, error) {
	sizes := &Sizes{Packages: map[string]int{}}
	namer := newNamer(packages)
	var bodies []int
	var names map[uint64]string
	var imported uint64
	r := &reader{rest: wasm}
	if !bytes.Equal(r.take(8), []byte("\x00asm\x01\x00\x00\x00")) {
		return nil, errMalformed
	}
	for len(r.rest) > 0 && !r.failed {
		id := r.byte()
		section := r.block()
		switch id {
		case sectionCode:
			sizes.Code = len(section.rest)
			bodies = section.bodies()
		case sectionData:
			sizes.Data = len(section.rest)
		case sectionImport:
			imported = section.importedFunctions()
		case sectionCustom:
			if string(section.block().rest) == "name" {
				names = section.functionNames()
			}
		}
		r.failed = r.failed || section.failed
	}
	if r.failed || names == nil {
		return nil, errMalformed
	}
	for i, size := range bodies {
		// The numbers of functions begin with those that are imported.
		sizes.Packages[namer.packageOf(names[imported+uint64(i)])] += size
	}
	return sizes, nil
}

// A namer finds the package that a symbol of the linker belongs to.
type namer map[string]string

// unwritable is what the linker replaces in a name, each by an underscore.
// Go: cmd/link/internal/wasm/asm.go nameRegexp
var unwritable = regexp.MustCompile(`[^\w.]`)

func newNamer(packages []string) namer {
	n := namer{"main": "main"} // whatever its import path
	for _, path := range packages {
		n[unwritable.ReplaceAllString(path, "_")] = path
	}
	return n
}

// packageOf takes the longest start of the symbol, up to a dot, that is the
// name of a package: both may have dots in them.
func (n namer) packageOf(symbol string) string {
	if strings.HasPrefix(symbol, "type:") || strings.HasPrefix(symbol, "type_") {
		return "(equality and hashes of types)"
	}
	for end := strings.LastIndexByte(symbol, '.'); end > 0; end = strings.LastIndexByte(symbol[:end], '.') {
		if path, ok := n[symbol[:end]]; ok {
			return path
		}
	}
	return "(what the compiler adds)"
}

// A reader takes a module apart. After the first impossible value it has
// failed, and all it returns then is empty.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.failed, r.rest = true, nil
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) byte() byte {
	if b := r.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *reader) number() uint64 {
	value, n := binary.Uvarint(r.rest) // LEB128, as the specification calls it
	if n <= 0 {
		r.failed, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return value
}

// block is a run of bytes that says its own length.
func (r *reader) block() *reader {
	return &reader{rest: r.take(r.number())}
}

func (r *reader) bodies() []int {
	var sizes []int
	for count := r.number(); count > 0 && !r.failed; count-- {
		sizes = append(sizes, len(r.block().rest))
	}
	return sizes
}

func (r *reader) importedFunctions() uint64 {
	var functions uint64
	for count := r.number(); count > 0 && !r.failed; count-- {
		r.block() // module
		r.block() // name
		if kind := r.byte(); kind != importFunc {
			r.failed = true // Go imports functions only
		}
		r.number() // type
		functions++
	}
	return functions
}

func (r *reader) functionNames() map[uint64]string {
	names := map[uint64]string{}
	for len(r.rest) > 0 && !r.failed {
		kind := r.byte()
		section := r.block()
		if kind != nameFunctions {
			continue
		}
		for count := section.number(); count > 0 && !section.failed; count-- {
			index := section.number()
			names[index] = string(section.block().rest)
		}
		r.failed = r.failed || section.failed
	}
	return names
}
