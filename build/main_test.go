package main

import (
	"io"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUsage(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "which verb?"},
		{[]string{"complie"}, `there is no verb "complie"`},
		{[]string{"clean", "everything"}, `clean takes no argument, but got "everything"`},
		{[]string{"dist", "-fast"}, "flag provided but not defined: -fast"},
		{[]string{"exec"}, "exec needs the test binary's file: use `go test -exec`, as `make test-wasm` does"},
	} {
		err := run(t.Context(), test.args, io.Discard, io.Discard)
		require.Error(t, err)
		assert.Equal(t, test.want, err.Error())
		assert.Equal(t, 2, exitCode(err), "a mistake on the command line has a code of its own")
	}
}

func TestHelpNamesEveryVerb(t *testing.T) {
	out, err := runTool(t, ".", nil)
	require.Error(t, err)
	for _, v := range verbs() {
		assert.Contains(t, out, v.name)
		assert.Contains(t, out, v.summary)
	}
}

func TestExitCodeIsTheChilds(t *testing.T) {
	err := exec.Command("sh", "-c", "exit 7").Run()
	assert.Equal(t, 7, exitCode(err))
	assert.True(t, told(err), "the child has said why")
}

func TestFindProject(t *testing.T) {
	t.Chdir("testdata/project/wasm")
	p, err := findProject()
	require.NoError(t, err, "any folder of the work tree will do")
	assert.Equal(t, "www/package.json", p.rel(p.path("www/package.json")))

	t.Chdir(t.TempDir())
	_, err = findProject()
	assert.ErrorContains(t, err, "is not inside the work tree of "+modulePath)
}
