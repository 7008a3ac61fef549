package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
)

// copied are the files of the package that are written by hand, by the name
// they have there.
var copied = map[string]string{
	"package.json": "www/package.json",
	"README.md":    "www/README.md",
	"LICENSE":      "LICENSE",
	"CHANGELOG.md": "CHANGELOG.md",
	"MIGRATION.md": "www/MIGRATION.md",
}

func distVerb(flags *flag.FlagSet) action {
	return func(ctx context.Context, p *project, _ []string) error {
		_, err := dist(ctx, p)
		return err
	}
}

// dist makes the npm package. Beside Go it needs Node and the TypeScript of
// www/test, for the files of lower.go.
func dist(ctx context.Context, p *project) (*module, error) {
	m, err := compile(ctx, p)
	if err != nil {
		return nil, err
	}
	files, err := distFiles(ctx, p, m)
	if err != nil {
		return nil, err
	}
	if err := p.writeDist(files); err != nil {
		return nil, err
	}
	return m, p.sweepDist(files)
}

func distFiles(ctx context.Context, p *project, m *module) (map[string][]byte, error) {
	files, err := distScripts(ctx, p, m)
	if err != nil {
		return nil, err
	}
	files["bsock.wasm"] = m.wasm
	files["THIRD_PARTY_LICENSES"], err = thirdPartyLicences(m.inputs)
	if err != nil {
		return nil, err
	}
	for name, from := range copied {
		if files[name], err = os.ReadFile(p.path(from)); err != nil {
			return nil, fmt.Errorf("the package needs this file: %w", err)
		}
	}
	manifest, err := parseManifest(files["package.json"])
	if err != nil {
		return nil, fmt.Errorf("www/package.json: %w", err)
	}
	return files, manifest.check(files)
}

// distScripts makes the package's JavaScript and its types.
func distScripts(ctx context.Context, p *project, m *module) (map[string][]byte, error) {
	virtual, err := virtualModules(ctx, p, m)
	if err != nil {
		return nil, err
	}
	files, err := bundle(p, m, virtual)
	if err != nil {
		return nil, err
	}
	old, err := lowered(ctx, p, m, virtual)
	if err != nil {
		return nil, err
	}
	source, err := os.ReadFile(p.path("www/index.d.ts"))
	if err != nil {
		return nil, fmt.Errorf("the package needs this file: %w", err)
	}
	types, err := typeFiles(source)
	maps.Copy(files, old)
	maps.Copy(files, types)
	return files, err
}

func (p *project) writeDist(files map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := writeFile(p.dist(name), files[name]); err != nil {
			return err
		}
		p.printf("%-34s %s\n", p.rel(p.dist(name)), kilobytes(len(files[name])))
	}
	return nil
}

// sweepDist removes what an older build has left behind, for `npm pack` takes
// whatever lies there.
func (p *project) sweepDist(files map[string][]byte) error {
	entries, err := os.ReadDir(p.dist(""))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if _, ok := files[entry.Name()]; ok {
			continue
		}
		if err := os.RemoveAll(p.dist(entry.Name())); err != nil {
			return err
		}
	}
	return nil
}
