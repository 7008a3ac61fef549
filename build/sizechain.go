package main

import (
	"slices"
	"strings"

	"github.com/bsock-wasm/bsock-wasm/build/wasmbuild"
)

const (
	mainPackage   = modulePath + "/wasm"
	safejsPackage = "github.com/hack-pad/safejs"
)

// whoBrings says how a package comes to be linked: by the shortest way from our
// main package, through safejs where safejs alone brings most of it. And who of
// ours imports it, whatever the way. It is nil for what is no package.
func whoBrings(inputs *wasmbuild.Inputs, name string, bySafejs bool) (chain, importers []string) {
	chain = chainTo(inputs.Imports, mainPackage, name)
	if rest := chainTo(inputs.Imports, safejsPackage, name); bySafejs && rest != nil {
		chain = append(chainTo(inputs.Imports, mainPackage, safejsPackage), rest[1:]...)
	}
	for path, imports := range inputs.Imports {
		if strings.HasPrefix(path, modulePath+"/") && slices.Contains(imports, name) {
			importers = append(importers, path)
		}
	}
	slices.Sort(importers)
	return chain, importers
}

// chainTo is the shortest way from one package to another, both included, nil
// where there is none. Of ways of one length it is the first by the alphabet.
func chainTo(imports map[string][]string, from, to string) []string {
	before := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == to {
			var chain []string
			for at := to; at != ""; at = before[at] {
				chain = append(chain, at)
			}
			slices.Reverse(chain)
			return chain
		}
		for _, next := range imports[queue[0]] {
			if _, seen := before[next]; !seen {
				before[next] = queue[0]
				queue = append(queue, next)
			}
		}
	}
	return nil
}
