package bsock

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What is looked at first of a name must let all the reserved ones through.
func TestReservedNames(t *testing.T) {
	for _, name := range reserved3 {
		assert.True(t, Version3.Reserved(name), name)
		assert.LessOrEqual(t, len(name), longestReserved, name)
	}
	for _, name := range reserved4 {
		assert.True(t, Version4.Reserved(name), name)
		assert.LessOrEqual(t, len(name), longestReserved, name)
	}
}

func TestNamesThatAreNotReserved(t *testing.T) {
	for _, name := range []string{
		"", "p", "Ping", "pink", "{ing", "dispatch", "broadcast", "subscribe", "reconnects",
		"reconnect_attempts", "\xffing", "connect\x00",
	} {
		assert.False(t, Version3.Reserved(name), name)
		assert.False(t, Version4.Reserved(name), name)
	}
}
