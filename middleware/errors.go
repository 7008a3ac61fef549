package middleware

import (
	"errors"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// Codes of the errors that reach the application, beside those of package
// bsock. They are the code of the Error in SOCKET_ERROR and in rejections.
const (
	// CodeBadAction says that a field of an action is wrong.
	CodeBadAction = "BAD_ACTION"
	// CodeBadOption says that an option or a listener is wrong.
	CodeBadOption = "BAD_OPTION"
	// CodeAuthFailed says that the server refused the API key, or that there
	// was none to be had.
	CodeAuthFailed = "AUTH_FAILED"
	// CodeAuthTimeout says that the server did not answer to the API key.
	CodeAuthTimeout = "AUTH_TIMEOUT"
	// CodeProtocol says that the server sent something malformed.
	CodeProtocol = "PROTOCOL_ERROR"
	// CodeQueueFull says that too many emits wait for the connection.
	CodeQueueFull = "QUEUE_FULL"
	// CodeDropped says that an emit was dropped, as the policy for emits
	// without a connection says.
	CodeDropped = "DROPPED"
	// CodeNotJoined says that an emit is for a namespace that is not joined.
	CodeNotJoined = "NOT_JOINED"
	// CodeNamespaceRefused says that the server refused a namespace.
	CodeNamespaceRefused = "NAMESPACE_REFUSED"
)

var (
	errQueueFull   = &bsock.LocalError{Code: CodeQueueFull, Message: "Too many emits are waiting for the socket to connect."}
	errAuthTimeout = &bsock.LocalError{Code: CodeAuthTimeout, Message: "The server did not answer to the API key in time."}
	errNotReady    = &bsock.LocalError{Code: CodeAuthTimeout, Message: "The API key was not there, or the namespaces were not joined, in time."}
	errDropped     = &bsock.LocalError{Code: CodeDropped, Message: "The emit was dropped: the socket is not connected."}
	errPushedOut   = &bsock.LocalError{Code: CodeDropped, Message: "The emit was dropped: newer ones wait for the socket to connect."}
	errExpired     = &bsock.LocalError{Code: bsock.ErrTimeout.Code, Message: "The emit has waited too long for the socket to connect."}
	errNotJoined   = &bsock.LocalError{Code: CodeNotJoined, Message: "The namespace is not joined: name it in the nsps of CONNECT_SOCKET, or in a listener."}
	errMalformed   = &bsock.ProtocolError{Message: "Packet is not valid JSON."}
)

// An authError is a key that was refused, in the server's words.
type authError struct {
	remote *bsock.RemoteError
}

func (e *authError) Error() string { return e.remote.Message }

// A namespaceError is a namespace that was refused, in the server's words.
type namespaceError struct {
	namespace string
	remote    *bsock.RemoteError
}

func (e *namespaceError) Error() string { return e.namespace + ": " + e.remote.Message }

// remoteOf returns the error that the peer sent, if err is one.
func remoteOf(err error) (*bsock.RemoteError, bool) {
	return errors.AsType[*bsock.RemoteError](err)
}

// A fieldError is a wrong field of an action or an option.
type fieldError struct {
	code  string
	field string
	want  string
	got   Value
}

func (e *fieldError) Error() string {
	return e.field + " must be " + e.want + ", got " + e.got.String() + "."
}

// A fault is an error as the host takes it.
type fault struct {
	message, name, errorType, code string
	codeIsNumber                   bool
}

// faultOf returns err as the application is to see it.
func faultOf(err error) fault {
	f := fault{message: err.Error()}
	// AsType, and not As: that one would bring half of reflection along.
	if e, ok := errors.AsType[*authError](err); ok {
		f.name, f.errorType, f.code = e.remote.Name, e.remote.Type, CodeAuthFailed
	} else if e, ok := errors.AsType[*namespaceError](err); ok {
		f.name, f.errorType, f.code = e.remote.Name, e.remote.Type, CodeNamespaceRefused
	} else if e, ok := remoteOf(err); ok {
		f.name, f.errorType = e.Name, e.Type
		f.code, f.codeIsNumber = e.Code, e.CodeIsNumber
	} else if e, ok := errors.AsType[*bsock.LocalError](err); ok {
		f.code = e.Code
	} else if _, ok := errors.AsType[*bsock.ProtocolError](err); ok {
		f.code = CodeProtocol
	} else if e, ok := errors.AsType[*bsock.CloseError](err); ok {
		f.code = e.Code.String()
	} else if e, ok := errors.AsType[*fieldError](err); ok {
		f.name, f.code = "TypeError", e.code
	}
	return f
}
