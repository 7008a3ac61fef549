package wasmbuild

import (
	"encoding/binary"
	"maps"
	"slices"
)

// The points where a function can be resumed are numbered, 65,536 to each
// function. The table to find a function by a point has a bucket for every
// 4,096, of a word that says where in the index to begin and 16 bytes more.
//
// Go: runtime/symtab.go findfuncbucket, internal/abi.FuncTabBucketSize
const (
	findPoints = 4096
	findBucket = 20
)

// checkFind checks that each bucket names a function that is not after the one
// to find. The last may be cut short, and is left alone.
func (f *functions) checkFind() bool {
	for i := 0; i < len(f.find); i += findBucket {
		number := f.first + uint32(i/findBucket*findPoints>>16)
		at := int64(binary.LittleEndian.Uint32(f.find[i:]))
		if at >= int64(len(f.records)) || f.records[at].word(recordNumber) > number {
			return false
		}
		for _, more := range f.find[i+4 : i+findBucket] {
			if more != 0 {
				return false
			}
		}
	}
	return true
}

// steps is the table that begins at a place: pairs of numbers, how much a
// value changes and for how long it holds then, with a zero at the end.
//
// Go: runtime/symtab.go step
func (f *functions) steps(place uint32) ([]byte, bool) {
	if int64(place) > int64(len(f.tables)) {
		return nil, false
	}
	r := &reader{rest: f.tables[place:]}
	for first := true; ; first = false {
		change := r.number()
		if r.failed || change == 0 && !first {
			size := len(f.tables) - int(place) - len(r.rest)
			return f.tables[place:][:size], !r.failed
		}
		r.number()
	}
}

// places are those of all tables of a record, in its order; 0 stands for none.
func (r record) places() []int {
	places := []int{recordStack, recordFile, recordLine}
	for i := range r.tableCount() {
		places = append(places, recordSize+4*i)
	}
	return places
}

// tablesFit checks that what the records name as tables lies one after the
// other and fills all there is, as it would not if any of it were read wrongly.
func (f *functions) tablesFit() bool {
	begins := map[uint32]bool{}
	for _, r := range f.records {
		for _, field := range r.places() {
			begins[r.word(field)] = true
		}
	}
	delete(begins, 0)
	end := 1 // after the byte at which no table begins
	for _, place := range slices.Sorted(maps.Keys(begins)) {
		steps, ok := f.steps(place)
		if !ok || int(place) != end {
			return false
		}
		end = int(place) + len(steps)
	}
	return end <= len(f.tables) && len(f.tables)-end < 8
}
