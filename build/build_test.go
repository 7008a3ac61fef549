package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// These tests build a small project of the same shape as this one, from
// testdata/project, each in a folder of its own.

// asTool makes the test binary behave as the tool it tests.
const asTool = "BSOCK_BUILD_AS_TOOL"

func TestMain(m *testing.M) {
	if os.Getenv(asTool) != "" {
		main()
	}
	os.Exit(m.Run())
}

// newProject lays out the small project. What it prints goes to the test's log.
func newProject(t *testing.T) *project {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.CopyFS(root, os.DirFS("testdata/project")))
	tools := filepath.Join(root, "build", "tools")
	require.NoError(t, os.CopyFS(tools, os.DirFS("tools")))
	modules, err := filepath.Abs("../www/test/node_modules")
	require.NoError(t, err)
	return &project{root: root, modules: modules, tools: filepath.Join(tools, "node_modules"), stdout: t.Output(), stderr: t.Output()}
}

// writeText replaces one of the project's files.
func writeText(t *testing.T, p *project, name, text string) {
	t.Helper()
	require.NoError(t, writeFile(p.path(name), []byte(text)))
}

// runTool runs the tool in a folder, as a program of its own.
func runTool(t *testing.T, dir string, env []string, args ...string) (output string, err error) {
	t.Helper()
	return runProgram(t, dir, append(env, asTool+"=1"), self(t), args...)
}

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	require.NoError(t, err)
	return path
}

func runProgram(t *testing.T, dir string, env []string, name string, args ...string) (output string, err error) {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &out
	cmd.Env = append(os.Environ(), env...)
	err = cmd.Run()
	return out.String(), err
}

// runNode runs a script and returns what it printed.
func runNode(t *testing.T, dir, script string) string {
	t.Helper()
	out, err := runProgram(t, dir, nil, "node", "--input-type=module", "--eval", script)
	require.NoError(t, err, "node runs the script to its end:\n%s", out)
	return strings.TrimSpace(out)
}
