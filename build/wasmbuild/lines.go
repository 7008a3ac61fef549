package wasmbuild

import "encoding/binary"

// findStep is how many functions share the place in the index where the
// runtime begins to look for one of them. From there it goes on until it has
// found the one, so any place before that will do. With as many places as
// functions the module is 5 KB larger in brotli.
const findStep = 16

// recordUnsafe is the first table of a record: where a function must not be
// stopped by a signal. Go: internal/abi PCDATA_UnsafePoint
const recordUnsafe = recordSize

// dropLines takes out of the tables about functions what only those can use
// who have the sources: the file and the line of each instruction. A traceback
// still names the functions, and how far into each it was, as "?:0 +0x2a".
// With them goes what is for signals, which a browser does not have. It makes
// the module 60 KB smaller in brotli, a tenth.
//
// What is kept of the tables of steps moves together, so that the places of
// those that follow each other grow evenly, which compresses well.
func (f *functions) dropLines() {
	kept := []byte{0} // no table begins there: its place stands for none
	moved := map[uint32]uint32{0: 0}
	for _, r := range f.records {
		r.set(recordUnit, 0)
		r.set(recordStartLine, 0)
		for _, field := range r.places() {
			if field == recordFile || field == recordLine || field == recordUnsafe {
				r.set(field, 0)
				continue
			}
			place := r.word(field)
			if _, ok := moved[place]; !ok {
				steps, _ := f.steps(place) // which was checked when it was found
				moved[place] = uint32(len(kept))
				kept = append(kept, steps...)
			}
			r.set(field, moved[place])
		}
	}
	clear(f.tables[copy(f.tables, kept):])
	clear(f.units)
	clear(f.files)
	for i := 0; i < len(f.find); i += findBucket {
		at := binary.LittleEndian.Uint32(f.find[i:])
		binary.LittleEndian.PutUint32(f.find[i:], at/findStep*findStep)
	}
}
