package native_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// Against npm's bsock: a key is shown at each connection, and connections come
// back, whichever end it is that was restarted.

func TestInteropNpmServerRestarts(t *testing.T) {
	peer := startPeer(t, "bsock-server.mjs", "tick")
	url := fmt.Sprintf("ws://127.0.0.1:%s", peer.take("listening", "")["listening"])
	auth := func(key string) func(context.Context, *native.Client) error {
		return func(ctx context.Context, c *native.Client) error {
			_, err := c.Call(ctx, "auth", key)
			return err
		}
	}
	_, err := native.Dial(within(t), url, &native.DialOptions{OnConnect: auth("the wrong key")})
	var remote *bsock.RemoteError
	require.ErrorAs(t, err, &remote, "a client with a wrong key does not connect")
	assert.Equal(t, "Bad key.", remote.Message)

	heard := make(chan string, 10)
	client, err := native.Dial(within(t), url, &native.DialOptions{
		Reconnect: soon,
		OnConnect: auth("the right key"),
		Setup:     func(c *native.Client) { listen(t, c, heard) },
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	drained(peer)
	peer.do("restart")
	peer.take("connected", "")
	value, err := client.Call(within(t), "first", "again")
	require.NoError(t, err)
	assert.Equal(t, `"again"`, string(value.JSON()))
	peer.do("fire", "tick", "again")
	assert.Equal(t, `["again"]`, next(t, heard), "handlers are bound once")
	assert.Empty(t, heard)
}

func TestInteropNpmClientComesBack(t *testing.T) {
	addr := "127.0.0.1:0"
	sockets := make(chan *native.Socket, 10)
	start := func() (stop func()) {
		server := native.NewServer(&native.ServerOptions{OnSocket: func(s *native.Socket) {
			listen(t, s, make(chan string, 10))
			assert.NoError(t, s.Hook("auth", func(_ context.Context, args native.Args) (any, error) {
				if key, _ := args.Text(0); key != "the right key" {
					return nil, &bsock.RemoteError{Message: "Bad key.", Name: "Error"}
				}
				return nil, nil
			}))
			sockets <- s
		}})
		listener, err := net.Listen("tcp", addr)
		require.NoError(t, err)
		addr = listener.Addr().String()
		web := &http.Server{Handler: server}
		go web.Serve(listener)
		return func() {
			assert.NoError(t, web.Close())
			assert.NoError(t, server.Shutdown(within(t)))
		}
	}
	stop := start()
	_, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	peer := startPeer(t, "bsock-client.mjs", port, "tick")
	peer.take("connected", "")
	next(t, sockets)
	_, failure := peer.begin("call", "auth", "the wrong key")()
	require.NotNil(t, failure)
	assert.Equal(t, "Bad key.", failure.Message)
	assert.Equal(t, "null", peer.do("call", "auth", "the right key"))

	stop()
	peer.take("disconnected", "")
	defer start()()
	peer.do("reconnect")
	peer.take("connected", "")
	require.NoError(t, next(t, sockets).Fire(within(t), "tick", "again"))
	assert.Equal(t, `["again"]`, peer.heard("tick"))
}
