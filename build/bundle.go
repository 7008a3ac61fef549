package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// target is the oldest JavaScript that the package's files are written in.
const target = api.ES2019

// entries are the package's two ways in. One has the module inside it, the
// other is told where the module is.
var entries = []string{"index", "external"}

// callable makes what a CommonJS file exports its own default export, with all
// other names on it: `require('bsock-wasm')` is the factory. The descriptors
// are moved, not the values, so the names stay live.
const callable = `
(function (names, factory) {
  Object.getOwnPropertyNames(names).forEach(function (name) {
    Object.defineProperty(factory, name, Object.getOwnPropertyDescriptor(names, name));
  });
  module.exports = factory;
})(module.exports, module.exports.default);
`

func bundleVerb(flags *flag.FlagSet) action {
	return func(ctx context.Context, p *project, _ []string) error {
		m, err := compile(ctx, p)
		if err != nil {
			return err
		}
		files, err := bundle(p, m)
		if err != nil {
			return err
		}
		return p.writeDist(files)
	}
}

// bundle makes the package's JavaScript around a compiled module.
func bundle(p *project, m *module) (map[string][]byte, error) {
	virtual, err := virtualModules(p, m)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		for _, format := range []api.Format{api.FormatESModule, api.FormatCommonJS} {
			name, options := packageOptions(p, m, entry, format)
			options.Plugins = []api.Plugin{virtual.plugin()}
			text, err := esbuild(options)
			if err != nil {
				return nil, fmt.Errorf("bundle %s: %w", name, err)
			}
			files[name] = text
		}
	}
	return files, nil
}

func packageOptions(p *project, m *module, entry string, format api.Format) (string, api.BuildOptions) {
	options := api.BuildOptions{
		EntryPoints:   []string{p.path("www", entry+".js")},
		AbsWorkingDir: p.root,
		Bundle:        true,
		Format:        format,
		// Neither a browser nor Node: the files name what differs themselves.
		Platform:      api.PlatformNeutral,
		Target:        target,
		Charset:       api.CharsetUTF8,
		LegalComments: api.LegalCommentsInline,
		Banner:        map[string]string{"js": fmt.Sprintf("/*! bsock-wasm, build %s. MIT licence. */", m.build)},
	}
	if format == api.FormatESModule {
		return entry + ".mjs", options
	}
	options.Footer = map[string]string{"js": callable}
	return entry + ".cjs", options
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
