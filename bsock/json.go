package bsock

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// The JSON the protocol itself needs: is a text valid, where does a value end,
// what is the event's name, what does a small object say. Everything else in a
// payload is the application's. encoding/json would do it all, and add a fifth
// to the module a browser loads.

// maxDepth is how deep arrays and objects may nest. It is encoding/json's own
// bound.
const maxDepth = 10000

// validJSON reports whether src is one JSON value and nothing else.
func validJSON(src []byte) bool {
	end, ok := scanValue(src, skipSpace(src, 0))
	return ok && skipSpace(src, end) == len(src)
}

func skipSpace(src []byte, n int) int {
	for n < len(src) && (src[n] == ' ' || src[n] == '\t' || src[n] == '\n' || src[n] == '\r') {
		n++
	}
	return n
}

// scanValue returns the end of the value that begins at src[n]. It keeps its
// own stack, a bit a level, so that brackets cannot exhaust the program's.
func scanValue(src []byte, n int) (end int, ok bool) {
	var objects [maxDepth/64 + 1]uint64
	depth := 0
	for {
		if n == len(src) {
			return 0, false
		}
		open := src[n] == '{' || src[n] == '['
		if open {
			if depth++; depth > maxDepth {
				return 0, false
			}
			setBit(&objects, depth, src[n] == '{')
			n = skipSpace(src, n+1)
		} else if n, ok = scanScalar(src, n); !ok {
			return 0, false
		}
		// Behind a value, or inside a container that may be empty.
		for {
			if depth == 0 {
				return n, true
			}
			isObject := bit(&objects, depth)
			n = skipSpace(src, n)
			if n < len(src) && src[n] == closer(isObject) {
				n, depth, open = n+1, depth-1, false
				continue
			}
			if !open {
				if n == len(src) || src[n] != ',' {
					return 0, false
				}
				n = skipSpace(src, n+1)
			}
			if isObject {
				if n, ok = scanKey(src, n); !ok {
					return 0, false
				}
			}
			break
		}
	}
}

func setBit(bits *[maxDepth/64 + 1]uint64, i int, v bool) {
	bits[i/64] &^= 1 << (i % 64)
	if v {
		bits[i/64] |= 1 << (i % 64)
	}
}

func bit(bits *[maxDepth/64 + 1]uint64, i int) bool {
	return bits[i/64]&(1<<(i%64)) != 0
}

func closer(isObject bool) byte {
	if isObject {
		return '}'
	}
	return ']'
}

// scanKey returns the place of the value behind the key at src[n].
func scanKey(src []byte, n int) (value int, ok bool) {
	if n, ok = scanString(src, n); !ok {
		return 0, false
	}
	if n = skipSpace(src, n); n == len(src) || src[n] != ':' {
		return 0, false
	}
	return skipSpace(src, n+1), true
}

func scanScalar(src []byte, n int) (end int, ok bool) {
	switch src[n] {
	case '"':
		return scanString(src, n)
	case 't':
		return scanWord(src, n, "true")
	case 'f':
		return scanWord(src, n, "false")
	case 'n':
		return scanWord(src, n, "null")
	}
	return scanNumber(src, n)
}

func scanWord(src []byte, n int, word string) (end int, ok bool) {
	end = n + len(word)
	return end, end <= len(src) && string(src[n:end]) == word
}

func scanString(src []byte, n int) (end int, ok bool) {
	if n == len(src) || src[n] != '"' {
		return 0, false
	}
	for n = skipPlain(src, n+1); n < len(src); n = skipPlain(src, n+1) {
		switch c := src[n]; {
		case c == '"':
			return n + 1, true
		case c < ' ':
			return 0, false
		case c == '\\':
			size := escapeSize(src[n:])
			if size == 0 {
				return 0, false
			}
			n += size - 1
		}
	}
	return 0, false
}

