package wasmbuild

import (
	_ "embed"
	"encoding/binary"
	"slices"
)

// finishing is the source of all that makes the module of what the linker has
// written. It is hashed into the build's id: another way to finish a module
// makes another module.
var finishing = finishSource + segmentsSource + functionsSource + tablesSource + linesSource

//go:embed finish.go
var finishSource string

//go:embed segments.go
var segmentsSource string

//go:embed functions.go
var functionsSource string

//go:embed tables.go
var tablesSource string

//go:embed lines.go
var linesSource string

// Finish makes what is shipped of what Go's linker has written: it is smaller
// as it is downloaded, and it does the same. A module that is not as the linker
// of Go 1.26 writes it is refused.
func Finish(wasm []byte) ([]byte, error) {
	finished := slices.Clone(wasm[:min(len(wasm), 8)])
	var failure error
	ok := eachSection(wasm, func(id byte, section *reader) {
		body := section.rest
		switch {
		case failure != nil:
		case id == sectionData:
			body, failure = finishData(section)
		case id == sectionDataCount:
			failure = errSegments // the code may name a segment by its number
		}
		finished = append(finished, id)
		finished = binary.AppendUvarint(finished, uint64(len(body)))
		finished = append(finished, body...)
	})
	if !ok {
		return nil, errMalformed
	}
	return finished, failure
}

func finishData(section *reader) ([]byte, error) {
	memory, ok := section.memory()
	if !ok {
		return nil, errSegments
	}
	functions, err := findFunctions(memory)
	if err != nil {
		return nil, err
	}
	functions.dropLines()
	return appendSegments(nil, cut(memory)), nil
}
