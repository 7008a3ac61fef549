package native

import (
	"bytes"
	"math"
	"slices"
	"strconv"
)

// Where things are in JSON that is known to be valid: elements of an array,
// placeholders anywhere. Nothing here checks, and nothing is decoded but keys.

// fewElements is how many elements most arrays of arguments have, and an event's
// name or an error slot.
const fewElements = 3

// elements returns the elements of the array src, as slices of it.
func elements(src []byte) [][]byte {
	n := skipSpace(src, skipSpace(src, 0)+1)
	list := make([][]byte, 0, fewElements)
	for src[n] != ']' {
		end := valueEnd(src, n)
		list = append(list, src[n:end:end])
		n = nextElement(src, end)
	}
	return list
}

// nextElement returns the place of what follows the element that ends at n: the
// next one, or the closing bracket.
func nextElement(src []byte, n int) int {
	n = skipSpace(src, n)
	if src[n] == ',' {
		n = skipSpace(src, n+1)
	}
	return n
}

func skipSpace(src []byte, n int) int {
	for n < len(src) && (src[n] == ' ' || src[n] == '\t' || src[n] == '\n' || src[n] == '\r') {
		n++
	}
	return n
}

// valueEnd returns the end of the value that begins at src[n].
func valueEnd(src []byte, n int) int {
	depth := 0
	for {
		switch src[n] {
		case '"':
			n = stringEnd(src, n)
		case '[', '{':
			depth++
			n++
		case ']', '}':
			depth--
			n++
		case ',', ':', ' ', '\t', '\n', '\r':
			n++
			continue
		default:
			n = scalarEnd(src, n)
		}
		if depth == 0 {
			return n
		}
	}
}

// shortString is how long a string may be for bytes.IndexByte to take longer than
// a look at each byte.
const shortString = 32

func stringEnd(src []byte, n int) int {
	n++
	for long := n + shortString; n < long; n++ {
		switch src[n] {
		case '\\':
			n++
		case '"':
			return n + 1
		}
	}
	for ; ; n++ {
		n += bytes.IndexByte(src[n:], '"')
		escapes := n
		for src[escapes-1] == '\\' {
			escapes--
		}
		if (n-escapes)%2 == 0 {
			return n + 1
		}
	}
}

// scalarEnd returns the end of a number or a word.
func scalarEnd(src []byte, n int) int {
	for n < len(src) {
		switch src[n] {
		case ',', ']', '}', ':', ' ', '\t', '\n', '\r':
			return n
		}
		n++
	}
	return n
}

// A span is an object that is, or looks like, a placeholder.
type span struct {
	start, end int
	num        uint32
}

// placeholders returns the placeholders in src of attachments that there are.
func placeholders(src []byte, attachments int) []span {
	if attachments == 0 {
		return nil
	}
	return slices.DeleteFunc(lookalikes(src), func(s span) bool { return int64(s.num) >= int64(attachments) })
}

// lookalikes returns all objects in src that have the form of a placeholder, in
// order. Whatever else such an object holds, bsock takes it for one.
// bsock: lib/packet.js isPlaceholder
func lookalikes(src []byte) []span {
	var c collector
	c.collect(src)
	return c.spans
}

// A collector finds what looks like a placeholder.
type collector struct {
	spans []span

	// ends, if it is not nil, is told where what holds spans begins and ends.
	ends map[int]int
}

func (c *collector) collect(src []byte) {
	if !bytes.Contains(src, []byte("_placeholder")) && !bytes.ContainsRune(src, '\\') {
		return // the key cannot be in there, not even escaped
	}
	c.value(src, skipSpace(src, 0))
}

// value returns the end of the value at src[n], and adds what it finds in it.
func (c *collector) value(src []byte, n int) (end int) {
	before := len(c.spans)
	switch src[n] {
	case '"':
		return stringEnd(src, n)
	case '[':
		end = c.array(src, n)
	case '{':
		end = c.object(src, n)
	default:
		return scalarEnd(src, n)
	}
	if c.ends != nil && len(c.spans) > before {
		c.ends[n] = end
	}
	return end
}

func (c *collector) array(src []byte, n int) (end int) {
	n = skipSpace(src, n+1)
	for src[n] != ']' {
		n = nextElement(src, c.value(src, n))
	}
	return n + 1
}

func (c *collector) object(src []byte, start int) (end int) {
	var num uint32
	mark, numbered, before := false, false, len(c.spans)
	n := skipSpace(src, start+1)
	for src[n] != '}' {
		key, value := member(src, n)
		n = c.value(src, value)
		switch key {
		case "_placeholder":
			mark = string(src[value:n]) == "true"
		case "num":
			num, numbered = uint32At(src[value:n])
		}
		n = nextElement(src, n)
	}
	n++
	if mark && numbered {
		c.spans = append(c.spans[:before], span{start, n, num}) // what it holds is lost with it
	}
	return n
}

// member returns the key at src[n] and the place of its value.
func member(src []byte, n int) (key string, value int) {
	end := stringEnd(src, n)
	key, _ = unquote(src[n:end]) // it is valid
	return key, skipSpace(src, skipSpace(src, end)+1)
}

// uint32At returns the number that text is, if it is a uint32. As in JavaScript
// 1.0 and 1e0 are 1.
func uint32At(text []byte) (num uint32, ok bool) {
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || f < 0 || f > math.MaxUint32 || f != math.Trunc(f) {
		return 0, false
	}
	return uint32(f), true
}

// placeholderAt returns the number of the attachment that src stands for, if it
// stands for one.
func placeholderAt(src []byte, attachments int) (num int, ok bool) {
	if src[skipSpace(src, 0)] != '{' {
		return 0, false
	}
	list := placeholders(src, attachments)
	if len(list) != 1 || list[0].start != skipSpace(src, 0) {
		return 0, false
	}
	return int(list[0].num), true
}
