package bsock

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestBackoffBound(t *testing.T) {
	b := Backoff{Min: 100 * time.Millisecond, Max: 3 * time.Second, Factor: 3}.withDefaults()
	var got []time.Duration
	for n := range 6 {
		got = append(got, b.bound(n))
	}
	want := []time.Duration{100e6, 300e6, 900e6, 2700e6, 3e9, 3e9}
	assert.Equal(t, want, got, "the bounds grow up to the last")
	assert.Equal(t, 3*time.Second, b.bound(1<<30), "and never overflow")
	b.Factor = 1
	assert.Equal(t, b.Min, b.bound(1<<30), "a factor of one keeps the pace")
	b.Min = time.Minute
	assert.Equal(t, b.Max, b.bound(0), "the last bounds the first too")
}
