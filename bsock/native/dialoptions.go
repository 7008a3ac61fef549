package native

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// DialOptions say how a [Client] is to behave. Zero values stand for the
// defaults.
type DialOptions struct {
	// Protocol is what to speak.
	Protocol Protocol
	// Auth returns what the client says of itself when it joins a namespace,
	// "" for the default one: something that encoding/json makes an object of,
	// or nil. It is asked each time, and can return a new token each time. Its
	// error is one of the attempt. Only Socket.IO 3 and 4 have a place for it;
	// elsewhere it is not asked, and OnConnect is where to authenticate.
	Auth func(ctx context.Context, namespace string) (any, error)

	// HTTPClient opens the connections; http.DefaultClient if nil. TLS and
	// proxies are set in its Transport.
	HTTPClient *http.Client
	// HTTPHeader is sent with the handshake.
	HTTPHeader http.Header
	// Subprotocols are the WebSocket subprotocols to offer.
	Subprotocols []string

	// Setup binds and hooks, before anything can arrive.
	Setup func(c *Client)
	// OnConnect runs at each connection, the first and all later ones, before
	// anything else goes out: this is where to authenticate and to subscribe.
	// It must send through the c it is given; all others wait for it to return.
	// Its error ends the connection: Dial fails, a Client that reconnects tries
	// again.
	OnConnect func(ctx context.Context, c *Client) error
	// OnDisconnect is called when a connection has ended for which OnConnect
	// had succeeded, after the last event of that connection.
	OnDisconnect func(err error)
	// OnLeave is called when a namespace is over that was joined: the server
	// has put the client out, and err is ErrNotJoined, or has not let it in
	// again after a reconnection, and err is a *RefusedError or says what else
	// went wrong.
	OnLeave func(n *Namespace, err error)
	// OnError is called for each error that ends nothing: an attempt to
	// connect again that failed, malformed input, an ERROR packet, a panic of
	// a handler. Without it panics are logged and all else is ignored. It may
	// be called from several goroutines at once.
	OnError func(err error)

	// Reconnect says when to try again after a loss.
	Reconnect bsock.Backoff
	// ConnectTimeout bounds an attempt, then OnConnect, and how long the server
	// may take to let the client into a namespace.
	ConnectTimeout time.Duration
	// Limits are what bounds the connection.
	Limits Limits
}

func (o *DialOptions) withDefaults() DialOptions {
	var own DialOptions
	if o != nil {
		own = *o
	}
	setDefault(&own.ConnectTimeout, bsock.DefaultConnectTimeout)
	own.Limits = own.Limits.withDefaults()
	return own
}

// endpoint completes what the user gave to the URL that is dialed. The query
// begins with the transport, because bPanel's server knows it by that.
func endpoint(raw string, p Protocol) (string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", errors.New("dial: the URL cannot be parsed; it must be like ws://host:port/namespace/")
	}
	switch u.Scheme {
	case "ws", "wss", "http", "https":
	default:
		return "", fmt.Errorf("dial: the URL's scheme must be ws, wss, http or https, not %q", u.Scheme)
	}
	if u.Host == "" {
		return "", errors.New("dial: the URL names no host; it must be like ws://host:port/namespace/")
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = "/" + bsock.DefaultNamespace
	}
	u = u.JoinPath("/") // ends the path in a slash
	rest := u.Query()
	rest.Del("transport")
	if version := p.eio(); version != "" {
		rest.Set(eio, version)
	}
	u.RawQuery = strings.TrimSuffix("transport=websocket&"+rest.Encode(), "&")
	u.Fragment = ""
	return u.String(), nil
}
