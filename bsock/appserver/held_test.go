package appserver

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// What is remembered is bounded, is what the server took, and is said again
// however much it is.

// Each of many calls may be small, and each of few large: both are counted.
func TestWhatIsRememberedIsBounded(t *testing.T) {
	b := serve(t, simulatedNode(t), nil).settled().browser("local")
	long := strings.Repeat("x", maxHeldBytes)
	assert.Equal(t, CodeTooMany, b.refused("dispatch", "wallet join", "alice", long).Code)
	assert.Equal(t, CodeTooMany, b.refused("dispatch", "watch chain", long).Code)

	b.dispatch("set filter", make([]byte, 10))
	for range maxFilterBytes/(callCost+len(`[]`)) - 1 {
		b.dispatch("add filter", []any{})
	}
	assert.Equal(t, CodeTooMany, b.refused("dispatch", "add filter", []any{}).Code, "additions of nothing are counted as well")
}

func TestWhatIsRememberedIsCopied(t *testing.T) {
	padded := argsOf(t, `["alice",`+strings.Repeat(" ", 1<<20)+`"token"]`)
	m := message{kind: walletKind, event: "join", args: padded}.kept()
	assert.Equal(t, `"alice"`, string(m.args.Raw(0)))
	assert.Equal(t, `"token"`, string(m.args.Raw(1)))
	assert.Less(t, cap(m.args.Raw(0)), 100, "the text around it is let go")
	assert.Equal(t, callCost+len(`"alice""token"`), m.size())
}

func TestARefusalDoesNotUndoWhatWasSaidBefore(t *testing.T) {
	p := dummy(t, map[string]func(context.Context, native.Args) (any, error){
		"watch chain": func(_ context.Context, args native.Args) (any, error) {
			if how, _ := args.Text(0); how != "right" {
				return nil, errors.New("Wrong.")
			}
			return nil, nil
		},
	})
	w := serve(t, p, nil).settled()
	b, other := w.browser("local"), w.browser("local")
	u := w.server.shared["local"][nodeKind]
	other.refused("dispatch", "watch chain", "wrong")
	u.mu.Lock()
	assert.Empty(t, u.held, "what was refused is forgotten")
	u.mu.Unlock()
	b.dispatch("watch chain", "right")
	b.refused("dispatch", "watch chain", "wrong")
	other.refused("dispatch", "watch chain", "wrong")
	u.mu.Lock()
	defer u.mu.Unlock()
	h := u.held["watch chain"]
	require.NotNil(t, h)
	assert.Len(t, h.by, 1)
	how, _ := h.call.args.Text(0)
	assert.Equal(t, "right", how, "a new connection is told what the server took")
}

// A server that is far away would be lost for good if what it must be told took
// longer, one after the other, than a connection may take to be made.
func TestMuchIsSaidAgainAtOnce(t *testing.T) {
	const joined, slow = 1500, 10 * time.Millisecond
	var open atomic.Bool
	var told atomic.Int32
	p := dummy(t, map[string]func(context.Context, native.Args) (any, error){
		"auth": func(context.Context, native.Args) (any, error) {
			if !open.Load() {
				return nil, errors.New("Not yet.")
			}
			return nil, nil
		},
		"join": func(ctx context.Context, _ native.Args) (any, error) {
			letNext(ctx)
			told.Add(1)
			time.Sleep(slow)
			return nil, nil
		},
	})
	w := serve(t, p, func(c *Config) { c.MaxJoined = joined })
	b := w.browser("local")
	for i := range joined {
		b.dispatch("wallet join", fmt.Sprint(i))
	}
	open.Store(true)
	began := time.Now()
	w.settled()
	assert.EqualValues(t, joined, told.Load())
	assert.Less(t, time.Since(began), joined*slow/3)
}
