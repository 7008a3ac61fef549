package native_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// npm's bsock or Socket.IO as a peer: a Node process that is steered by lines of
// JSON, as www/test/peers/control.mjs describes them.

const (
	peersDir = "../../www/test"
	patience = 30 * time.Second
)

// An npmPeer is a package of npm's in a process of its own.
type npmPeer struct {
	t     *testing.T
	stdin io.WriteCloser

	mu       sync.Mutex
	sequence int
	said     []map[string]json.RawMessage // lines that nobody has taken yet
	ended    bool
	news     chan struct{} // closed and replaced when a line comes
}

// startPeer runs one of the scripts in www/test/peers.
func startPeer(t *testing.T, script string, args ...string) *npmPeer {
	t.Helper()
	_, err := os.Stat(peersDir + "/node_modules/bsock/package.json")
	require.NoError(t, err, "the peers are not installed: run `npm ci` in www/test, or `make test`")
	cmd := exec.Command("node", append([]string{"peers/" + script}, args...)...)
	cmd.Dir = peersDir
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start(), "the interop tests need Node: install nodejs")
	p := &npmPeer{t: t, stdin: stdin, news: make(chan struct{})}
	read := make(chan struct{})
	go func() { defer close(read); p.read(stdout) }()
	t.Cleanup(func() {
		_ = stdin.Close() // the script ends with its standard input
		<-read
		assert.NoError(t, cmd.Wait(), "the peer ends well")
	})
	return p
}

func (p *npmPeer) read(stdout io.Reader) {
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line map[string]json.RawMessage
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			p.t.Errorf("the peer said %q: %v", lines.Text(), err)
			continue
		}
		p.note(line, false)
	}
	p.note(nil, true)
}

func (p *npmPeer) note(line map[string]json.RawMessage, ended bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if line != nil {
		p.said = append(p.said, line)
	}
	p.ended = p.ended || ended
	close(p.news)
	p.news = make(chan struct{})
}

// take waits for a line that has the key, and takes it. A value, if given, must
// be there too.
func (p *npmPeer) take(key, value string) map[string]json.RawMessage {
	p.t.Helper()
	return p.takeIn("", key, value)
}

// takeIn is take for a line about a namespace, "" for the default one.
func (p *npmPeer) takeIn(nsp, key, value string) map[string]json.RawMessage {
	p.t.Helper()
	if nsp != "" {
		nsp = `"` + nsp + `"`
	}
	timeout := time.After(patience)
	for {
		line, ended, news := p.find(func(line map[string]json.RawMessage) bool {
			got, ok := line[key]
			return ok && (value == "" || string(got) == value) && string(line["nsp"]) == nsp
		})
		if line != nil {
			return line
		}
		require.False(p.t, ended, "the peer ended before it said %s %s", key, value)
		select {
		case <-news:
		case <-timeout:
			require.Fail(p.t, "the peer never said "+key+" "+value)
		}
	}
}

// find takes the first line that is wanted, if there is one.
func (p *npmPeer) find(wanted func(map[string]json.RawMessage) bool) (line map[string]json.RawMessage, ended bool, news <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.IndexFunc(p.said, wanted); i >= 0 {
		line = p.said[i]
		p.said = slices.Delete(p.said, i, i+1)
	}
	return line, p.ended, p.news
}

// begin gives the peer a command and returns what waits for its result.
func (p *npmPeer) begin(command string, args ...any) func() (string, *bsock.RemoteError) {
	p.t.Helper()
	p.mu.Lock()
	p.sequence++
	id := p.sequence
	p.mu.Unlock()
	line, err := json.Marshal(map[string]any{"id": id, "do": command, "args": append([]any{}, args...)})
	require.NoError(p.t, err)
	_, err = p.stdin.Write(append(line, '\n'))
	require.NoError(p.t, err)
	return func() (string, *bsock.RemoteError) {
		p.t.Helper()
		answer := p.take("id", fmt.Sprint(id))
		if raw, failed := answer["error"]; failed {
			return "", peerError(p.t, raw)
		}
		return string(answer["value"]), nil
	}
}

// do gives the peer a command that must succeed, and returns its result.
func (p *npmPeer) do(command string, args ...any) string {
	p.t.Helper()
	value, err := p.begin(command, args...)()
	require.Nil(p.t, err, "the peer carries out %s", command)
	return value
}

// heard waits for the event and returns its arguments.
func (p *npmPeer) heard(event string) string {
	p.t.Helper()
	name, err := json.Marshal(event)
	require.NoError(p.t, err)
	return string(p.take("event", string(name))["args"])
}

func peerError(t *testing.T, raw json.RawMessage) *bsock.RemoteError {
	t.Helper()
	var fields struct{ Message, Name, Type, Code string }
	require.NoError(t, json.Unmarshal(raw, &fields))
	return &bsock.RemoteError{Message: fields.Message, Name: fields.Name, Type: fields.Type, Code: fields.Code}
}

// within returns a context that ends when the test has taken too long. It can be
// used in cleanups, when that of the test has ended.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	t.Cleanup(cancel)
	return ctx
}

// next returns what comes out of ch, and does not wait for ever.
func next[T any](t *testing.T, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		require.Fail(t, "nothing came in time")
		panic("unreachable")
	}
}

// pattern is the payload that www/test/peers/payload.mjs makes of {"$bytes": n}.
func pattern(n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(31*i + 7 + i>>8)
	}
	return data
}

// patternText is what payload.mjs makes of {"$text": n}.
func patternText(n int) string { return hex.EncodeToString(pattern(n))[:n] }

// digest is how the peer reports a payload that is too long to print.
func digest(payload []byte, binary bool) string {
	sum := sha256.Sum256(payload)
	return fmt.Sprintf(`{"$sha256":"%x","length":%d,"binary":%t}`, sum, len(payload), binary)
}

// digestOf is the digest of what is too long to print, else "".
func digestOf(v any) string {
	const limit = 1024 // bytes, as in payload.mjs
	switch v := v.(type) {
	case []byte:
		if len(v) > limit {
			return digest(v, true)
		}
	case string:
		if len(v) > limit {
			return digest([]byte(v), false)
		}
	}
	return ""
}
