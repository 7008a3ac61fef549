package native_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A party is a Client or a Socket: what holds for one holds for the other.
type party interface {
	binder
	Hook(event string, fn func(context.Context, native.Args) (any, error)) error
	Unhook(event string)
	Fire(ctx context.Context, event string, args ...any) error
	Call(ctx context.Context, event string, args ...any) (native.Value, error)
}

var (
	_ party = (*native.Client)(nil)
	_ party = (*native.Socket)(nil)
)

// bothWays runs a test from the client to the server and the other way round.
func bothWays(t *testing.T, test func(t *testing.T, w *world, here, there party)) {
	t.Run("client to server", func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		c, s := w.dial(native.DialOptions{})
		test(t, w, c, s)
	})
	t.Run("server to client", func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		c, s := w.dial(native.DialOptions{})
		test(t, w, s, c)
	})
}

func TestFire(t *testing.T) {
	bothWays(t, func(t *testing.T, w *world, here, there party) {
		got := inbox(t, there, "tx")
		require.NoError(t, here.Fire(w.ctx, "tx", "primary", map[string]int{"height": 7}, []byte{1, 2, 3}, nil))
		args := receive(t, got, "the event")
		assert.Equal(t, 4, args.Len(), "every argument arrives")
		name, ok := args.Text(0)
		assert.True(t, ok, "a string is a string")
		assert.Equal(t, "primary", name)
		assert.JSONEq(t, `{"height":7}`, string(args.Raw(1)))
		data, ok := args.Bytes(2)
		assert.True(t, ok, "binary data is binary data")
		assert.Equal(t, []byte{1, 2, 3}, data)
		assert.True(t, args.Value(3).IsNull(), "nil is null")
		assert.True(t, args.Value(4).IsNull(), "what is not there is null, as in JavaScript")
		assert.ErrorContains(t, args.Decode(4, new(any)), "argument 4 is missing", "but cannot be decoded")
	})
}

func TestFireIsHeardByAllWhoBind(t *testing.T) {
	bothWays(t, func(t *testing.T, w *world, here, there party) {
		heard := make(chan string, 10)
		bind := func(name string) func() {
			unbind, err := there.Bind("tx", func(native.Args) { heard <- name })
			require.NoError(t, err)
			return unbind
		}
		first, _ := bind("first"), bind("second")
		require.NoError(t, here.Fire(w.ctx, "tx"))
		assert.Equal(t, "first", receive(t, heard, "the first handler"))
		assert.Equal(t, "second", receive(t, heard, "the second handler"))
		first()
		first() // does no harm
		require.NoError(t, here.Fire(w.ctx, "tx"))
		assert.Equal(t, "second", receive(t, heard, "the handler that is left"))
		require.NoError(t, here.Fire(w.ctx, "nobody binds this"))
	})
}

func TestEventNamesAreAnyText(t *testing.T) {
	names := []string{"", "block connect", "Blöcke", "区块", "🧱", "tab\tquote\"back\\slash", "\u2028", "<&>", "\x00"}
	bothWays(t, func(t *testing.T, w *world, here, there party) {
		for _, name := range names {
			got := inbox(t, there, name)
			require.NoError(t, here.Fire(w.ctx, name, name))
			text, _ := receive(t, got, "the event").Text(0)
			assert.Equal(t, name, text, "the event %q arrives", name)
		}
	})
}

func TestReservedNamesAreRefused(t *testing.T) {
	bothWays(t, func(t *testing.T, w *world, here, _ party) {
		_, err := here.Bind("disconnect", func(native.Args) {})
		assert.ErrorIs(t, err, bsock.ErrBadEvent)
		assert.ErrorIs(t, here.Hook("error", func(context.Context, native.Args) (any, error) { return nil, nil }), bsock.ErrBadEvent)
		assert.ErrorIs(t, here.Fire(w.ctx, "connect"), bsock.ErrBadEvent)
		_, err = here.Call(w.ctx, "ping")
		assert.ErrorIs(t, err, bsock.ErrBadEvent)
	})
}

func TestCall(t *testing.T) {
	bothWays(t, func(t *testing.T, w *world, here, there party) {
		require.NoError(t, there.Hook("sum", func(_ context.Context, args native.Args) (any, error) {
			var a, b int
			if err := errors.Join(args.Decode(0, &a), args.Decode(1, &b)); err != nil {
				return nil, err
			}
			return a + b, nil
		}))
		sum, err := here.Call(w.ctx, "sum", 19, 23)
		require.NoError(t, err)
		assert.Equal(t, "42", string(sum.JSON()))

		_, err = here.Call(w.ctx, "sum", 19)
		var remote *bsock.RemoteError
		require.ErrorAs(t, err, &remote, "a hook's error reaches the caller")
		assert.Equal(t, "argument 1 is missing, there are 1", remote.Message)
		assert.Equal(t, "Error", remote.Name)

		assert.ErrorIs(t, there.Hook("sum", nil), native.ErrHookExists, "a call has one hook")
		there.Unhook("sum")
		_, err = here.Call(w.ctx, "sum", 19, 23)
		assert.EqualError(t, err, "Call not found: sum.", "a hook can be taken away")
	})
}

