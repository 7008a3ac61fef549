package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// target is the oldest JavaScript that the package's modern files are written
// in; lower.go makes older ones of them.
const target = api.ES2019

// entries are the package's two ways in. One has the module inside it, the
// other is told where the module is.
var entries = []string{"index", "external"}

// callable makes the default export of a bundle the carrier of all its other
// names: `require('bsock-wasm')` is the factory, and has `load`. The
// descriptors are moved, not the values, so the names stay live.
const callable = `
(function (names, factory) {
  Object.getOwnPropertyNames(names).forEach(function (name) {
    Object.defineProperty(factory, name, Object.getOwnPropertyDescriptor(names, name));
  });
  return factory;
})`

func bundleVerb(flags *flag.FlagSet) action {
	return func(ctx context.Context, p *project, _ []string) error {
		return bundlePackage(ctx, p)
	}
}

// bundlePackage writes what the page, its server and most tests need of the
// package: the modern files and the module. It needs no TypeScript.
func bundlePackage(ctx context.Context, p *project) error {
	m, err := compile(ctx, p)
	if err != nil {
		return err
	}
	virtual, err := virtualModules(ctx, p, m)
	if err != nil {
		return err
	}
	files, err := bundle(p, m, virtual)
	if err != nil {
		return err
	}
	files["bsock.wasm"] = m.wasm
	// Without its types the checker of the tests would check the bundle itself.
	source, err := os.ReadFile(p.path("www/index.d.ts"))
	if err != nil {
		return fmt.Errorf("the package needs this file: %w", err)
	}
	types, err := typeFiles(source)
	if err != nil {
		return err
	}
	maps.Copy(files, types)
	// What else lies there may be of an older build: it is no package any more,
	// and npm cannot take it for one, until the dist verb has made it whole.
	if err := os.RemoveAll(p.dist("package.json")); err != nil {
		return err
	}
	return p.writeDist(files)
}

// bundle makes the package's modern JavaScript around a compiled module.
func bundle(p *project, m *module, virtual virtualSet) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, entry := range entries {
		esm := packageOptions(p, virtual, entry, api.FormatESModule)
		esm.Banner = map[string]string{"js": m.banner()}
		cjs := packageOptions(p, virtual, entry, api.FormatCommonJS)
		cjs.Banner = esm.Banner
		cjs.Footer = map[string]string{"js": "module.exports = " + callable + "(module.exports, module.exports.default);"}
		for name, options := range map[string]api.BuildOptions{entry + ".mjs": esm, entry + ".cjs": cjs} {
			text, err := esbuild(options)
			if err != nil {
				return nil, fmt.Errorf("bundle %s: %w", name, err)
			}
			files[name] = text
		}
	}
	return files, nil
}

// banner is the first line of each file: a minifier keeps it.
func (m *module) banner() string {
	return fmt.Sprintf("/*! bsock-wasm, build %s. MIT licence. */", m.build)
}

func packageOptions(p *project, virtual virtualSet, entry string, format api.Format) api.BuildOptions {
	return api.BuildOptions{
		EntryPoints:   []string{p.path("www", entry+".js")},
		AbsWorkingDir: p.root,
		Bundle:        true,
		Format:        format,
		// Neither a browser nor Node: the files name what differs themselves.
		Platform:      api.PlatformNeutral,
		Target:        target,
		Charset:       api.CharsetUTF8,
		LegalComments: api.LegalCommentsInline,
		Plugins:       []api.Plugin{virtual.plugin()},
	}
}

// esbuild runs a build of one output file and returns its text.
func esbuild(options api.BuildOptions) ([]byte, error) {
	options.LogLevel = api.LogLevelSilent
	result := api.Build(options)
	// A warning of a bundler is a mistake that has not hurt yet.
	if messages := append(result.Errors, result.Warnings...); len(messages) > 0 {
		return nil, fmt.Errorf("esbuild: %s", strings.Join(describe(messages), "\n"))
	}
	if len(result.OutputFiles) != 1 {
		return nil, fmt.Errorf("esbuild wrote %d files where one was expected", len(result.OutputFiles))
	}
	return result.OutputFiles[0].Contents, nil
}

func describe(messages []api.Message) []string {
	return api.FormatMessages(messages, api.FormatMessagesOptions{Kind: api.ErrorMessage})
}
