package appserver

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// What a browser wants said upstream goes to one of the two servers, under a name
// that a server may have, and what is kept of it says the same in no more room.
func FuzzMessage(f *testing.F) {
	for _, seed := range []string{
		`["get tip"]`, `["node get tip"]`, `["wallet join","primary"]`, `["wallet join","*"]`, `["wallet join","a","token"]`, `["wallet leave",{}]`,
		`["wallet wallet join"]`, `["wallet "]`, `["node"]`, `[""]`, `["auth","key"]`, `["node auth"]`, `["connect"]`, `["watch chain"]`, `["unwatch mempool"]`,
		`["set filter",{"_placeholder":true,"num":0}]`, `["rescan",1]`, `["subscribe","tx","tx"]`, `["__proto__"]`, `["\u0000"]`, ` [ "a" , 1 ] `, `[1]`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		args, err := native.NewArgs(json.RawMessage(text), []byte{1, 2})
		if err != nil {
			return
		}
		if sub, err := parseSubscription(args); err == nil {
			requireName(t, sub.kind, sub.event)
			requireName(t, sub.kind, sub.response)
		}
		m, err := parseMessage(args)
		if err != nil {
			var remote *bsock.RemoteError
			require.ErrorAs(t, err, &remote, "the browser is told what is wrong")
			return
		}
		requireName(t, m.kind, m.event)
		require.Equal(t, max(args.Len()-1, 0), m.args.Len())
		e := m.effect()
		require.False(t, e.enter && e.leave)
		require.True(t, e.enter || e.leave || e.state == "", "only who enters or leaves says what")
		require.LessOrEqual(t, len(e.state), maxName, "what is kept for all to share is short")

		kept := m.kept()
		require.LessOrEqual(t, kept.size(), m.size()+m.args.Len(), "what is kept is no larger")
		require.Equal(t, e, kept.effect(), "and does the same")
		for i := range m.args.Len() {
			assert.JSONEq(t, string(m.args.Raw(i)), string(kept.args.Raw(i)))
		}
	})
}

func requireName(t *testing.T, k kind, event string) {
	require.Contains(t, []kind{nodeKind, walletKind}, k)
	require.NotEmpty(t, event)
	require.LessOrEqual(t, len(event), maxName)
	require.False(t, bsock.Reserved(event))
	require.NotEqual(t, "auth", event, "the app server's own key is nobody else's to try")
}
