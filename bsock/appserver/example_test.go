package appserver_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/appserver"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
	"github.com/bsock-wasm/bsock-wasm/bsock/simnode"
)

// An app server before one node, whose key browsers need not know, mounted like
// any other http.Handler.
func Example() {
	quiet := slog.New(slog.DiscardHandler)
	node, err := simnode.Listen(simnode.Config{NodeKey: "the node's key", Interval: -1, History: 3, Log: quiet}, "", "")
	if err != nil {
		log.Fatal(err)
	}
	defer node.Close()

	app, err := appserver.New(appserver.Config{
		APIKey: "what browsers must know",
		Clients: map[string]appserver.Upstreams{
			"local": {Node: &appserver.Upstream{URL: node.NodeURL, APIKey: "the node's key"}},
		},
		OriginPatterns: []string{"localhost:3000"},
		Log:            quiet,
	})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/local/", app)
	web := httptest.NewServer(mux)
	defer web.Close()

	ctx := context.Background()
	browser, err := native.Dial(ctx, web.URL+"/local/", &native.DialOptions{
		OnConnect: func(ctx context.Context, c *native.Client) error {
			_, err := c.Call(ctx, "auth", "what browsers must know")
			return err
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	tip, err := browser.Call(ctx, "dispatch", "get tip")
	for isAway(err) { // the node is still being connected to
		time.Sleep(time.Millisecond)
		tip, err = browser.Call(ctx, "dispatch", "get tip")
	}
	if err != nil {
		log.Fatal(err)
	}
	entry, _ := tip.Bytes()
	fmt.Println(len(entry), "bytes")
	fmt.Println(browser.Close(), app.Shutdown(ctx))
	// Output:
	// 304 bytes
	// <nil> <nil>
}

func isAway(err error) bool {
	var remote *bsock.RemoteError
	return errors.As(err, &remote) && remote.Code == appserver.CodeNodeAway
}
