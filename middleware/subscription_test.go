package middleware_test

import (
	"fmt"
	"hash/fnv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// A comparing is a page that counts how often bodies are compared, and whose
// hashes are good.
type comparing struct {
	leasing
	compared int
}

func (h *comparing) Same(a, b uint32) bool {
	h.compared++
	return h.leasing.Same(a, b)
}

func (h *comparing) Hash(ref uint32) uint32 {
	hash := fnv.New32a()
	hash.Write([]byte(h.bodies[ref].text))
	return hash.Sum32()
}

// What is remembered is not compared with all that is like it.
func TestComparingLittle(t *testing.T) {
	const count = 1000
	now := time.Unix(1000, 0)
	h := &comparing{leasing: leasing{fakeHost: fakeHost{bodies: make(map[uint32]*body), now: func() time.Time { return now }, plain: true}}}
	h.m = middleware.New(h, middleware.Options{})
	h.connect(now)
	for _, said := range []struct {
		message string
		meta    *middleware.EmitMeta
	}{
		{"enter", &middleware.EmitMeta{Persist: middleware.Value{Kind: middleware.Bool, Number: 1}}},
		{"add filter", nil},
	} {
		for range 2 {
			h.compared, h.out = 0, nil
			for i := range count {
				h.m.HandleEmit(now, &middleware.EmitAction{
					Type: text("broadcast"), Message: text(said.message), Meta: said.meta,
					Ref: h.keep(&body{text: fmt.Sprintf(`["broadcast",%q,%d]`, said.message, i)}),
				})
			}
			assert.LessOrEqual(t, h.compared, count, said.message)
			assert.Contains(t, h.out, fmt.Sprintf(`send 42["broadcast",%q,999]`, said.message))
		}
	}
}
