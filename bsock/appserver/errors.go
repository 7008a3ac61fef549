package appserver

import (
	"context"
	"errors"
	"fmt"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// What a browser is told when the app server itself has to refuse. What a node
// refuses reaches the browser in the node's own words.

func refusal(name, text string) *bsock.RemoteError {
	return &bsock.RemoteError{Message: text, Name: name}
}

// notA is how bsock says that an argument is of the wrong kind.
// bsock: lib/socket.js enforce
func notA(name, kind string) error {
	return refusal("TypeError", fmt.Sprintf("'%s' must be a(n) %s.", name, kind))
}

var (
	errKey    = refusal("Error", "Invalid API key.")
	errAuthed = refusal("Error", "Already authed.")
)

func coded(code, text string) *bsock.RemoteError {
	return &bsock.RemoteError{Message: text, Name: "Error", Code: code}
}

// The codes of what the app server refuses.
const (
	// CodeUnknownClient is the code of the error for an id that is not in
	// [Config].Clients, or that has no server of the kind wanted.
	CodeUnknownClient = "UNKNOWN_CLIENT"
	// CodeNodeAway is the code of the error for a call to a server that is not
	// connected, or that went away before it answered.
	CodeNodeAway = "NODE_AWAY"
	// CodeNoAnswer is the code of the error for a call that was not answered in
	// time.
	CodeNoAnswer = "NO_ANSWER"
	// CodeTooMany is the code of the error for what is above a bound.
	CodeTooMany = "TOO_MANY"
)

func errUnknownID(id string) error {
	return coded(CodeUnknownClient, fmt.Sprintf("There is no client with the id %q.", clip(id)))
}

func errNoServer(id string, k kind) error {
	return coded(CodeUnknownClient, fmt.Sprintf("The client %q has no %s.", id, k))
}

func errTooMany(what string, most int) error {
	return coded(CodeTooMany, fmt.Sprintf("Too many %s: %d are the most.", what, most))
}

// clip keeps what a browser sent from filling logs and errors.
func clip(s string) string {
	const enough = 64
	if len(s) <= enough {
		return s
	}
	return s[:enough] + "…"
}

// An awayError says that an upstream server is not connected.
type awayError struct{ kind kind }

func (e awayError) Error() string { return fmt.Sprintf("%s not connected", e.kind) }

// forBrowser turns the error of an upstream call into what the browser is told.
// Local errors are named one by one: what is not known here stays here.
func forBrowser(err error, k kind, event string) error {
	var remote *bsock.RemoteError
	var away awayError
	var local *bsock.LocalError
	title := map[kind]string{nodeKind: "Node", walletKind: "Wallet"}[k]
	switch {
	case errors.As(err, &remote):
		return remote
	case errors.As(err, &away):
		return coded(CodeNodeAway, title+" not connected.")
	case errors.Is(err, native.ErrTimeout), errors.Is(err, context.DeadlineExceeded):
		return coded(CodeNoAnswer, fmt.Sprintf("%s did not answer %q in time.", title, event))
	case errors.As(err, &local):
		return coded(local.Code, local.Message)
	}
	return refusal("Error", "Internal error.")
}