func TestResults(t *testing.T) {
	tests := []struct {
		sentence string
		result   any
		want     string
	}{
		{"nothing is null", nil, `null`},
		{"text", "a<b>&\u2028", `"a<b>&\u2028"`},
		{"a list", []int{1, 2}, `[1,2]`},
		{"a struct with its tags", struct {
			Height int    `json:"height"`
			Key    []byte `json:"key"`
		}{3, []byte("abc")}, `{"height":3,"key":"YWJj"}`},
		{"a time", time.Unix(0, 0).UTC(), `"1970-01-01T00:00:00Z"`},
		{"an empty object", map[string]any{}, `{}`},
	}
	bothWays(t, func(t *testing.T, w *world, here, there party) {
		for _, test := range tests {
			require.NoError(t, there.Hook(test.sentence, func(context.Context, native.Args) (any, error) { return test.result, nil }))
			v, err := here.Call(w.ctx, test.sentence)
			require.NoError(t, err, test.sentence)
			assert.Equal(t, test.want, string(v.JSON()), test.sentence)
		}
	})
}

func TestErrorsOfHooks(t *testing.T) {
	full := &bsock.RemoteError{Message: "Bad key.", Name: "AuthError", Type: "auth", Code: "EAUTH"}
	numbered := &bsock.RemoteError{Message: "No.", Name: "Error", Code: "-32601", CodeIsNumber: true}
	tests := []struct {
		sentence string
		err      error
		want     *bsock.RemoteError
	}{
		{"a plain error is its message", errors.New("no coins"), &bsock.RemoteError{Message: "no coins", Name: "Error"}},
		{"a RemoteError passes with all its fields", full, full},
		{"even if it is wrapped", fmt.Errorf("upstream: %w", full), full},
		{"and with a code that is a number", numbered, numbered},
		{"quotes and newlines survive", errors.New("a \"b\"\n"), &bsock.RemoteError{Message: "a \"b\"\n", Name: "Error"}},
	}
	bothWays(t, func(t *testing.T, w *world, here, there party) {
		for _, test := range tests {
			require.NoError(t, there.Hook(test.sentence, func(context.Context, native.Args) (any, error) { return "ignored", test.err }))
			_, err := here.Call(w.ctx, test.sentence)
			var remote *bsock.RemoteError
			require.ErrorAs(t, err, &remote, test.sentence)
			assert.Equal(t, test.want, remote, test.sentence)
		}
	})
}

func TestLargeMessages(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789"), 1<<20)
	text := strings.Repeat("é😀", 2<<20)
	bothWays(t, func(t *testing.T, w *world, here, there party) {
		require.NoError(t, there.Hook("echo", func(_ context.Context, args native.Args) (any, error) { return args.Value(0), nil }))
		v, err := here.Call(w.ctx, "echo", data)
		require.NoError(t, err)
		got, _ := v.Bytes()
		assert.True(t, bytes.Equal(data, got), "10 MB of binary data come back")
		v, err = here.Call(w.ctx, "echo", text)
		require.NoError(t, err)
		back, _ := v.Text()
		assert.True(t, text == back, "12 MB of text come back")
	})
}

func TestOrderIsKept(t *testing.T) {
	const n = 5000
	bothWays(t, func(t *testing.T, w *world, here, there party) {
		got := inbox(t, there, "count")
		go func() {
			for i := range n {
				if i%3 == 0 {
					_ = here.Fire(w.ctx, "count", i, []byte{byte(i)})
					continue
				}
				_ = here.Fire(w.ctx, "count", i)
			}
		}()
		for i := range n {
			var num int
			require.NoError(t, receive(t, got, "the next event").Decode(0, &num))
			require.Equal(t, i, num, "events come in the order they were fired")
		}
	})
}

func TestManyCallsAtOnce(t *testing.T) {
	const n = 500
	bothWays(t, func(t *testing.T, w *world, here, there party) {
		require.NoError(t, there.Hook("echo", func(_ context.Context, args native.Args) (any, error) { return args.Value(0), nil }))
		failures := make(chan error, n)
		for i := range n {
			go func() {
				v, err := here.Call(w.ctx, "echo", i)
				if err == nil && string(v.JSON()) != fmt.Sprint(i) {
					err = fmt.Errorf("call %d was answered %s", i, v.JSON())
				}
				failures <- err
			}()
		}
		for range n {
			assert.NoError(t, receive(t, failures, "an answer"), "an answer reaches its own call")
		}
	})
}

func TestBadArguments(t *testing.T) {
	cyclic := map[string]any{}
	cyclic["self"] = cyclic
	list := []any{nil}
	list[0] = list
	tests := []struct {
		sentence string
		arg      any
		want     string
	}{
		{"NaN is no JSON", []float64{nan()}, "NaN"},
		{"a map that holds itself has no end", cyclic, "cyclic"},
		{"nor has such a list", list, "cyclic"},
		{"a channel is no JSON", make(chan int), "unsupported type"},
		{"raw JSON must be JSON", native.Value.JSON(native.Value{})[:2], "not valid JSON"},
	}
	bothWays(t, func(t *testing.T, w *world, here, there party) {
		got := inbox(t, there, "after")
		for _, test := range tests {
			err := here.Fire(w.ctx, "bad", "good", test.arg)
			assert.ErrorContains(t, err, test.want, test.sentence)
			assert.ErrorContains(t, err, `argument 1 of "bad"`, test.sentence)
		}
		require.NoError(t, here.Fire(w.ctx, "after"))
		receive(t, got, "what is sent after an error")
	})
}

func nan() float64 { zero := 0.0; return zero / zero }
