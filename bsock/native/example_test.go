package native_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A server of one hook and one room, mounted like any other http.Handler.
func ExampleServer() {
	server := native.NewServer(&native.ServerOptions{
		OriginPatterns: []string{"wallet.example.com"},
		OnSocket: func(s *native.Socket) {
			_ = s.Hook("watch chain", func(context.Context, native.Args) (any, error) {
				s.Join("chain")
				return nil, nil
			})
		},
	})
	mux := http.NewServeMux()
	mux.Handle("/socket.io/", server)
	web := httptest.NewServer(mux)
	defer web.Close()

	blocks := make(chan native.Args)
	ctx := context.Background()
	client, err := native.Dial(ctx, web.URL, &native.DialOptions{
		Setup: func(c *native.Client) {
			_, _ = c.Bind("block connect", func(args native.Args) { blocks <- args })
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Call(ctx, "watch chain"); err != nil {
		log.Fatal(err)
	}
	if err := server.To("chain", "block connect", []byte("raw header"), []any{}); err != nil {
		log.Fatal(err)
	}
	header, _ := (<-blocks).Bytes(0)
	fmt.Printf("%s\n", header)

	if err := server.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.Close())
	// Output:
	// raw header
	// <nil>
}

// A client that authenticates at each connection, before all else.
func ExampleDial() {
	web := httptest.NewServer(exampleNode())
	defer web.Close()
	ctx := context.Background()

	client, err := native.Dial(ctx, web.URL, &native.DialOptions{
		OnConnect: func(ctx context.Context, c *native.Client) error {
			_, err := c.Call(ctx, "auth", "my key")
			return err
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	answer, err := client.Call(ctx, "get tip")
	if err != nil {
		log.Fatal(err)
	}
	var tip struct {
		Height int
		Hash   []byte
	}
	if err := answer.Decode(&tip); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d %x\n", tip.Height, tip.Hash)

	_, err = client.Call(ctx, "mine")
	var remote *bsock.RemoteError
	fmt.Println(errors.As(err, &remote), err)
	// Output:
	// 7 c0ffee
	// true Call not found: mine.
}

// A wrong key fails Dial.
func ExampleDial_refused() {
	web := httptest.NewServer(exampleNode())
	defer web.Close()
	_, err := native.Dial(context.Background(), web.URL, &native.DialOptions{
		OnConnect: func(ctx context.Context, c *native.Client) error {
			_, err := c.Call(ctx, "auth", "wrong key")
			return err
		},
	})
	var failed *native.DialError
	if errors.As(err, &failed) {
		fmt.Println(failed.Err)
	}
	// Output: OnConnect: Bad key.
}

// Values of an unknown kind can be taken apart, or sent on unread.
func ExampleArgs() {
	args, err := native.NewArgs([]byte(`["primary",{"raw":{"_placeholder":true,"num":0}},3]`), []byte{0xca, 0xfe})
	if err != nil {
		log.Fatal(err)
	}
	wallet, _ := args.Text(0)
	var tx any
	if err := args.Decode(1, &tx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(wallet, tx, args.Len())
	// client.Fire(ctx, "wallet tx", args.From(1)) would send the last two on.
	fmt.Println(args.From(1).Len())
	// Output:
	// primary map[raw:[202 254]] 3
	// 2
}

func exampleNode() *native.Server {
	return native.NewServer(&native.ServerOptions{OnSocket: func(s *native.Socket) {
		_ = s.Hook("auth", func(_ context.Context, args native.Args) (any, error) {
			if key, _ := args.Text(0); key != "my key" {
				return nil, errors.New("Bad key.")
			}
			return nil, s.Hook("get tip", func(context.Context, native.Args) (any, error) {
				return map[string]any{"height": 7, "hash": []byte{0xc0, 0xff, 0xee}}, nil
			})
		})
	}})
}
