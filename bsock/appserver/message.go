package appserver

import (
	"fmt"
	"strings"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A kind is one of the two servers of an id.
type kind string

const (
	nodeKind   kind = "node"
	walletKind kind = "wallet"
)

// maxName bounds the names of events, in bytes. Those of bcoin and hsd have
// about twenty.
const maxName = 256

// A message is what a browser wants said or heard upstream.
type message struct {
	kind  kind
	event string
	args  native.Args // of a broadcast or a dispatch
}

// callCost is about what it takes to keep a call, besides its arguments.
const callCost = 256

// size returns how much it takes to keep m.
func (m message) size() int {
	size := callCost
	for i := range m.args.Len() {
		size += len(m.args.Raw(i))
	}
	for _, a := range m.args.Attachments() {
		size += len(a)
	}
	return size
}

// kept returns m for keeping: its arguments copied out of the text they came in,
// which may be any amount of white space.
func (m message) kept() message {
	text := []byte{'['}
	for i := range m.args.Len() {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, m.args.Raw(i)...)
	}
	args, err := native.NewArgs(append(text, ']'), m.args.Attachments()...)
	if err != nil {
		panic("appserver: " + err.Error()) // arguments that have come are valid: this is unreachable
	}
	m.args = args
	return m
}

// parseMessage reads the arguments of a broadcast or a dispatch.
func parseMessage(args native.Args) (message, error) {
	text, ok := args.Text(0)
	if !ok {
		return message{}, notA("message", "string")
	}
	m := route(text)
	m.args = args.From(1)
	if id, ok := m.args.Text(0); ok && m.kind == walletKind && len(id) > maxName {
		return m, refusal("TypeError", fmt.Sprintf("The id of a wallet must be at most %d bytes long.", maxName))
	}
	return m, checkName("message", m.event)
}

// parseSubscription reads the arguments of a subscribe or an unsubscribe.
func parseSubscription(args native.Args) (subscription, error) {
	m, err := parseMessage(args)
	if err != nil {
		return subscription{}, err
	}
	response, ok := args.Text(1)
	if !ok {
		return subscription{}, notA("responseEvent", "string")
	}
	return subscription{m.kind, m.event, response}, checkName("responseEvent", response)
}

// route takes the first word off a message if it is the name of a server.
func route(text string) message {
	for _, k := range []kind{nodeKind, walletKind} {
		if event, ok := strings.CutPrefix(text, string(k)+" "); ok {
			return message{kind: k, event: event}
		}
	}
	return message{kind: nodeKind, event: text}
}

// checkName refuses names that no server has or that the protocol keeps.
func checkName(what, event string) error {
	switch {
	case event == "":
		return refusal("TypeError", fmt.Sprintf("'%s' must name an event.", what))
	case len(event) > maxName:
		return refusal("TypeError", fmt.Sprintf("'%s' must be at most %d bytes long.", what, maxName))
	case bsock.Reserved(event):
		return refusal("TypeError", fmt.Sprintf("'%s' must not be %q, which the protocol keeps for itself.", what, event))
	case event == "auth":
		return refusal("Error", "The app server authenticates by itself.")
	}
	return nil
}

// An effect is what a call changes upstream.
type effect struct {
	// enter and leave are about the state that state names.
	enter, leave bool
	state        string
	// undo is the call that undoes an enter.
	undo string
	// filter says that the call changes the filter of the connection.
	filter bool
	// own says that the call needs a connection of its own.
	own bool
	// free says that the calls after it need not wait for its answer.
	free bool
	// slow says that it may take as long as it likes.
	slow bool
}

// effectOf knows the calls of bcoin and hsd that leave a trace on the connection.
// hsd: lib/node/http.js handleAuth, lib/wallet/http.js handleAuth.
func (m message) effect() effect {
	if m.kind == walletKind {
		return m.walletEffect()
	}
	switch m.event {
	case "watch chain", "watch mempool":
		return effect{enter: true, state: m.event, undo: "un" + m.event}
	case "unwatch chain", "unwatch mempool":
		return effect{leave: true, state: m.event[len("un"):]}
	case "set filter", "add filter", "reset filter":
		return effect{own: true, filter: true}
	case "rescan", "rescan interactive":
		return effect{own: true, free: true, slow: true}
	}
	return effect{free: strings.HasPrefix(m.event, "get ") || strings.HasPrefix(m.event, "estimate ")}
}

func (m message) walletEffect() effect {
	id, ok := m.args.Text(0)
	switch {
	case !ok:
		return effect{} // the server will refuse it
	case m.event == "join":
		own := id == everyWallet || !m.args.Value(1).IsNull()
		return effect{enter: true, state: id, undo: "leave", own: own}
	case m.event == "leave":
		return effect{leave: true, state: id}
	}
	return effect{}
}

// everyWallet is the id that stands for all wallets.
const everyWallet = "*"
