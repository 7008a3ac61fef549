package appserver

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A crowd that does not authenticate leaves room for those who do.
func TestStrangersMakeRoom(t *testing.T) {
	w := serve(t, simulatedNode(t), func(c *Config) { c.MaxStrangers = 3 }).settled()
	known := w.browser("local")
	var crowd []*browser
	for i := range 8 {
		crowd = append(crowd, w.stranger("local"))
		crowd[i].refused("dispatch", "get tip") // it is known to have come, before the next
		if i >= 3 {
			var closed *bsock.CloseError
			require.ErrorAs(t, receive(t, crowd[i-3].gone, "the end of the oldest"), &closed)
			assert.Equal(t, bsock.CloseTryAgain, closed.Code)
		}
	}
	w.eventually("three of them are left", func() bool { return w.server.Sockets() == 4 })
	w.browser("local").dispatch("get tip")
	known.dispatch("get tip")
	crowd[7].call("auth", apiKey)
	crowd[7].dispatch("get tip")
	assert.Equal(t, 1, w.server.strangers.all.Len(), "one made room for the browser, and who is known is no stranger any more")
	for _, b := range crowd {
		b.leave()
	}
	w.eventually("nor is who is gone", func() bool {
		w.server.strangers.mu.Lock()
		defer w.server.strangers.mu.Unlock()
		return w.server.strangers.all.Len() == 0 && len(w.server.strangers.places) == 0
	})
}
