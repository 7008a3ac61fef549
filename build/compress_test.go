package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTightened(t *testing.T) {
	p := newProject(t)
	text := bytes.Repeat([]byte("bsock speaks Socket.IO 2; "), 1000)
	packed, err := p.tightened(t.Context(), text)
	require.NoError(t, err)
	loose, err := gzipped(text)
	require.NoError(t, err)
	assert.LessOrEqual(t, len(packed), len(loose))

	r, err := gzip.NewReader(bytes.NewReader(packed))
	require.NoError(t, err)
	assert.True(t, r.ModTime.IsZero(), "no time is in it")
	plain, err := io.ReadAll(r)
	require.NoError(t, err)
	assert.Equal(t, text, plain)

	p.tools = t.TempDir()
	kept, err := p.tightened(t.Context(), text)
	require.NoError(t, err, "what was packed once is kept")
	assert.Equal(t, packed, kept)
}
