package native_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

func TestRooms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		var got [3]<-chan native.Args
		var clients [3]*native.Client
		var sockets [3]*native.Socket
		for i := range got {
			clients[i], sockets[i] = w.dial(native.DialOptions{})
			got[i] = inbox(t, clients[i], "news")
		}
		assert.True(t, sockets[0].Join("chain"), "Join says whether it is new there")
		assert.False(t, sockets[0].Join("chain"))
		assert.True(t, sockets[1].Join("chain"))
		assert.True(t, sockets[1].Join("mempool"))
		assert.Equal(t, 2, w.server.Members("chain"))

		heard := func(sentence string, want ...int) {
			t.Helper()
			synctest.Wait()
			for i := range got {
				assert.Len(t, got[i], want[i], "%s: client %d", sentence, i)
				for len(got[i]) > 0 {
					args := <-got[i]
					data, _ := args.Bytes(1)
					assert.Equal(t, "raw", string(data))
				}
			}
		}
		require.NoError(t, w.server.To("chain", "news", 1, []byte("raw")))
		heard("a room is its members", 1, 1, 0)
		require.NoError(t, w.server.To("mempool", "news", 1, []byte("raw")))
		heard("each room has its own", 0, 1, 0)
		require.NoError(t, w.server.To("nobody", "news", 1, []byte("raw")))
		heard("a room may be empty", 0, 0, 0)
		require.NoError(t, w.server.All("news", 1, []byte("raw")))
		heard("all are all", 1, 1, 1)

		assert.True(t, sockets[0].Leave("chain"), "Leave says whether it was there")
		assert.False(t, sockets[0].Leave("chain"))
		require.NoError(t, w.server.To("chain", "news", 1, []byte("raw")))
		heard("who has left hears no more", 0, 1, 0)

		require.NoError(t, clients[1].Close())
		<-sockets[1].Done()
		assert.Zero(t, w.server.Members("chain"), "who has gone has left")
		assert.Zero(t, w.server.Members("mempool"))
		assert.Equal(t, 2, w.server.Sockets())
		assert.False(t, sockets[1].Join("chain"), "and does not come back")
		assert.Zero(t, w.server.Members("chain"))
	})
}

func TestBroadcastErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		assert.ErrorIs(t, w.server.All("connect"), bsock.ErrBadEvent)
		assert.ErrorContains(t, w.server.All("news", nan()), "unsupported value")
	})
}

// Whom a message goes to does not matter to its order.
func TestBroadcastsKeepTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		c, s := w.dial(native.DialOptions{})
		s.Join("room")
		got := inbox(t, c, "n")
		for i := range 300 {
			send := []func() error{
				func() error { return s.Fire(w.ctx, "n", i) },
				func() error { return w.server.All("n", i) },
				func() error { return w.server.To("room", "n", i, []byte("raw")) },
			}[i%3]
			require.NoError(t, send())
		}
		for i := range 300 {
			require.Equal(t, fmt.Sprint(i), string(receive(t, got, "an event").Raw(0)))
		}
	})
}

// What is sent may be used again at once.
func TestSentBytesAreCopied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		c, s := w.dial(native.DialOptions{})
		got := inbox(t, c, "raw")
		data := []byte("before")
		require.NoError(t, s.Fire(w.ctx, "raw", data))
		require.NoError(t, w.server.All("raw", data))
		copy(data, "after!")
		for range 2 {
			sent, _ := receive(t, got, "the event").Bytes(0)
			assert.Equal(t, "before", string(sent))
		}
	})
}
