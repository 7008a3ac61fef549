package native

import (
	"net/http"
	"slices"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// A Protocol is what a client speaks, and what a server takes its client for.
//
//	                    Engine.IO  acknowledgements
//	ProtocolBsock       3          error-first: a hook's error reaches the caller
//	ProtocolSocketIO2   3          the hook's values
//	ProtocolSocketIO4   4          the hook's values
type Protocol uint8

const (
	// ProtocolBsock is that of bsock, bcoin and hsd, and of bPanel.
	ProtocolBsock Protocol = iota
	// ProtocolSocketIO is Socket.IO, whichever the server speaks: the client
	// finds out at each attempt.
	ProtocolSocketIO
	// ProtocolSocketIO2 is that of Socket.IO 1 and 2, and of later servers
	// with allowEIO3.
	ProtocolSocketIO2
	// ProtocolSocketIO4 is that of Socket.IO 3 and 4.
	ProtocolSocketIO4
)

var protocolNames = [...]string{"bsock", "socket.io", "socket.io@2", "socket.io@4"}

// String returns the name that the npm package has for p.
func (p Protocol) String() string {
	if int(p) < len(protocolNames) {
		return protocolNames[p]
	}
	return "unknown protocol"
}

func (p Protocol) version() bsock.Version {
	switch p {
	case ProtocolSocketIO:
		return bsock.VersionAny
	case ProtocolSocketIO4:
		return bsock.Version4
	}
	return bsock.Version3
}

// plainAcks reports whether acknowledgements are values, without a slot for an
// error.
func (p Protocol) plainAcks() bool { return p != ProtocolBsock }

// spoken returns what p has turned out to be.
func (p Protocol) spoken(v bsock.Version) Protocol {
	switch {
	case p != ProtocolSocketIO:
		return p
	case v == bsock.Version3:
		return ProtocolSocketIO2
	case v == bsock.Version4:
		return ProtocolSocketIO4
	}
	return p
}

// reserved reports whether no event of this name can arrive or be sent.
func (p Protocol) reserved(event string) bool {
	if p == ProtocolSocketIO {
		return bsock.Version3.Reserved(event) && bsock.Version4.Reserved(event)
	}
	return p.version().Reserved(event)
}

// eio is the parameter of the URL in which a client says its version of
// Engine.IO. bsock's client says none.
// Engine.IO 4 protocol: "HTTP long-polling", query parameters
const eio = "EIO"

func (p Protocol) eio() string {
	switch p {
	case ProtocolBsock:
		return ""
	case ProtocolSocketIO2:
		return "3"
	}
	return "4"
}

// protocolOf returns what the client of a request speaks, if it may.
func protocolOf(r *http.Request, accepted []Protocol) (p Protocol, ok bool) {
	may := func(p Protocol) bool { return len(accepted) == 0 || slices.Contains(accepted, p) }
	any := may(ProtocolSocketIO)
	said := r.URL.Query().Get(eio)
	switch said {
	case "4":
		return ProtocolSocketIO4, any || may(ProtocolSocketIO4)
	case "3", "":
	default:
		return 0, false
	}
	old, bare := any || may(ProtocolSocketIO2), may(ProtocolBsock)
	switch {
	case old && (said == "3" || !bare):
		return ProtocolSocketIO2, true
	default:
		return ProtocolBsock, bare
	}
}
