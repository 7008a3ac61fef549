package appserver

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A Server is an http.Handler that takes the connections of browsers. The path
// of the request is the id, so it is mounted above all that may be one.
type Server struct {
	config  Config
	keyHash [sha256.Size]byte
	sockets *native.Server

	// shared are the connections that browsers share, by id and kind.
	shared map[string]map[kind]*upstream

	strangers strangers

	names   atomic.Uint64 // counts browsers
	running sync.WaitGroup
	closing context.Context
	close   context.CancelFunc
}

var _ http.Handler = (*Server)(nil)

// What one browser can make the server keep, besides a message of MaxFrame that
// is on its way in.
const (
	maxInbox      = 128     // messages that wait for their turn
	maxInboxBytes = 1 << 20 // and their size
	maxQueueBytes = 8 << 20 // what the browser has not read yet, several full blocks
	writeBuffer   = 64 << 10
)

// spoken are the protocols of browsers. Those of Engine.IO 3 are all bsock's, which
// wants its answers behind a slot for the error.
var spoken = []native.Protocol{native.ProtocolBsock, native.ProtocolSocketIO4}

// New returns a Server, which begins at once to connect to all upstream servers.
// They need not be there yet.
func New(config Config) (*Server, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{
		config:  config,
		keyHash: sha256.Sum256([]byte(config.APIKey)),
		shared:  make(map[string]map[kind]*upstream),

		strangers: strangers{most: config.MaxStrangers},
	}
	s.closing, s.close = context.WithCancel(context.Background())
	s.sockets = native.NewServer(&native.ServerOptions{
		Accept:         spoken,
		OnSocket:       s.accept,
		OnError:        s.report,
		OriginPatterns: config.OriginPatterns,
		AnyOrigin:      config.AnyOrigin,
		MaxSockets:     config.MaxSockets,
		WriteBuffer:    writeBuffer,
		Limits: native.Limits{
			MaxFrame:      config.MaxFrame,
			MaxHooks:      config.MaxCalls,
			MaxInbox:      maxInbox,
			MaxInboxBytes: maxInboxBytes,
			MaxQueueBytes: maxQueueBytes,
			WriteTimeout:  config.WriteTimeout,
		},
	})
	if err := s.connect(); err != nil {
		s.closeShared()
		return nil, err
	}
	return s, nil
}

// connect starts the shared connections.
func (s *Server) connect() error {
	for id, clients := range s.config.Clients {
		s.shared[id] = make(map[kind]*upstream)
		for k, target := range clients.byKind() {
			u, err := newUpstream(s, id, k, target, nil, nil)
			if err != nil {
				return err
			}
			s.shared[id][k] = u
		}
	}
	return nil
}

func (c Upstreams) byKind() map[kind]*Upstream {
	found := make(map[kind]*Upstream)
	if c.Node != nil {
		found[nodeKind] = c.Node
	}
	if c.Wallet != nil {
		found[walletKind] = c.Wallet
	}
	return found
}

// ServeHTTP takes the connection of a browser, which is served until it ends, and
// returns.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	seen := &witness{ResponseWriter: w}
	s.sockets.ServeHTTP(seen, r)
	s.logRefusal(r, seen.status)
}

// Sockets returns how many browsers are connected.
func (s *Server) Sockets() int { return s.sockets.Sockets() }

// accept runs for each browser before it is told anything that it says.
func (s *Server) accept(socket *native.Socket) {
	name := fmt.Sprintf("%s#%d", socket.RemoteAddr(), s.names.Add(1))
	b := newSession(s, socket, s.idOf(socket.Request()), name)
	s.running.Go(b.run)
	if oldest := s.strangers.add(b); oldest != nil {
		s.running.Go(oldest.makeRoom)
	}
}

// idOf reads the id from the path.
func (s *Server) idOf(r *http.Request) string {
	id := strings.Trim(r.URL.Path, "/")
	if id == "" || id == defaultNamespace {
		return s.config.DefaultID
	}
	return id
}

// keyIsRight compares hashes, so that the time it takes tells nothing of the key.
func (s *Server) keyIsRight(key string) bool {
	if s.config.APIKey == "" {
		return true
	}
	given := sha256.Sum256([]byte(key))
	return subtle.ConstantTimeCompare(given[:], s.keyHash[:]) == 1
}

// report is told of what browsers do wrong, which they can do often, and of what
// goes wrong with them.
func (s *Server) report(socket *native.Socket, err error) {
	level := slog.LevelWarn
	switch {
	case errors.As(err, new(*bsock.ProtocolError)), errors.As(err, new(*bsock.RemoteError)):
		level = slog.LevelDebug
	case errors.As(err, new(*native.PanicError)):
		level = slog.LevelError // its text has no stack
	}
	s.config.Log.Log(context.Background(), level, "browser connection", "remote", socket.RemoteAddr(), "err", err)
}

// Shutdown closes all connections, of browsers and upstream, and waits until
// nothing of them is left or ctx ends.
func (s *Server) Shutdown(ctx context.Context) error {
	s.close()
	err := s.sockets.Shutdown(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.running.Wait()
		s.closeShared()
	}()
	select {
	case <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Server) closeShared() {
	var closing sync.WaitGroup
	for _, byKind := range s.shared {
		for _, u := range byKind {
			closing.Go(u.close)
		}
	}
	closing.Wait()
}
