package wasmbuild

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// functions are the tables about functions that the linker puts into memory,
// for the garbage collector and for tracebacks. Their slices are parts of the
// memory itself.
//
// Go: runtime/symtab.go pcHeader and moduledata, cmd/link/internal/ld/pcln.go
type functions struct {
	names  []byte // ends with a zero each
	units  []byte // the files of each unit that was compiled, as places in files
	files  []byte // paths, ending with a zero each
	tables []byte // what holds from which point of a function on, in steps
	index  []byte // two words a function: its number, and the place of its record
	find   []byte // where in index to look first for a point of the program
	// records are the functions themselves, in the order of the index.
	records []record
	// first is the number of the first function.
	first uint32
}

// A record is what is said of one function. It ends with the places of two
// lists of tables, as many as it says.
//
// Go: runtime/runtime2.go _func
type record []byte

// The fields of a record that are read here, by their place.
const (
	recordNumber    = 0
	recordName      = 4
	recordStack     = 16 // a table: how large the frame is
	recordFile      = 20 // a table
	recordLine      = 24 // a table
	recordTables    = 28 // how many tables follow
	recordUnit      = 32
	recordStartLine = 36
	recordData      = 43 // how many places of data follow after them, in one byte
	recordSize      = 44
)

func (r record) word(at int) uint32       { return binary.LittleEndian.Uint32(r[at:]) }
func (r record) set(at int, value uint32) { binary.LittleEndian.PutUint32(r[at:], value) }
func (r record) tableCount() int          { return int(r.word(recordTables)) }

var errFunctions = errors.New("the tables about functions are not those that this tool knows from Go 1.26: " +
	"compare runtime/symtab.go and runtime/runtime2.go of this Go with build/wasmbuild/functions.go, or use Go 1.26")

// headerMagic begins the header of the tables on a machine of 64 bits whose
// instructions have any length.
var headerMagic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

// findFunctions looks for the tables in a module's first memory. It fails
// where anything about them is unknown to it: they are changed after this.
func findFunctions(memory []byte) (*functions, error) {
	for at := 0; ; at += len(headerMagic) {
		next := bytes.Index(memory[at:], headerMagic)
		if next < 0 {
			return nil, errFunctions
		}
		at += next
		if f := functionsAt(memory, uint64(at)); f != nil {
			return f, nil
		}
	}
}

// functionsAt is nil unless there is a header, and a description of the
// module, its moduledata, that says the same as the header does.
func functionsAt(memory []byte, header uint64) *functions {
	pointer := binary.LittleEndian.AppendUint64(nil, header)
	for at := 0; ; at += len(pointer) {
		next := bytes.Index(memory[at:], pointer)
		if next < 0 {
			return nil
		}
		at += next
		f := &functions{}
		if at%8 == 0 && f.read(memory, header, uint64(at)) {
			return f
		}
	}
}

// read takes the tables from the places that the moduledata names.
func (f *functions) read(memory []byte, header, moduledata uint64) bool {
	v := &view{memory: memory}
	count := v.word(header + 8)
	for i, part := range []struct {
		slice *[]byte
		size  uint64
	}{{&f.names, 1}, {&f.units, 4}, {&f.files, 1}, {&f.tables, 1}, {new([]byte), 1}} {
		slice := moduledata + 8 + 24*uint64(i)
		place := v.word(slice)
		*part.slice = v.slice(slice, part.size)
		v.require(place == header+v.word(header+32+8*uint64(i)))
	}
	records := v.word(moduledata + 8*13)
	f.index = v.slice(moduledata+8*16, 8)
	v.require(v.word(moduledata+8*16) == records && uint64(len(f.index)) == 8*(count+1))
	firstPC, lastPC := v.word(moduledata+8*20), v.word(moduledata+8*21)
	v.require(firstPC <= lastPC)
	f.find = v.bytes(v.word(moduledata+8*19), (lastPC-firstPC)/findPoints*findBucket)
	f.first = uint32(firstPC >> 16)
	return !v.failed && f.readRecords(v, records, v.word(moduledata+8*14)) && f.checkFind()
}

// readRecords checks that the records lie one after the other.
func (f *functions) readRecords(v *view, start, size uint64) bool {
	all := v.bytes(start, size)
	end := len(f.index)
	for i := 0; i+8 < len(f.index) && !v.failed; i += 8 {
		number := binary.LittleEndian.Uint32(f.index[i:])
		place := int(binary.LittleEndian.Uint32(f.index[i+4:]))
		v.require(place >= end && place < end+8 && place+recordSize <= len(all))
		v.require(number < binary.LittleEndian.Uint32(f.index[i+8:]))
		if v.failed {
			return false
		}
		r := record(all[place:])
		end = place + recordSize + 4*(r.tableCount()+int(r[recordData]))
		v.require(r.word(recordNumber) == number && r.tableCount() < 16 && end <= len(all))
		v.require(f.isName(r.word(recordName)))
		if v.failed {
			return false
		}
		f.records = append(f.records, r[:end-place])
	}
	return !v.failed && len(all)-end < 8 && f.tablesFit()
}

// isName reports whether a name begins at a place.
func (f *functions) isName(place uint32) bool {
	return int64(place) < int64(len(f.names)) && (place == 0 || f.names[place-1] == 0)
}

// name is the name of a function.
func (f *functions) name(r record) string {
	name, _, _ := bytes.Cut(f.names[r.word(recordName):], []byte{0})
	return string(name)
}

// A view reads a module's first memory. Like a [reader] it has failed after
// the first impossible value.
type view struct {
	memory []byte
	failed bool
}

func (v *view) require(ok bool) { v.failed = v.failed || !ok }

func (v *view) bytes(place, size uint64) []byte {
	if place > uint64(len(v.memory)) || size > uint64(len(v.memory))-place {
		v.failed = true
		return nil
	}
	return v.memory[place : place+size : place+size]
}

func (v *view) word(place uint64) uint64 {
	if b := v.bytes(place, 8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// slice is the memory of a Go slice with elements of some size.
func (v *view) slice(place, size uint64) []byte {
	length := v.word(place + 8)
	v.require(length == v.word(place+16) && length <= uint64(len(v.memory)))
	return v.bytes(v.word(place), length*size)
}
