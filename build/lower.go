package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// The package's .js files are for whoever cannot read the modern ones: bundlers
// that know no "exports" and minify with what parses nothing newer than ES5, as
// bPanel's webpack 4 with uglify-js does, and a plain <script>. Each is ES5, and
// universal: a CommonJS module, an AMD module, or the global bsockMiddleware.
//
// esbuild bundles them, but writes no ES5; TypeScript rewrites them after that.

//go:embed lower.mjs
var lowerScript string

// universal surrounds the lowered bundle, so that neither the helpers that
// TypeScript writes nor names become globals of a page.
const universal = `(function (root, make) {
  if (typeof exports === "object" && typeof module !== "undefined") {
    module.exports = make();
  } else if (typeof define === "function" && define.amd) {
    define([], make);
  } else {
    root.bsockMiddleware = make();
  }
})(typeof self === "undefined" ? this : self, function () {
"use strict";
%s
return %s(names, names.default);
});
`

// lowered makes the package's old JavaScript around a compiled module.
func lowered(ctx context.Context, p *project, m *module, virtual virtualSet) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, entry := range entries {
		options := packageOptions(p, virtual, entry, api.FormatIIFE)
		options.GlobalName = "names"
		modern, err := esbuild(options)
		if err != nil {
			return nil, fmt.Errorf("bundle %s.js: %w", entry, err)
		}
		old, err := lower(ctx, p, modern)
		if err != nil {
			return nil, fmt.Errorf("lower %s.js: %w", entry, err)
		}
		text := m.banner() + "\n" + fmt.Sprintf(universal, bytes.TrimSpace(old), strings.TrimSpace(callable))
		files[entry+".js"] = []byte(text)
	}
	return files, checkES5(files)
}

// lower rewrites a script in ES5.
func lower(ctx context.Context, p *project, script []byte) ([]byte, error) {
	path := filepath.Join(p.modules, "typescript", "lib", "typescript.js")
	return p.filter(ctx, lowerScript, library{"TypeScript", "www/test", path}, script)
}

// checkES5 reports what esbuild cannot write in ES5, which is nearly all that is
// newer: one such word, and the minifier of an old build stops at it.
func checkES5(files map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		result := api.Transform(string(files[name]), api.TransformOptions{Target: api.ES5, LogLevel: api.LogLevelSilent})
		if len(result.Errors) > 0 {
			return fmt.Errorf("%s is not ES5: esbuild: %s", name, strings.Join(describe(result.Errors), "\n"))
		}
	}
	return nil
}
