package main

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDist(t *testing.T) {
	p := newProject(t)
	writeText(t, p, "www/dist/stale.js", "left by an older build")
	m, err := dist(t.Context(), p)
	require.NoError(t, err)

	var names []string
	entries, err := os.ReadDir(p.dist(""))
	require.NoError(t, err)
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	assert.Equal(t, []string{
		"CHANGELOG.md", "LICENSE", "MIGRATION.md", "README.md", "THIRD_PARTY_LICENSES", "bsock.wasm",
		"external.cjs", "external.d.cts", "external.d.mts", "external.d.ts", "external.js", "external.mjs",
		"index.cjs", "index.d.cts", "index.d.mts", "index.d.ts", "index.js", "index.mjs", "package.json",
	}, names, "the package is whole, and nothing else is in it")

	licences, err := os.ReadFile(p.dist("THIRD_PARTY_LICENSES"))
	require.NoError(t, err)
	assert.Contains(t, string(licences), "The Go Authors", "Go's licence goes with what is linked from Go")
	wasm, err := os.ReadFile(p.dist("bsock.wasm"))
	require.NoError(t, err)
	assert.Equal(t, m.wasm, wasm)
}

// loaded is what the small project's load() tells.
type loaded struct {
	Size     int
	Promised struct {
		Size          int
		Build, Script string
	}
	Told    string
	Sums    []int
	Printed string
}

func TestEmbeddedModuleRuns(t *testing.T) {
	p := newProject(t)
	m, err := dist(t.Context(), p)
	require.NoError(t, err)

	out := runNode(t, p.root, `
		import factory, { load } from "./www/dist/index.mjs";
		const before = Object.getOwnPropertyNames(globalThis).length;
		const told = await load();
		if (Object.getOwnPropertyNames(globalThis).length !== before) throw new Error("a global was left behind");
		if (factory() !== "index") throw new Error("the default export is another's");
		console.log(JSON.stringify(told));
		process.exit();`)
	var told loaded
	require.NoError(t, json.Unmarshal([]byte(out), &told), "node prints %s", out)
	assert.Equal(t, len(m.wasm), told.Size, "what is unpacked is the module")
	assert.Equal(t, len(m.wasm), told.Promised.Size)
	assert.Equal(t, m.build, told.Promised.Build)
	assert.Equal(t, m.build, told.Promised.Script, "bsock:build has the same id")
	assert.Equal(t, m.build, told.Told, "the module says the id")
	assert.Equal(t, []int{42, 41}, told.Sums, "an export reaches Go, and Go an import, and the value it has")
	assert.Equal(t, "hello 1\n", told.Printed, "main has run once, and Go prints through the scope's fs")
}

func TestCommonJSIsCallable(t *testing.T) {
	p := newProject(t)
	m, err := dist(t.Context(), p)
	require.NoError(t, err)

	out := runNode(t, p.root, `
		import { createRequire } from "node:module";
		const require = createRequire(import.meta.url);
		const embedded = require("./www/dist/index.cjs");
		const external = require("./www/dist/external.cjs");
		console.log(JSON.stringify([
			embedded(), embedded.default === embedded, typeof embedded.load, embedded.__esModule,
			external(), external.BUILD, external.EXPECTED,
		]));`)
	want, err := json.Marshal([]any{
		"index", true, "function", true,
		"external", m.build, expectation{"1.2.3", m.build, m.inputs.GoVersion, len(m.wasm), m.sha256},
	})
	require.NoError(t, err)
	assert.JSONEq(t, string(want), out)
}

func TestBundleNeedsNoTypeScript(t *testing.T) {
	p := newProject(t)
	_, err := dist(t.Context(), p)
	require.NoError(t, err)

	p.modules = t.TempDir()
	require.NoError(t, bundlePackage(t.Context(), p), "the page is built without it")
	assert.FileExists(t, p.dist("index.mjs"))
	assert.NoFileExists(t, p.dist("package.json"), "what may be half of a package cannot be packed")

	_, err = dist(t.Context(), p)
	assert.ErrorContains(t, err, "TypeScript is not installed: run `npm ci` in www/test, or `make dist`")
}

func TestBundleNeeds7Zip(t *testing.T) {
	p := newProject(t)
	p.tools = t.TempDir()
	err := bundlePackage(t.Context(), p)
	assert.ErrorContains(t, err, "7z-wasm is not installed: run `npm ci` in build/tools, or `make dist`")
}

func TestExternalEntryHasNoModuleInside(t *testing.T) {
	p := newProject(t)
	m, err := dist(t.Context(), p)
	require.NoError(t, err)
	text, err := os.ReadFile(p.dist("external.mjs"))
	require.NoError(t, err)
	assert.Less(t, len(text), len(m.wasm)/100, "nothing but script")
}

func TestBuildsAreReproducible(t *testing.T) {
	first, second := newProject(t), newProject(t)
	// Whatever the caller has set, the module comes out the same.
	second.env = []string{"GOFLAGS=-tags=other", "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=1"}
	for _, p := range []*project{first, second} {
		_, err := dist(t.Context(), p)
		require.NoError(t, err)
	}
	one, err := sumFiles(first.dist(""))
	require.NoError(t, err)
	two, err := sumFiles(second.dist(""))
	require.NoError(t, err)
	require.NoError(t, compareSums(first, one, two))

	two["bsock.wasm"] = "another"
	assert.EqualError(t, compareSums(first, one, two), "two builds of one commit differ in bsock.wasm")
}

func TestBuildIDFollowsTheSources(t *testing.T) {
	p := newProject(t)
	id := func() string {
		_, build, err := listInputs(t.Context(), p)
		require.NoError(t, err)
		return build
	}
	first := id()
	assert.Len(t, first, 16)

	writeText(t, p, "jsbridge/testing.js", "// only for tests")
	assert.Equal(t, first, id(), "what only tests use is no part of the build")

	writeText(t, p, "jsbridge/imports.js", "export const imports = {};")
	second := id()
	assert.NotEqual(t, first, second, "the JavaScript half of the border is part of it")

	writeText(t, p, "wasm/more.go", "//go:build js && wasm\n\npackage main\n")
	assert.NotEqual(t, second, id(), "every Go file is part of it")
}

func TestBundleErrors(t *testing.T) {
	for _, test := range []struct{ name, file, text, want string }{
		{"an unknown virtual module", "www/index.js", `import "bsock:wasm_exe"`, `there is no virtual module "bsock:wasm_exe"`},
		{"a file that is not there", "www/index.js", `import "./gone.js"`, `Could not resolve "./gone.js"`},
		{"a syntax error", "www/external.js", `export default (`, "www/external.js:1:"},
		{"types without a default export", "www/index.d.ts", "export interface Told {}", "www/index.d.ts: it must end with `export default NAME;`"},
		{"a manifest without version", "www/package.json", `{}`, `there is no "version"`},
		{"a Go file that does not compile", "wasm/main.go", "package main\n\nfunc main() { nothing() }\n", "go build ./wasm: exit status 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newProject(t)
			writeText(t, p, test.file, test.text)
			_, err := dist(t.Context(), p)
			assert.ErrorContains(t, err, test.want)
		})
	}
}
