//go:build js && wasm

package jsbridge

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Rule 6 of the border: exports and imports nest, within bounds.

// maxDepth is MAX_DEPTH of guest.js.
const maxDepth = 200

// nest has the guest call out, and JavaScript call in, until the guest has
// been called this many times; 0 is for ever.
func nest(t *testing.T, depth int) {
	t.Helper()
	run(t, `border.on("dispatch", () => { guest.advance(0); return true; })`)
	calls := 0
	goSide.react = func() {
		if calls++; calls != depth {
			host(0).Dispatch("AGAIN")
		}
	}
}

func TestNesting(t *testing.T) {
	const depth = 150
	begin(t)
	nest(t, depth)
	run(t, `guest.advance(0)`)
	assert.Len(t, goSide.take(), depth)
	assert.Len(t, takeImports(t), depth-1, "none of them was refused")
	assert.Equal(t, "false", text(t, "guest.busy"))
}

func TestNestingTooDeep(t *testing.T) {
	begin(t)
	for range 3 { // and it recovers
		nest(t, 0)
		run(t, `guest.advance(0)`)
		assert.Len(t, goSide.take(), maxDepth)
		lines := takeImports(t)
		require.Len(t, lines, maxDepth+1)
		assert.Equal(t, `0 caught "TOO_DEEP"`, lines[maxDepth], "the innermost is refused")
		assert.Equal(t, "false", text(t, "guest.busy"))
	}
	goSide.react = nil
	run(t, `guest.advance(1)`)
	assert.Equal(t, []string{"1 advance"}, goSide.take())
}

// TestNestingIsBoundedForEveryExport: each is refused, and leaves no trace.
func TestNestingIsBoundedForEveryExport(t *testing.T) {
	for statement := range exports {
		begin(t)
		nest(t, maxDepth)
		run(t, `border.on("dispatch", () => guest.advance(0));
			border.on("askKey", () => { `+statement+` })`)
		calls := 0
		goSide.react = func() {
			if calls++; calls < maxDepth {
				host(0).Dispatch("AGAIN")
				return
			}
			host(0).AskKey(1)
		}
		run(t, `guest.advance(0)`)
		lines := takeImports(t)
		require.NotEmpty(t, lines, statement)
		assert.Equal(t, `0 caught "TOO_DEEP"`, lines[len(lines)-1], statement)
		assert.Len(t, goSide.take(), maxDepth, "%s has not come through", statement)
		assert.Equal(t, "false", text(t, "guest.busy"), statement)
	}
}

func TestBusy(t *testing.T) {
	begin(t)
	var inside string
	goSide.react = func() { inside = text(t, "guest.busy") }
	run(t, `guest.advance(0)`)
	assert.Equal(t, "true", inside)
	assert.Equal(t, "false", text(t, "guest.busy"))
}

// TestNestedTextsDoNotMix: each level keeps its own text, though all of them
// come through the same buffer, which grows on the way.
func TestNestedTextsDoNotMix(t *testing.T) {
	const depth = 20
	begin(t)
	run(t, `let level = 1;
		border.on("dispatch", () => guest.handleMalformed(0, "m".repeat(100 * ++level)));`)
	level := 0
	goSide.react = func() {
		level++
		want, got := strings.Repeat("m", 100*level), goSide.message
		if level < depth {
			host(0).Dispatch(got)
		}
		assert.Equal(t, want, got)
	}
	run(t, `guest.handleMalformed(0, "m".repeat(100))`)
	assert.Len(t, goSide.take(), depth)
}
