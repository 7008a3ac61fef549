package appserver

import (
	"context"
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// What browsers may send is bounded; what a node has to say is not, by that.
func TestLargeAnswersPass(t *testing.T) {
	large := make([]byte, 3<<20)
	for i := range large {
		large[i] = byte(i * i >> 8)
	}
	p := dummy(t, map[string]func(context.Context, native.Args) (any, error){
		"auth":      func(context.Context, native.Args) (any, error) { return nil, nil },
		"get block": func(context.Context, native.Args) (any, error) { return large, nil },
	})
	w := serve(t, p, func(c *Config) { c.MaxFrame = 1 << 10 }).settled()
	b := w.browser("local")
	got, ok := b.dispatch("node get block").Bytes()
	require.True(t, ok)
	assert.Equal(t, sha256.Sum256(large), sha256.Sum256(got))
}
