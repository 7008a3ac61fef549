package wasmbuild

import (
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

// Measure tells what a module weighs that was compiled with [NamedFlags] from
// the packages of the given import paths.
func Measure(wasm []byte, packages []string) (*Sizes, error) {
	sizes := &Sizes{Packages: map[string]int{}}
	namer := newNamer(packages)
	var bodies []int
	var names map[uint64]string
	var imported uint64
	ok := eachSection(wasm, func(id byte, section *reader) {
		switch id {
		case sectionCode:
			sizes.Code = len(section.rest)
			bodies = section.bodies()
		case sectionData:
			sizes.Data = len(section.rest)
		case sectionImport:
			imported = uint64(len(section.imports()))
		case sectionCustom:
			if string(section.block().rest) == "name" {
				names = section.functionNames()
			}
		}
	})
	if !ok || names == nil {
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

func (r *reader) bodies() []int {
	var sizes []int
	for count := r.number(); count > 0 && !r.failed; count-- {
		sizes = append(sizes, len(r.block().rest))
	}
	return sizes
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
