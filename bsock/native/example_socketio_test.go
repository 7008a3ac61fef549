package native_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A server that clients of Socket.IO 4 connect to, with a namespace that asks who
// they are.
func ExampleServer_Namespace() {
	server := native.NewServer(&native.ServerOptions{
		Accept: []native.Protocol{native.ProtocolSocketIO4},
		OnSocket: func(s *native.Socket) {
			_ = s.Hook("hello", func(_ context.Context, args native.Args) (any, error) {
				name, _ := args.Text(0)
				return "hello " + name, nil
			})
		},
	})
	admin, err := server.Namespace("/admin", native.NamespaceOptions{
		// Decides on io("/admin", {auth: {token}}).
		Auth: func(_ context.Context, _ *native.Socket, auth native.Value) error {
			var said struct{ Token string }
			if err := auth.Decode(&said); err != nil || said.Token != "my token" {
				return errors.New("not authorized")
			}
			return nil
		},
		OnSocket: func(s *native.Socket) { s.Join("operators") },
	})
	if err != nil {
		log.Fatal(err)
	}
	web := httptest.NewServer(server)
	defer web.Close()

	alerts := exampleOperator(web.URL)
	if err := admin.To("operators", "alert", "disk is full"); err != nil {
		log.Fatal(err)
	}
	text, _ := (<-alerts).Text(0)
	fmt.Println(text)
	fmt.Println(server.Shutdown(context.Background()))
	// Output:
	// disk is full
	// <nil>
}

// exampleOperator joins /admin and returns what it hears of alerts.
func exampleOperator(url string) <-chan native.Args {
	alerts := make(chan native.Args, 1)
	ctx := context.Background()
	client, err := native.Dial(ctx, url, &native.DialOptions{
		Protocol: native.ProtocolSocketIO4,
		Auth: func(context.Context, string) (any, error) {
			return map[string]any{"token": "my token"}, nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	admin := client.Namespace("/admin")
	_, _ = admin.Bind("alert", func(args native.Args) {
		alerts <- args
		go client.Close()
	})
	if err := admin.Join(ctx); err != nil {
		log.Fatal(err)
	}
	return alerts
}

// A client of a Socket.IO server of any generation.
func ExampleDial_socketIO() {
	web := httptest.NewServer(exampleChat())
	defer web.Close()
	ctx := context.Background()

	client, err := native.Dial(ctx, web.URL, &native.DialOptions{
		Protocol: native.ProtocolSocketIO,
		// What socket.handshake.auth is at the server, asked at each connection.
		Auth: func(context.Context, string) (any, error) {
			return map[string]any{"token": "my token"}, nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	fmt.Println(client.Protocol())

	// socket.on("hello", (name, callback) => callback("hello", name))
	words, err := client.CallAll(ctx, "hello", "Satoshi")
	if err != nil {
		log.Fatal(err)
	}
	first, _ := words.Text(0)
	second, _ := words.Text(1)
	fmt.Println(first, second)

	var refused *native.RefusedError
	fmt.Println(errors.As(client.Namespace("/nowhere").Join(ctx), &refused), refused)
	// Output:
	// socket.io@4
	// hello Satoshi
	// true namespace /nowhere is refused: Invalid namespace
}

func exampleChat() *native.Server {
	return native.NewServer(&native.ServerOptions{OnSocket: func(s *native.Socket) {
		_ = s.Hook("hello", func(_ context.Context, args native.Args) (any, error) {
			name, _ := args.Text(0)
			return native.NewArgs([]byte(fmt.Sprintf(`["hello",%q]`, name)))
		})
	}})
}