// skipPlain skips what in a string is no quote, no backslash, and not below a space,
// eight bytes at a time; of the last few in src it leaves all to the caller.
func skipPlain(src []byte, n int) int {
	const (
		ones  = 0x0101010101010101
		highs = 0x80 * ones
	)
	for ; n+8 <= len(src); n += 8 {
		word := binary.LittleEndian.Uint64(src[n:])
		quote, backslash := word^'"'*ones, word^'\\'*ones
		// To take one from a byte that is zero borrows, and so does to take a limit
		// from one below it: that sets its high bit, and maybe some further up.
		found := ((quote - ones) &^ quote) | ((backslash - ones) &^ backslash) | ((word - ' '*ones) &^ word)
		if found &= highs; found != 0 {
			return n + bits.TrailingZeros64(found)/8
		}
	}
	return n
}

// escapeSize returns the length of the escape src begins with, 0 if it is none.
func escapeSize(src []byte) int {
	if len(src) < 2 {
		return 0
	}
	switch src[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hex4(src[2:]); ok {
			return 6
		}
	}
	return 0
}

func hex4(src []byte) (r rune, ok bool) {
	if len(src) < 4 {
		return 0, false
	}
	for _, c := range src[:4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

func scanNumber(src []byte, n int) (end int, ok bool) {
	if n < len(src) && src[n] == '-' {
		n++
	}
	start := n
	if n = scanDigits(src, n); n == start || src[start] == '0' && n > start+1 {
		return 0, false
	}
	if n < len(src) && src[n] == '.' {
		start = n + 1
		if n = scanDigits(src, start); n == start {
			return 0, false
		}
	}
	if n < len(src) && src[n]|0x20 == 'e' {
		n++
		if n < len(src) && (src[n] == '+' || src[n] == '-') {
			n++
		}
		start = n
		if n = scanDigits(src, start); n == start {
			return 0, false
		}
	}
	return n, true
}

func scanDigits(src []byte, n int) int {
	for n < len(src) && '0' <= src[n] && src[n] <= '9' {
		n++
	}
	return n
}

// fields goes through an object, which must be valid, field by field.
type fields struct {
	src []byte
	n   int // where the next key is, or the end

	key   string
	value []byte
}

func fieldsOf(src []byte) fields {
	return fields{src: src, n: skipSpace(src, skipSpace(src, 0)+1)}
}

// next reads the next field, and reports whether there is one.
func (f *fields) next() bool {
	if f.src[f.n] == '}' {
		return false
	}
	keyEnd, _ := scanString(f.src, f.n)
	value, _ := scanKey(f.src, f.n)
	end, _ := scanValue(f.src, value)
	f.key, f.value = unquote(f.src[f.n:keyEnd]), f.src[value:end]
	if f.n = skipSpace(f.src, end); f.src[f.n] == ',' {
		f.n = skipSpace(f.src, f.n+1)
	}
	return true
}

// unquote returns what the JSON string src, which must be valid, stands for.
func unquote(src []byte) string {
	return string(appendUnquoted(nil, src[1:len(src)-1]))
}

// appendUnquoted appends what src, the inside of a valid JSON string, stands
// for. Half a surrogate pair becomes U+FFFD.
func appendUnquoted(dst, src []byte) []byte {
	for n := 0; n < len(src); {
		if src[n] != '\\' {
			dst = append(dst, src[n])
			n++
			continue
		}
		if src[n+1] != 'u' {
			dst = append(dst, unescape(src[n+1]))
			n += 2
			continue
		}
		r, size := unescapeRune(src[n:])
		dst = utf8.AppendRune(dst, r)
		n += size
	}
	return dst
}

func unescape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// unescapeRune reads the \uXXXX that src begins with, or the pair of them.
func unescapeRune(src []byte) (r rune, size int) {
	r, _ = hex4(src[2:])
	if r < 0xd800 || r > 0xdfff {
		return r, 6
	}
	if r <= 0xdbff && len(src) >= 12 && src[6] == '\\' && src[7] == 'u' {
		if low, _ := hex4(src[8:]); low >= 0xdc00 && low <= 0xdfff {
			return (r-0xd800)<<10 + (low - 0xdc00) + 0x10000, 12
		}
	}
	return utf8.RuneError, 6
}

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[r>>4], hexDigits[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}
