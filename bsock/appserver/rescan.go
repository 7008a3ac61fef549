package appserver

import (
	"context"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A node calls its client during a rescan, block by block, and waits for each
// answer. On a browser's own connection these calls are the browser's to answer.
// On a shared one there is no telling whose they would be, so there are none.

// rescanCalls are the calls that bcoin and hsd make.
// hsd: lib/node/http.js scan, scanInteractive
var rescanCalls = []string{
	"block rescan",
	"block rescan interactive",
	"block rescan interactive abort",
}

func (u *upstream) hookRescans() {
	if u.owner == nil || u.kind != nodeKind {
		return
	}
	for _, name := range rescanCalls {
		err := u.client.Hook(name, func(ctx context.Context, args native.Args) (any, error) {
			return u.owner.answer(ctx, name, args)
		})
		if err != nil {
			panic("appserver: " + err.Error()) // a name is reserved, or hooked twice
		}
	}
}

// answer passes a call of the node's on to the browser, and its answer back.
func (b *session) answer(ctx context.Context, name string, args native.Args) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, b.server.config.CallTimeout)
	defer cancel()
	defer context.AfterFunc(b.socket.Context(), cancel)()
	return b.socket.Call(ctx, name, args)
}
