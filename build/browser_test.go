package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBrowserRunsACommandWithIt(t *testing.T) {
	named := filepath.Join(t.TempDir(), "my firefox")
	require.NoError(t, os.WriteFile(named, []byte("#!/bin/sh\n"), 0o755))
	env := []string{"FIREFOX=" + named}
	out, err := runTool(t, ".", env, "browser", "firefox", "sh", "-c", `echo "$BROWSER at $FIREFOX"; exit 3`)
	assert.ErrorContains(t, err, "exit status 3", "the command's own code comes back")
	assert.Equal(t, "firefox at "+named+"\n", out)
}

func TestBrowserThatCannotBeHad(t *testing.T) {
	env := []string{"FIREFOX=" + filepath.Join(t.TempDir(), "gone"), "CI="}
	out, err := runTool(t, ".", env, "browser", "firefox", "echo", "tested")
	require.NoError(t, err, "a person may do without one")
	assert.Contains(t, out, "NOT TESTED IN FIREFOX")
	assert.NotContains(t, out, "\ntested")

	out, err = runTool(t, ".", append(env, "CI=true"), "browser", "firefox", "echo", "tested")
	require.Error(t, err, "CI may not")
	assert.Contains(t, out, "there is no firefox to test with")
}

func TestBrowserIsInstalled(t *testing.T) {
	bin := t.TempDir()
	fake := `#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >> "${0%/*}/asked"
for name in WebKitWebDriver Xvfb; do
	printf '#!/bin/sh\n' > "${0%/*}/$name"
	/bin/chmod +x "${0%/*}/$name"
done
`
	require.NoError(t, os.WriteFile(filepath.Join(bin, "apt-get"), []byte(fake), 0o755))
	t.Setenv("PATH", bin)
	out, err := runTool(t, ".", []string{"CI=true"}, "browser", "webkit", "/bin/sh", "-c", "echo $BROWSER")
	if os.Geteuid() != 0 {
		require.Error(t, err)
		assert.Contains(t, out, "only root can have it done here")
		return
	}
	require.NoError(t, err, out)
	assert.Contains(t, out, "webkit\n")
	asked, err := os.ReadFile(filepath.Join(bin, "asked"))
	require.NoError(t, err)
	assert.Equal(t, "noninteractive update -q\nnoninteractive install -q -y --no-install-recommends webkit2gtk-driver xvfb\n", string(asked))
}

func TestBrowserIsOneOfThose(t *testing.T) {
	for _, args := range [][]string{{"browser"}, {"browser", "firefox"}, {"browser", "lynx", "true"}} {
		out, err := runTool(t, ".", nil, args...)
		require.Error(t, err)
		assert.Contains(t, out, "firefox or webkit", args)
	}
}
