package main

import (
	"bytes"
	"cmp"
	"runtime"
	"slices"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/bsock-wasm/bsock-wasm/build/wasmbuild"
)

// shareMethod says what the figures by package are, to those who read them.
const shareMethod = "Of each package, what the empty program has not: its functions' code, and the tables about them. " +
	"Its part of the brotli is what the module loses in size without both, at a quick setting, " +
	"times one factor for all, so that the parts add up to the difference that was measured."

// shareQuality is quick: there are 60 packages to leave out, one after the
// other, and the best takes 10 s each.
const shareQuality = 5

// A packageShare is what one package adds to an empty program, in bytes.
type packageShare struct {
	Package string `json:"package"`
	// Raw is all of it; Code is what is instructions.
	Raw  int `json:"raw"`
	Code int `json:"code"`
	// Brotli is its part of what is downloaded.
	Brotli int `json:"brotli"`
	// WithSafejs is how much of Raw a program has that only uses safejs.
	WithSafejs int `json:"withSafejs"`
	// Chain is how the package comes to be linked, each imported by the one
	// before it. It is empty for what is no package.
	Chain []string `json:"chain,omitempty"`
	// Always is whether an empty program has some of the package too.
	Always bool `json:"always,omitempty"`
	// Importers are the packages of this project that import it themselves.
	Importers []string `json:"importers,omitempty"`

	lost int // how much smaller the module is without it
}

// What belongs to no package.
const (
	restOfData  = "(types, strings and variables)"
	restOfOther = "(imports, exports, headers)"
)

// shares divides the difference between the last rung, which is ours, and the
// first, the empty program. The last but one is of safejs alone.
func shares(rungs []*wasmbuild.Anatomy, difference weight, inputs *wasmbuild.Inputs) []packageShare {
	empty, ours := rungs[0], rungs[len(rungs)-1]
	always, early := symbolNames(empty), symbolNames(rungs[len(rungs)-2])

	inEmpty := map[string]bool{}
	packages := map[string]*packageShare{}
	for _, s := range ours.Symbols {
		name := wasmbuild.PackageOf(s.Name)
		if always[s.Name] {
			inEmpty[name] = true
			continue
		}
		share := packages[name]
		if share == nil {
			share = &packageShare{Package: name}
			packages[name] = share
		}
		share.Code += s.Code()
		share.Raw += s.Code() + s.Tables()
		if early[s.Name] {
			share.WithSafejs += s.Code() + s.Tables()
		}
	}
	var list []packageShare
	for name, share := range packages {
		share.Always = inEmpty[name]
		share.Chain, share.Importers = whoBrings(inputs, name, 2*share.WithSafejs > share.Raw)
		list = append(list, *share)
	}
	loseEach(list, ours, always)
	list = append(list, rest(rungs, list, difference)...)
	scale(list, difference.Brotli)
	slices.SortFunc(list, func(a, b packageShare) int {
		return cmp.Or(cmp.Compare(b.Brotli, a.Brotli), cmp.Compare(a.Package, b.Package))
	})
	return list
}

func symbolNames(a *wasmbuild.Anatomy) map[string]bool {
	names := map[string]bool{}
	for _, s := range a.Symbols {
		names[s.Name] = true
	}
	return names
}

// loseEach finds out what the module loses without each package.
func loseEach(list []packageShare, ours *wasmbuild.Anatomy, always map[string]bool) {
	whole := quickly(ours.Symbolic(nothing), ours.Data, ours.Other)
	var all sync.WaitGroup
	free := make(chan bool, runtime.NumCPU())
	for i := range list {
		all.Go(func() {
			free <- true
			defer func() { <-free }()
			without := ours.Symbolic(func(s *wasmbuild.Symbol) bool {
				return !always[s.Name] && wasmbuild.PackageOf(s.Name) == list[i].Package
			})
			list[i].lost = whole - quickly(without, ours.Data, ours.Other)
		})
	}
	all.Wait()
}

// rest is what no function owns, and what is left of the difference in raw
// bytes when all else is counted.
func rest(rungs []*wasmbuild.Anatomy, packages []packageShare, difference weight) []packageShare {
	empty, safejs, ours := rungs[0], rungs[len(rungs)-2], rungs[len(rungs)-1]
	lost := func(a *wasmbuild.Anatomy) (data, other int) {
		symbols := a.Symbolic(nothing)
		whole := quickly(symbols, a.Data, a.Other)
		return whole - quickly(symbols, a.Other), whole - quickly(symbols, a.Data)
	}
	data, other := packageShare{Package: restOfData}, packageShare{Package: restOfOther}
	data.lost, other.lost = lost(ours)
	leastData, leastOther := lost(empty)
	data.lost -= leastData
	other.lost -= leastOther
	data.Raw = len(ours.Data) - len(empty.Data)
	data.WithSafejs = len(safejs.Data) - len(empty.Data)
	other.Raw = difference.Raw - data.Raw
	for _, share := range packages {
		other.Raw -= share.Raw
	}
	return []packageShare{data, other}
}

func nothing(*wasmbuild.Symbol) bool { return false }

// scale turns what was lost into parts of the whole.
func scale(list []packageShare, whole int) {
	sum := 0
	for _, share := range list {
		sum += share.lost
	}
	if sum <= 0 {
		return
	}
	taken := 0
	for i := range list {
		list[i].Brotli = list[i].lost * whole / sum
		taken += list[i].Brotli
	}
	list[len(list)-1].Brotli += whole - taken // a few bytes, by rounding
}

// quickly is the size of parts that are compressed as one.
func quickly(parts ...[]byte) int {
	var packed bytes.Buffer
	w := brotli.NewWriterLevel(&packed, shareQuality)
	for _, part := range parts {
		w.Write(part) // to memory, which does not fail
	}
	w.Close()
	return packed.Len()
}
