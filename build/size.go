package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"

	"github.com/bsock-wasm/bsock-wasm/build/wasmbuild"
)

// brotliBudget is what the module may weigh as a browser downloads it: more
// than half of it is Go's runtime, and the rest must earn its place.
const brotliBudget = 590_000

// shownPackages is how many lines of the table are worth reading.
const shownPackages = 20

// emptyProgram is the least that Go can compile: what is below it is not ours.
const emptyProgram = "package main\n\nfunc main() {}\n"

func sizeVerb(flags *flag.FlagSet) action {
	return func(ctx context.Context, p *project, _ []string) error {
		m, err := compile(ctx, p)
		if err != nil {
			return err
		}
		empty, err := compileEmpty(ctx, p)
		if err != nil {
			return err
		}
		ours, err := weigh(p, m.wasm)
		if err != nil {
			return err
		}
		least, err := weigh(p, empty)
		if err != nil {
			return err
		}
		p.printf("%-16s %10s %10s %10s\n", "", "raw", "gzip", "brotli")
		ours.print(p, "bsock.wasm")
		least.print(p, "an empty main")
		ours.less(least).print(p, "the difference")
		if err := printPackages(ctx, p, m); err != nil {
			return err
		}
		return ours.check(p)
	}
}

// A weight is the size of a module, as it is and as it is downloaded.
type weight struct{ raw, gzip, brotli int }

func weigh(p *project, wasm []byte) (weight, error) {
	gz, err := gzipped(wasm)
	if err != nil {
		return weight{}, err
	}
	br, err := p.brotlied(wasm)
	return weight{len(wasm), len(gz), len(br)}, err
}

func (w weight) less(other weight) weight {
	return weight{w.raw - other.raw, w.gzip - other.gzip, w.brotli - other.brotli}
}

func (w weight) print(p *project, title string) {
	p.printf("%-16s %10s %10s %10s\n", title, kilobytes(w.raw), kilobytes(w.gzip), kilobytes(w.brotli))
}

func (w weight) check(p *project) error {
	if w.brotli > brotliBudget {
		return fmt.Errorf("the module is %s in brotli, %s over its budget of %s",
			kilobytes(w.brotli), kilobytes(w.brotli-brotliBudget), kilobytes(brotliBudget))
	}
	p.printf("\n%s in brotli: %s below the budget of %s.\n",
		kilobytes(w.brotli), kilobytes(brotliBudget-w.brotli), kilobytes(brotliBudget))
	return nil
}

// kilobytes writes a size in thousands of bytes.
func kilobytes(n int) string { return fmt.Sprintf("%.1f KB", float64(n)/1000) }

// compileEmpty builds the empty program with the module's flags.
func compileEmpty(ctx context.Context, p *project) ([]byte, error) {
	source := p.path(".cache/size/empty.go")
	if err := writeFile(source, []byte(emptyProgram)); err != nil {
		return nil, err
	}
	return buildWasm(ctx, p, p.path(".cache/size/empty.wasm"), source, wasmbuild.Flags(""))
}

// printPackages shows whose code it is that the module carries. The names of
// functions are stripped from the module that is shipped, so this looks at
// one that is the same but for them.
func printPackages(ctx context.Context, p *project, m *module) error {
	out := p.path(".cache/size/named.wasm")
	wasm, err := buildWasm(ctx, p, out, wasmbuild.Package, wasmbuild.NamedFlags(m.build))
	if err != nil {
		return err
	}
	sizes, err := wasmbuild.Measure(wasm, m.inputs.Packages)
	if err != nil {
		return err
	}
	p.printf("\ncode %s, data %s (names, types and tables of all packages), not compressed. Code by package:\n",
		kilobytes(sizes.Code), kilobytes(sizes.Data))
	byCode := func(a, b string) int {
		return cmp.Or(cmp.Compare(sizes.Packages[b], sizes.Packages[a]), cmp.Compare(a, b))
	}
	rest := 0
	for i, name := range slices.SortedFunc(maps.Keys(sizes.Packages), byCode) {
		if i >= shownPackages {
			rest += sizes.Packages[name]
			continue
		}
		p.printf("%12s  %s\n", kilobytes(sizes.Packages[name]), name)
	}
	if rest > 0 {
		p.printf("%12s  all others (%d)\n", kilobytes(rest), len(sizes.Packages)-shownPackages)
	}
	return nil
}
