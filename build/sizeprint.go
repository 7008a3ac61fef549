package main

import (
	"fmt"
	"strings"
)

// leastShown is the part of the brotli from which on a package has a line of
// its own. The JSON has them all.
const leastShown = 500

// print writes the report as a person wants to read it.
func (r *sizeReport) print(p *project) {
	p.printf("%-16s %10s %10s %10s\n", "", "raw", "gzip", "brotli")
	for _, w := range append(r.Ladder, r.ours().less(r.Ladder[0])) {
		p.printf("%-16s %10s %10s %10s\n", w.Title, kilobytes(w.Raw), kilobytes(w.Gzip), kilobytes(w.Brotli))
	}
	p.printf("\nThe difference by package, in KB. %s\n\n", r.Method)
	r.printPackages(p)
	p.printf("\nWhat is not ours, and who brings it:\n\n")
	for _, share := range r.Packages {
		if share.Brotli >= leastShown && len(share.Chain) > 0 && !strings.HasPrefix(share.Package, modulePath) && share.Package[0] != '(' {
			p.printf("  %s\n", share.sentence())
		}
	}
	p.printf("\n")
	r.printInterface(p)
	if left := r.Budget - r.ours().Brotli; left >= 0 {
		p.printf("\n%s in brotli: %s below the budget of %s.\n",
			kilobytes(r.ours().Brotli), kilobytes(left), kilobytes(r.Budget))
	}
}

func (r *sizeReport) printPackages(p *project) {
	const row = "%9s %9s %9s %12s   %s\n"
	p.printf(row, "brotli", "raw", "its code", "with safejs", "package")
	var others packageShare
	count := 0
	for _, share := range r.Packages {
		if share.Brotli < leastShown {
			others.Brotli += share.Brotli
			others.Raw += share.Raw
			others.Code += share.Code
			others.WithSafejs += share.WithSafejs
			count++
			continue
		}
		share.print(p, row)
	}
	if count > 0 {
		others.Package = fmt.Sprintf("all others (%d)", count)
		others.print(p, row)
	}
}

func (s packageShare) print(p *project, row string) {
	name := placeOf(s.Package)
	if s.Package == "main" {
		name = "wasm"
	}
	code, early := thousands(s.Code), thousands(s.WithSafejs)
	switch s.Package {
	case restOfData:
		code = ""
	case restOfOther:
		code, early = "", "" // nobody has looked
	}
	p.printf(row, thousands(s.Brotli), thousands(s.Raw), code, early, name)
}

// sentence is what a package costs, and why it is there.
func (s packageShare) sentence() string {
	text := fmt.Sprintf("%s, %s: ", placeOf(s.Package), kilobytes(s.Brotli))
	if s.Always {
		text += "some of it is in every program, and this is more of it, by " + joined(s.Chain, " → ")
	} else {
		text += "by " + joined(s.Chain, " → ")
	}
	if 2*s.WithSafejs > s.Raw {
		text += fmt.Sprintf("; safejs alone brings %d %%", 100*s.WithSafejs/s.Raw)
	}
	if len(s.Importers) > 0 {
		text += "; imported by " + joined(s.Importers, ", ")
	}
	return text + "."
}

func joined(paths []string, by string) string {
	var places []string
	for _, path := range paths {
		places = append(places, placeOf(path))
	}
	return strings.Join(places, by)
}

// placeOf is where in the work tree a package is, or its path if it is not,
// less what is the same for all.
func placeOf(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, modulePath+"/"), "github.com/hack-pad/")
}

func thousands(n int) string { return fmt.Sprintf("%.1f", float64(n)/1000) }

// interfaceWidth is how much of the names fits into a line.
const interfaceWidth = 96

// printInterface lists the names alone: testdata/interface.txt has their types.
func (r *sizeReport) printInterface(p *project) {
	var titles []string
	names := map[string][]string{}
	for _, line := range r.Interface {
		words := strings.Fields(line)
		title, name := "exports", words[1]
		switch {
		case words[0] == "import":
			title, name = "imports of "+words[1], words[2]
		case words[1] == "memory" && len(words) == 3 && !strings.HasPrefix(words[2], "("):
			name = words[2] + " (the memory)"
		}
		if names[title] == nil {
			titles = append(titles, title)
		}
		names[title] = append(names[title], name)
	}
	for _, title := range titles {
		p.printf("%s (%d):\n%s", title, len(names[title]), wrapped(names[title], interfaceWidth))
	}
}

// wrapped writes names into lines.
func wrapped(names []string, width int) string {
	var text strings.Builder
	column := 0
	for _, name := range names {
		if column == 0 || column+len(name)+2 > width {
			if column > 0 {
				text.WriteString("\n")
			}
			text.WriteString("  " + name)
			column = 2 + len(name)
			continue
		}
		text.WriteString(", " + name)
		column += 2 + len(name)
	}
	text.WriteString("\n")
	return text.String()
}
