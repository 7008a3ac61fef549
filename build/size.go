package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"github.com/bsock-wasm/bsock-wasm/build/wasmbuild"
)

// brotliBudget is what the module may weigh as a browser downloads it: more
// than half of it is Go's runtime, and the rest must earn its place. A change
// that changes nothing else moves the weight by up to 1 KB.
const brotliBudget = 590_000

// ladder are the programs below ours, each with one thing more than the last:
// what a rung weighs more than the one below it is that thing's. They are files
// of the folder ladder.
var ladder = []struct{ title, name string }{
	{"an empty main", "empty"},
	{"+ syscall/js", "js"},
	{"+ safejs", "safejs"},
}

// A sizeReport is what the size verb finds out. Sizes are bytes.
type sizeReport struct {
	Go     string   `json:"go"`
	Build  string   `json:"build"`
	Budget int      `json:"budget"`
	Ladder []weight `json:"ladder"` // ours is the last
	// Method is how the parts of the difference were told apart.
	Method    string         `json:"method"`
	Packages  []packageShare `json:"packages"`
	Interface []string       `json:"interface"`
}

// A weight is the size of a module, as it is and as it is downloaded.
type weight struct {
	Title  string `json:"title"`
	Raw    int    `json:"raw"`
	Gzip   int    `json:"gzip"`
	Brotli int    `json:"brotli"`
}

func sizeVerb(flags *flag.FlagSet) action {
	asJSON := flags.Bool("json", false, "print the same as JSON, in bytes")
	return func(ctx context.Context, p *project, _ []string) error {
		report, err := measureSize(ctx, p)
		if err != nil {
			return err
		}
		if *asJSON {
			encoder := json.NewEncoder(p.stdout)
			encoder.SetEscapeHTML(false)
			err = encoder.Encode(report)
		} else {
			report.print(p)
		}
		if err != nil {
			return err
		}
		return report.check()
	}
}

func measureSize(ctx context.Context, p *project) (*sizeReport, error) {
	report := &sizeReport{Budget: brotliBudget, Method: shareMethod}
	var rungs []*wasmbuild.Anatomy
	add := func(title, path string, wasm []byte) error {
		w, err := weigh(ctx, p, title, wasm)
		if err != nil {
			return err
		}
		report.Ladder = append(report.Ladder, w)
		anatomy, err := dissect(path)
		rungs = append(rungs, anatomy)
		return err
	}
	for _, rung := range ladder {
		out := p.path(".cache/size", rung.name+".wasm")
		wasm, err := buildWasm(ctx, p, out, p.path("build/ladder", rung.name+".go"), wasmbuild.Flags())
		if err != nil {
			return nil, err
		}
		if err := add(rung.title, out, wasm); err != nil {
			return nil, err
		}
	}
	m, err := compile(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := add("bsock.wasm", p.wasmPath(), m.wasm); err != nil {
		return nil, err
	}
	report.Build, report.Go = m.build, m.inputs.GoVersion
	report.Packages = shares(rungs, report.ours().less(report.Ladder[0]), m.inputs)
	report.Interface, err = wasmbuild.Interface(m.wasm)
	return report, err
}

// dissect takes apart what the linker left beside a finished module.
func dissect(path string) (*wasmbuild.Anatomy, error) {
	linked, err := os.ReadFile(linkedPath(path))
	if err != nil {
		return nil, err
	}
	return wasmbuild.Dissect(linked)
}

func weigh(ctx context.Context, p *project, title string, wasm []byte) (weight, error) {
	gz, err := p.tightened(ctx, wasm)
	if err != nil {
		return weight{}, err
	}
	br, err := p.brotlied(wasm)
	return weight{title, len(wasm), len(gz), len(br)}, err
}

func (w weight) less(other weight) weight {
	return weight{"the difference", w.Raw - other.Raw, w.Gzip - other.Gzip, w.Brotli - other.Brotli}
}

func (r *sizeReport) ours() weight { return r.Ladder[len(r.Ladder)-1] }

// check holds the module to its budget.
func (r *sizeReport) check() error {
	if over := r.ours().Brotli - r.Budget; over > 0 {
		return fmt.Errorf("the module is %s in brotli, %s over its budget of %s: see above what weighs most, "+
			"or give reasons for another budget in build/size.go",
			kilobytes(r.ours().Brotli), kilobytes(over), kilobytes(r.Budget))
	}
	return nil
}

// kilobytes writes a size in thousands of bytes.
func kilobytes(n int) string { return fmt.Sprintf("%.1f KB", float64(n)/1000) }
