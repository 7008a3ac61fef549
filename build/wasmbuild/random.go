package wasmbuild

import "fmt"

// generatorSize is how many bytes a generator of random numbers has: 32 words
// of numbers that come next, and four that the numbers after them are made from.
//
// Go: internal/chacha8rand State
const generatorSize = (32 + 4) * 8

// generators are how many the runtime has: its own, and that of its one thread.
//
// Go: runtime/rand.go globalRand and m.chacha8
const generators = 2

// findRandom finds the generators of random numbers in the memories of runs
// that differ in the random numbers they were given: where generatorSize bytes
// in a row are different. Whatever is in these places, a generator is in order.
//
// All else that differs is what the runtime has made of random numbers: how its
// maps spread their keys. It is the same in every page, and public: a server must
// have no map into which it could put as many strings of its own as it likes.
func findRandom(memories [][]byte) ([][2]int, error) {
	var found [][2]int
	for at := 0; at < len(memories[0]); at++ {
		size := 0
		for at+size < len(memories[0]) && differ(memories, at+size) {
			size++
		}
		if size == generatorSize {
			found = append(found, [2]int{at, size})
		}
		at += size
	}
	if len(found) != generators {
		return nil, fmt.Errorf("%d places in memory look like generators of random numbers, not %d: "+
			"compare runtime/rand.go and internal/chacha8rand of this Go with build/wasmbuild/random.go, or use Go 1.26", len(found), generators)
	}
	return found, nil
}

func differ(memories [][]byte, at int) bool {
	for _, memory := range memories[1:] {
		if memory[at] != memories[0][at] {
			return true
		}
	}
	return false
}
