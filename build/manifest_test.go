package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestManifestCheck(t *testing.T) {
	files := map[string][]byte{"package.json": nil, "README.md": nil, "index.mjs": nil, "index.d.ts": nil}
	for _, test := range []struct{ name, text, want string }{
		{"whole", `{"version":"1.0.0","module":"./index.mjs","types":"index.d.ts"}`, ""},
		{
			"a missing main", `{"version":"1.0.0","main":"./index.cjs"}`,
			"www/package.json names index.cjs, which the package does not have",
		},
		{
			"a missing export", `{"version":"1.0.0","exports":{".":{"browser":[{"import":"./browser.mjs"}]}}}`,
			"www/package.json names browser.mjs, which the package does not have",
		},
		{
			"a file npm would leave out", `{"version":"1.0.0","files":["index.mjs"]}`,
			`index.d.ts is not in "files" of www/package.json, so npm would leave it out`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := parseManifest([]byte(test.text))
			require.NoError(t, err)
			if err := m.check(files); test.want != "" {
				assert.EqualError(t, err, test.want)
			} else {
				assert.NoError(t, err)
			}
		})
	}
}
