package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goTestInBrowser runs the small project's test, as `make test-wasm` would.
func goTestInBrowser(t *testing.T, p *project, env ...string) (string, error) {
	t.Helper()
	env = append(env, asTool+"=1", "GOOS=js", "GOARCH=wasm", "API_KEY=secret")
	return runProgram(t, p.root, env, "go", "test", "-v", "-count=1", "-exec", self(t)+" exec", "./border")
}

func TestExec(t *testing.T) {
	out, err := goTestInBrowser(t, newProject(t))
	require.NoError(t, err, out)
	assert.Contains(t, out, "--- PASS: TestImport")
	assert.Contains(t, out, "--- PASS: TestPlace")
	assert.NotContains(t, out, "unknown", "the protocol between the runner and the browser is understood")
}

func TestExecTellsOfFailure(t *testing.T) {
	out, err := goTestInBrowser(t, newProject(t), "BSOCK_TEST_FAIL=1")
	require.Error(t, err)
	assert.Contains(t, out, "told to fail")
	assert.Contains(t, out, "--- FAIL: TestObedience")
	assert.NotContains(t, out, "build: ", "the tests' own words are enough")
}

func TestExecWithoutOurImports(t *testing.T) {
	p := newProject(t)
	require.NoError(t, os.Remove(p.testingPath()))
	out, err := goTestInBrowser(t, p)
	require.Error(t, err, "the stock script alone knows no import of ours")
	assert.Contains(t, out, "bsock")
}

func TestQuoted(t *testing.T) {
	out, err := runProgram(t, ".", nil, "sh", "-c", "printf %s "+quoted(`it's "$HOME"`))
	require.NoError(t, err)
	assert.Equal(t, `it's "$HOME"`, out)
}
