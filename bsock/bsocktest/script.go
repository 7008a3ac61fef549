// Package bsocktest has what tests of state machines need: a runner of
// transcripts, and two Conns with an in-memory link between them.
package bsocktest

import (
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the transcripts with what comes out")

// A Machine is what a transcript talks to: it takes a line of input and
// returns the lines that come out.
type Machine func(t *testing.T, line string) []string

// RunScripts runs every transcript in dir of files, each against a machine of
// its own. A transcript is a sequence of blocks:
//
//	# What the block shows. Comments may stand in front of any block.
//	a line of input
//	another
//	----
//	what must come out
//
// A block ends with an empty line. With -update the transcripts are rewritten
// with what came out, for the difference to be reviewed.
func RunScripts(t *testing.T, files fs.FS, dir string, newMachine func() Machine) {
	names, err := fs.Glob(files, path.Join(dir, "*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, names, "there are transcripts in %s", dir)
	for _, name := range names {
		t.Run(strings.TrimSuffix(path.Base(name), ".txt"), func(t *testing.T) {
			text, err := fs.ReadFile(files, name)
			require.NoError(t, err)
			got := runScript(t, string(text), newMachine())
			if *update {
				require.NoError(t, os.WriteFile(filepath.FromSlash(name), []byte(got), 0o644))
				return
			}
			assert.Equal(t, string(text), got, "the transcript says what comes out")
		})
	}
}

// runScript returns text with the expectations replaced by what comes out.
func runScript(t *testing.T, text string, machine Machine) string {
	var b strings.Builder
	blocks := strings.Split(strings.TrimSpace(text), "\n\n")
	for i, block := range blocks {
		if i > 0 {
			b.WriteString("\n")
		}
		runBlock(t, &b, block, machine)
	}
	return b.String()
}

func runBlock(t *testing.T, b *strings.Builder, block string, machine Machine) {
	input, _, hasOutput := strings.Cut(block+"\n", "----\n")
	b.WriteString(input)
	if !hasOutput {
		require.True(t, allComments(input), "a block has a line of dashes:\n%s", block)
		return
	}
	b.WriteString("----\n")
	for line := range strings.Lines(input) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		for _, out := range machine(t, line) {
			b.WriteString(out + "\n")
		}
	}
}

func allComments(text string) bool {
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			return false
		}
	}
	return true
}
