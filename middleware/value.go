package middleware

import "unicode/utf8"

// A Kind is the type of a JavaScript value.
type Kind uint8

const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	Function
	Object
)

// A Value is a field of an action as the page gave it: anything at all.
type Value struct {
	Kind   Kind
	Number float64 // of a Number; 1 for true
	Text   string  // of a String; for the others how they read
}

// maxShown bounds what an error shows of a value, in bytes.
const maxShown = 80

// String returns v as an error message shows it.
func (v *Value) String() string {
	text := v.Text
	if len(text) > maxShown {
		text = cut(text) + "…"
	}
	switch v.Kind {
	case Absent:
		return "nothing"
	case Null:
		return "null"
	case String:
		return `the string "` + text + `"`
	case Function:
		return "a function"
	}
	return text
}

// cut returns as much of text as is shown, up to the end of a letter.
func cut(text string) string {
	n := maxShown
	for !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// missing reports whether v is null or not there.
func (v *Value) missing() bool { return v.Kind == Absent || v.Kind == Null }

// truthy reports whether JavaScript takes v for true.
func (v *Value) truthy() bool {
	switch v.Kind {
	case Absent, Null:
		return false
	case Bool, Number:
		return v.Number != 0 && v.Number == v.Number
	case String:
		return v.Text != ""
	}
	return true
}
