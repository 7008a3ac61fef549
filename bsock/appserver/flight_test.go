package appserver

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A crowd that asks and leaves does not have all that it asked for come through
// the one connection that everybody's events come through.
func TestCallsUnderWayAreBounded(t *testing.T) {
	var asked atomic.Int32
	release := make(chan struct{})
	p := dummy(t, map[string]func(context.Context, native.Args) (any, error){
		"get much": func(ctx context.Context, _ native.Args) (any, error) {
			asked.Add(1)
			letNext(ctx)
			<-release
			return nil, nil
		},
		"get tip": func(context.Context, native.Args) (any, error) { return 7, nil },
	})
	w := serve(t, p, nil).settled()
	crowd := make([]*browser, 4)
	for i := range crowd {
		crowd[i] = w.browser("local")
		for range 40 {
			go crowd[i].Call(t.Context(), "dispatch", "get much")
		}
	}
	w.eventually("the server is asked", func() bool { return asked.Load() == maxFlight })
	for i, b := range crowd {
		b.leave()
		w.eventually("the browser has left", func() bool { return w.server.Sockets() == len(crowd)-1-i })
	}
	assert.Equal(t, maxFlight, int(asked.Load()), "what was asked is still to be answered, and no more is asked")
	close(release)
	assert.JSONEq(t, "7", string(w.browser("local").dispatch("get tip").JSON()))
}
