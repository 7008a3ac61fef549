package bsock

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What ends a string, or may not stand in it, is found wherever it stands among
// the eight bytes that are looked at together.
func TestStringsOfAllLengths(t *testing.T) {
	for _, special := range []string{`"`, `\"`, `\\`, `\u0041`, `\u00zz`, `\`, `\x`, "\x00", "\x1f", " ", "!", "#", "[", "]", "\x7f", "\x80", "\xa2", "\xdc", "\xff", "é"} {
		for before := range 20 {
			for after := range 20 {
				text := `"` + strings.Repeat("a", before) + special + strings.Repeat("\u00ff", after) + `"`
				assert.Equal(t, json.Valid([]byte(text)), validJSON([]byte(text)), text)
				assert.Equal(t, json.Valid([]byte(text[:len(text)-1])), validJSON([]byte(text[:len(text)-1])), "%s, cut off", text)
			}
		}
	}
}
