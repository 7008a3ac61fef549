package bsock

import (
	"embed"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What npm's bsock says and understands, recorded in testdata/vectors, holds
// for a Conn too, but for the differences listed. One that is not listed fails,
// and so does one that is listed and is none any more.

//go:embed testdata/vectors/*.json
var vectorFiles embed.FS

// A vector is one recorded case: its test reads the rest of it from raw.
type vector struct {
	Name string
	raw  json.RawMessage
}

// into reads the fields of v that a test wants.
func (v vector) into(t *testing.T, fields any) {
	require.NoError(t, json.Unmarshal(v.raw, fields))
}

// checkVectors holds run to a file. It returns, as lines, what a vector says
// and what a Conn does.
func checkVectors(t *testing.T, file string, run func(t *testing.T, v vector) (want, got []string)) {
	listed := make(map[string]bool)
	for key := range differences {
		if strings.HasPrefix(key, file+": ") {
			listed[key] = true
		}
	}
	for _, v := range readVectors(t, file) {
		key := file + ": " + v.Name
		t.Run(v.Name, func(t *testing.T) {
			want, got := run(t, v)
			compareVector(t, key, want, got)
		})
		delete(listed, key)
	}
	assert.Empty(t, listed, "every listed difference is from a vector")
}

func readVectors(t *testing.T, file string) []vector {
	text, err := vectorFiles.ReadFile("testdata/vectors/" + file + ".json")
	require.NoError(t, err)
	var raws []json.RawMessage
	require.NoError(t, json.Unmarshal(text, &raws))
	require.NotEmpty(t, raws, "there are vectors in %s.json", file)
	vectors := make([]vector, len(raws))
	for i, raw := range raws {
		vectors[i].raw = raw
		vectors[i].into(t, &vectors[i])
	}
	return vectors
}

func compareVector(t *testing.T, key string, want, got []string) {
	alike := blurErrors(want, got)
	d, listed := differences[key]
	if !listed {
		assert.Equal(t, want, alike, "a Conn does what bsock does, or a difference is listed")
		return
	}
	assert.NotEmpty(t, d.why, "a listed difference has its reason")
	assert.NotEqual(t, want, alike, "a listed difference is one: take it off the list if it is no more")
	assert.Equal(t, d.instead, strings.Join(got, "; "), "a Conn does what is listed: %s", d.why)
}

// anyError stands for an error of which bsock tells only that there was one.
const anyError = "error *"

// blurErrors returns got with those errors made anyError that are so in want.
func blurErrors(want, got []string) []string {
	got = slices.Clone(got)
	for i, line := range got {
		if i == len(want) {
			break
		}
		before, isAny := strings.CutSuffix(want[i], anyError)
		if isAny && strings.HasPrefix(line, before+"error ") {
			got[i] = want[i]
		}
	}
	return got
}

// A vectorFrame is a WebSocket message.
type vectorFrame struct {
	Text   *string
	Binary *string // in hexadecimal
}

func (f vectorFrame) String() string {
	if f.Text != nil {
		return *f.Text
	}
	return "#" + *f.Binary
}

// bytes are the message.
func (f vectorFrame) bytes(t *testing.T) []byte {
	if f.Text != nil {
		return []byte(*f.Text)
	}
	data, err := hex.DecodeString(*f.Binary)
	require.NoError(t, err)
	return data
}

// showFrames returns the messages that ev asks for.
func showFrames(ev Event) []string {
	if ev.Kind == EventText {
		return []string{"send " + string(ev.Head) + string(ev.Payload.JSON)}
	}
	var lines []string
	for _, a := range ev.Payload.Attachments {
		lines = append(lines, "send #04"+hex.EncodeToString(a))
	}
	return lines
}
