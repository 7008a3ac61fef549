package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFindChrome(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	t.Setenv("CHROME", "")
	_, err := findChrome()
	assert.EqualError(t, err, "no Chromium or Chrome was found: install it (on Debian: apt-get install chromium); or name one with CHROME=/path/to/chrome")

	debians := filepath.Join(bin, "chromium")
	require.NoError(t, os.WriteFile(debians, []byte("#!/bin/sh\n"), 0o755))
	path, err := findChrome()
	require.NoError(t, err)
	assert.Equal(t, debians, path)

	named := filepath.Join(t.TempDir(), "my chrome")
	require.NoError(t, os.WriteFile(named, []byte("#!/bin/sh\n"), 0o755))
	t.Setenv("CHROME", named)
	path, err = findChrome()
	require.NoError(t, err, "CHROME comes first")
	assert.Equal(t, named, path)

	t.Setenv("CHROME", filepath.Join(bin, "gone"))
	_, err = findChrome()
	assert.ErrorContains(t, err, "names no program that can be run")
}

func TestInstallChromeNeedsApt(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("CHROME", "")
	out, err := runTool(t, ".", nil, "chrome")
	require.Error(t, err)
	assert.Contains(t, out, "no Chromium or Chrome was found")
	assert.Contains(t, out, "CHROME=/path/to/chrome")
}

// fakeApt stands in for apt-get: it writes down what it was asked, and a
// browser appears.
const fakeApt = `#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >> "${0%/*}/asked"
printf '#!/bin/sh\n' > "${0%/*}/chromium"
/bin/chmod +x "${0%/*}/chromium"
`

func TestInstallChrome(t *testing.T) {
	bin := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(bin, "apt-get"), []byte(fakeApt), 0o755))
	t.Setenv("PATH", bin)
	t.Setenv("CHROME", "")
	out, err := runTool(t, ".", nil, "chrome")
	if os.Geteuid() != 0 {
		require.Error(t, err)
		assert.Contains(t, out, "only root can have it done here")
		return
	}
	require.NoError(t, err, out)
	assert.Contains(t, out, filepath.Join(bin, "chromium"))
	asked, err := os.ReadFile(filepath.Join(bin, "asked"))
	require.NoError(t, err)
	assert.Equal(t, "noninteractive update -q\nnoninteractive install -q -y --no-install-recommends chromium\n", string(asked))
}
