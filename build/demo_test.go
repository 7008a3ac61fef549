package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// builtPage makes the small project's page, with its packages as if installed.
func builtPage(t *testing.T) *project {
	t.Helper()
	p := newProject(t)
	require.NoError(t, os.MkdirAll(p.path("www/demo/node_modules"), 0o755))
	require.NoError(t, bundlePackage(t.Context(), p))
	require.NoError(t, demo(p))
	return p
}

func TestDemo(t *testing.T) {
	p := builtPage(t)
	script, err := os.ReadFile(p.path("www/demo/dist/main.js"))
	require.NoError(t, err)
	assert.Contains(t, string(script), "1.2.3", "what the page imports is the built package")
	style, err := os.ReadFile(p.path("www/demo/dist/main.css"))
	require.NoError(t, err)
	assert.Contains(t, string(style), "teal")
	assert.FileExists(t, p.path("www/demo/dist/index.html"))
}

func TestDemoErrors(t *testing.T) {
	p := newProject(t)
	assert.EqualError(t, demo(p), "the page's packages are not installed: run `npm ci` in www/demo, or `make run`")

	require.NoError(t, os.MkdirAll(p.path("www/demo/node_modules"), 0o755))
	assert.ErrorContains(t, demo(p), "bundle the page: ", "there is no package yet")
}
