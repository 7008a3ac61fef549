package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// demoEntry is the page's script, which names its styles. HTML and pictures
// are copied beside its bundle.
const demoEntry = "www/demo/main.js"

func demoVerb(flags *flag.FlagSet) action {
	return func(ctx context.Context, p *project, _ []string) error {
		if err := bundlePackage(ctx, p); err != nil {
			return err
		}
		return demo(p)
	}
}

// demo bundles the page over the package as it was built: what the page
// imports as bsock-wasm is www/dist, the files an application would get.
func demo(p *project) error {
	if !exists(p.path("www/demo/node_modules")) {
		return fmt.Errorf("the page's packages are not installed: run `npm ci` in www/demo, or `make run`")
	}
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{p.path(demoEntry)},
		AbsWorkingDir:     p.root,
		Outdir:            p.path("www/demo/dist"),
		Bundle:            true,
		Format:            api.FormatESModule,
		Platform:          api.PlatformBrowser,
		Target:            target,
		MinifyWhitespace:  true,
		MinifySyntax:      true,
		MinifyIdentifiers: true,
		Sourcemap:         api.SourceMapLinked,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsEndOfFile,
		Alias: map[string]string{
			"bsock-wasm":          p.dist("index.mjs"),
			"bsock-wasm/external": p.dist("external.mjs"),
		},
		LogLevel: api.LogLevelSilent,
	})
	if messages := append(result.Errors, result.Warnings...); len(messages) > 0 {
		return fmt.Errorf("bundle the page: %s", strings.Join(describe(messages), "\n"))
	}
	for _, file := range result.OutputFiles {
		if err := writeFile(file.Path, file.Contents); err != nil {
			return err
		}
		p.printf("%-34s %s\n", p.rel(file.Path), kilobytes(len(file.Contents)))
	}
	return copyAssets(p)
}

// copyAssets copies the page's own HTML, styles and pictures.
func copyAssets(p *project) error {
	for _, pattern := range []string{"*.html", "*.svg", "*.png", "*.ico", "*.webmanifest"} {
		found, err := filepath.Glob(p.path("www/demo", pattern))
		if err != nil {
			return err
		}
		for _, file := range found {
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			if err := writeFile(p.path(path.Join("www/demo/dist", filepath.Base(file))), data); err != nil {
				return err
			}
		}
	}
	return nil
}
