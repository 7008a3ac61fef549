package appserver

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A Config says what a [Server] proxies, and to whom. Zero values stand for the
// defaults.
type Config struct {
	// APIKey is what browsers give to auth. "" lets every browser in that may
	// connect.
	APIKey string
	// Clients are the upstream servers, by id.
	Clients map[string]Upstreams
	// DefaultID is the id that the namespace socket.io stands for. "" is
	// "socket.io" itself if there is such an id, or else the only id there is.
	DefaultID string

	// OriginPatterns are the hosts whose pages may connect, besides the server's
	// own; AnyOrigin lets all pages connect.
	OriginPatterns []string
	AnyOrigin      bool

	// AuthTimeout is how long a browser has to authenticate; 0 is 10 s.
	AuthTimeout time.Duration
	// CallTimeout is how long an upstream server has to answer, a rescan apart;
	// 0 is 30 s.
	CallTimeout time.Duration
	// WriteTimeout is how long a browser may take to accept a message before it is
	// cut off; 0 is 30 s.
	WriteTimeout time.Duration
	// Reconnect says how fast a lost upstream server is tried again; the zero
	// Backoff tries within a second at first, and then up to every ten.
	Reconnect bsock.Backoff

	// MaxSockets bounds the browsers; 0 is 1,000.
	MaxSockets int
	// MaxStrangers bounds those of them that have not authenticated; the oldest
	// makes room for one that comes. 0 is half of MaxSockets.
	MaxStrangers int
	// MaxFrame bounds a message from a browser, in bytes; 0 is 2 MiB, which is
	// room for the largest transaction in hex. What a node says passes whatever
	// its size, up to bsock's own bound.
	MaxFrame int
	// MaxCalls bounds what one browser may have under way; what is above it is
	// not read until there is room. 0 is 64.
	MaxCalls int
	// MaxSubscriptions bounds the subscriptions of one browser; 0 is 256.
	MaxSubscriptions int
	// MaxJoined bounds what one browser may watch and join; 0 is 256.
	MaxJoined int

	// Log is where it is told what happens; nil is slog.Default().
	Log *slog.Logger
}

// Upstreams are the two servers of an id. Either may be nil.
type Upstreams struct {
	Node   *Upstream
	Wallet *Upstream
}

// An Upstream is a server that speaks the socket API of bcoin or hsd.
type Upstream struct {
	// URL is its address: http://127.0.0.1:14037, or https, ws, wss.
	URL string
	// APIKey is what its auth is given.
	APIKey string
	// HTTPClient opens the connections; nil is http.DefaultClient.
	HTTPClient *http.Client
}

// defaultNamespace is the namespace that stands for the default id.
const defaultNamespace = bsock.DefaultNamespace

func (c Config) withDefaults() (Config, error) {
	setDefault(&c.AuthTimeout, 10*time.Second)
	setDefault(&c.CallTimeout, 30*time.Second)
	setDefault(&c.WriteTimeout, native.DefaultWriteTimeout)
	setDefault(&c.MaxSockets, 1000)
	setDefault(&c.MaxStrangers, (c.MaxSockets+1)/2)
	setDefault(&c.MaxFrame, 2<<20)
	setDefault(&c.MaxCalls, 64)
	setDefault(&c.MaxSubscriptions, 256)
	setDefault(&c.MaxJoined, 256)
	if c.Reconnect == (bsock.Backoff{}) {
		c.Reconnect = bsock.Backoff{Min: time.Second, Max: 10 * time.Second}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.DefaultID == "" {
		c.DefaultID = defaultNamespace
		if ids := slices.Collect(maps.Keys(c.Clients)); len(ids) == 1 {
			c.DefaultID = ids[0]
		}
	}
	return c, c.check()
}

func setDefault[T int | time.Duration](v *T, to T) {
	if *v == 0 {
		*v = to
	}
}

// check finds what would otherwise fail only when a browser comes.
func (c Config) check() error {
	if len(c.Clients) == 0 {
		return errors.New("appserver: Config.Clients is empty: there is nothing to proxy to")
	}
	for id, clients := range c.Clients {
		if clients.Node == nil && clients.Wallet == nil {
			return fmt.Errorf("appserver: Config.Clients[%q] has neither a node nor a wallet", id)
		}
	}
	if _, ok := c.Clients[c.DefaultID]; !ok && c.DefaultID != defaultNamespace {
		return fmt.Errorf("appserver: Config.DefaultID is %q, which is not in Config.Clients", c.DefaultID)
	}
	return nil
}
