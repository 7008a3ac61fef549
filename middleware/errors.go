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
)

var (
	errQueueFull   = &bsock.LocalError{Code: CodeQueueFull, Message: "Too many emits are waiting for the socket to connect."}
	errAuthTimeout = &bsock.LocalError{Code: CodeAuthTimeout, Message: "The server did not answer to the API key in time."}
	errMalformed   = &bsock.ProtocolError{Message: "Packet is not valid JSON."}
)

// An authError is a key that was refused, in the server's words.
type authError struct {
	remote *bsock.RemoteError
}

func (e *authError) Error() string { return e.remote.Message }

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
	var (
		auth     *authError
		remote   *bsock.RemoteError
		local    *bsock.LocalError
		protocol *bsock.ProtocolError
		closed   *bsock.CloseError
		field    *fieldError
	)
	switch {
	case errors.As(err, &auth):
		f.name, f.errorType, f.code = auth.remote.Name, auth.remote.Type, CodeAuthFailed
	case errors.As(err, &remote):
		f.name, f.errorType = remote.Name, remote.Type
		f.code, f.codeIsNumber = remote.Code, remote.CodeIsNumber
	case errors.As(err, &local):
		f.code = local.Code
	case errors.As(err, &protocol):
		f.code = CodeProtocol
	case errors.As(err, &closed):
		f.code = closed.Code.String()
	case errors.As(err, &field):
		f.name, f.code = "TypeError", field.code
	}
	return f
}
