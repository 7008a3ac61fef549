package wasmbuild

import (
	_ "embed"
	"encoding/binary"
	"slices"
)

// finishing is the source of all that makes the module of what the linker has
// written. It is hashed into the build's id: another way to finish a module
// makes another module.
var finishing = finishSource + segmentsSource + functionsSource + tablesSource + linesSource +
	snapshotSource + globalsSource + randomSource + string(snapshotScript)

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
	return rewrite(wasm, func(id byte, section *reader) ([]byte, error) {
		switch id {
		case sectionData:
			return finishData(section)
		case sectionDataCount:
			return nil, errSegments // the code may name a segment by its number
		}
		return section.rest, nil
	})
}

// rewrite makes a module of what edit makes of each section.
func rewrite(wasm []byte, edit func(id byte, section *reader) ([]byte, error)) ([]byte, error) {
	out := slices.Clone(wasm[:min(len(wasm), 8)])
	var failure error
	ok := eachSection(wasm, func(id byte, section *reader) {
		if failure == nil {
			var body []byte
			body, failure = edit(id, section)
			out = appendSection(out, id, body)
		}
	})
	if !ok {
		return nil, errMalformed
	}
	return out, failure
}

func appendSection(out []byte, id byte, body []byte) []byte {
	out = binary.AppendUvarint(append(out, id), uint64(len(body)))
	return append(out, body...)
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
