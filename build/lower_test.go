package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOldFilesAreUniversal(t *testing.T) {
	p := newProject(t)
	_, err := dist(t.Context(), p)
	require.NoError(t, err)

	out := runNode(t, p.root, `
		import { readFileSync } from "node:fs";
		import { createContext, runInContext } from "node:vm";
		const script = readFileSync("./www/dist/external.js", "utf8");
		const told = [];
		const tell = (kind, factory) => told.push([kind, factory(), factory.default === factory, factory.EXPECTED.version].join(" "));
		const run = (globals) => {
			const scope = createContext(globals);
			const before = new Set(Object.getOwnPropertyNames(scope));
			runInContext(script, scope);
			const added = Object.getOwnPropertyNames(scope).filter((name) => !before.has(name));
			told.push("adds " + added.join());
			return scope;
		};
		const module = { exports: {} };
		run({ module, exports: module.exports });
		tell("CommonJS", module.exports);
		run({ define: Object.assign((names, make) => tell("AMD", make()), { amd: {} }) });
		const page = {};
		page.self = page;
		tell("script", run(page).bsockMiddleware);
		tell("no self", run({}).bsockMiddleware);
		console.log(told.join("; "));`)
	assert.Equal(t, "adds ; CommonJS external true 1.2.3; AMD external true 1.2.3; adds ; "+
		"adds bsockMiddleware; script external true 1.2.3; adds bsockMiddleware; no self external true 1.2.3", out)
}

func TestLower(t *testing.T) {
	p := newProject(t)
	old, err := lower(t.Context(), p, []byte(`
		"use strict";
		class Told { constructor(words) { this.words = words } get all() { return [...this.words].join(" ") } }
		const told = new Told(new Set(["a", "spread", "of", "a", "Set"]));
		(async () => { for (const word of new Set([await told.all])) console.log(word ?? "nothing"); })();`))
	require.NoError(t, err)
	require.NoError(t, checkES5(map[string][]byte{"told.js": old}))
	writeText(t, p, "told.cjs", string(old))
	assert.Equal(t, "a spread of Set", runNode(t, p.root, `import "./told.cjs"`))
}

func TestWhatIsNotES5IsRefused(t *testing.T) {
	p := newProject(t)
	_, err := dist(t.Context(), p)
	require.NoError(t, err)
	modern, err := os.ReadFile(p.dist("external.cjs"))
	require.NoError(t, err)
	assert.ErrorContains(t, checkES5(map[string][]byte{"external.js": modern}), "external.js is not ES5")
}
