//go:build !js

package jsbridge_test

import (
	"go/build/constraint"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// native are the files that are built for every system: what the packages say
// of themselves, and this test.
var native = map[string]bool{"doc.go": true, "tags_test.go": true}

// TestTags: a file without its constraint breaks `go build ./...` everywhere
// but in the browser, where it is seldom run.
func TestTags(t *testing.T) {
	for _, pattern := range []string{"*.go", "../wasm/*.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		for _, file := range files {
			if !native[filepath.Base(file)] {
				assert.Equal(t, "js && wasm", constraintOf(t, file), "%s is built for the browser alone", file)
			}
		}
	}
}

// constraintOf returns the build constraint of a file, or "".
func constraintOf(t *testing.T, file string) string {
	t.Helper()
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	header, _, _ := strings.Cut(string(source), "\npackage ")
	for line := range strings.Lines(header) {
		if constraint.IsGoBuild(line) {
			expression, err := constraint.Parse(line)
			require.NoError(t, err, file)
			return expression.String()
		}
	}
	return ""
}
