package flood

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock/appserver"
	"github.com/bsock-wasm/bsock-wasm/bsock/simnode"
)

// A Server is what is flooded: the app server, as `serve` runs it, before a
// simulated node.
type Server struct {
	sim  *simnode.Running
	app  *appserver.Server
	web  *http.Server
	addr string
	log  *ledger
}

// apiKey is what browsers must give.
const apiKey = "key-of-the-flood"

// id is the one client there is.
const id = "node"

// A Stats is how the server fares. Memory is in bytes.
type Stats struct {
	Sockets    int    // browsers that are connected
	Goroutines int    // all of the program's
	Heap       uint64 // what is in use, after a collection
	Stacks     uint64 // of goroutines
	Resident   uint64 // what the system says the program has; 0 where it does not say
	Kernel     uint64 // what all TCP connections of the machine hold; 0 where it does not say
	// Left counts the browsers that are gone, by their address and the reason.
	Left map[string]map[string]Left
	// Missed is why the app server itself has lost the node, if it has.
	Missed string
}

// A Left is how many browsers left, and when the first and the last of them did.
type Left struct {
	Count       int
	First, Last time.Time
}

// NewServer starts a server on a free port of this machine. Zero limits are the
// app server's own.
func NewServer(limits appserver.Config) (*Server, error) {
	s := &Server{log: &ledger{left: map[string]map[string]Left{}}}
	quiet := slog.New(slog.DiscardHandler)
	var err error
	s.sim, err = simnode.Listen(simnode.Config{Interval: -1, History: 200, Log: quiet}, "", "")
	if err != nil {
		return nil, err
	}
	limits.APIKey = apiKey
	limits.Clients = map[string]appserver.Upstreams{id: {Node: &appserver.Upstream{URL: s.sim.NodeURL}}}
	limits.Log = slog.New(s.log)
	if s.app, err = appserver.New(limits); err != nil {
		return nil, errors.Join(err, s.sim.Close())
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.addr = listener.Addr().String()
	s.web = &http.Server{
		Handler:           s.app,
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo),
	}
	go s.web.Serve(listener)
	return s, nil
}

// Addr returns where browsers connect.
func (s *Server) Addr() string { return s.addr }

// Mine mines a block and returns its height, and the moment before it was mined.
func (s *Server) Mine() (Block, error) {
	at := time.Now()
	s.sim.Mine(1)
	return Block{Height: s.sim.Height(), At: at}, nil
}

// Stats returns how the server fares.
func (s *Server) Stats() (Stats, error) {
	debug.FreeOSMemory() // or what was, is counted with what is
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Stats{
		Sockets:    s.app.Sockets(),
		Goroutines: runtime.NumGoroutine(),
		Heap:       m.HeapInuse,
		Stacks:     m.StackInuse,
		Resident:   1 << 10 * procNumber("/proc/self/status", "VmRSS:"),
		Kernel:     uint64(os.Getpagesize()) * procNumber("/proc/net/sockstat", "mem"),
		Left:       s.log.all(),
		Missed:     s.log.missed(),
	}, nil
}

// procNumber returns the first number behind a word in a file of Linux, 0 if it
// is not there.
func procNumber(file, word string) (n uint64) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	if _, rest, ok := strings.Cut(string(text), word); ok {
		fmt.Sscan(rest, &n)
	}
	return n
}

// Close ends the server and the node.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := s.app.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = nil // those who do not read do not say goodbye either
	}
	if s.web != nil {
		err = errors.Join(err, s.web.Close())
	}
	return errors.Join(err, s.sim.Close())
}

// A ledger is a log that keeps who has left, and why.
type ledger struct {
	mu   sync.Mutex
	left map[string]map[string]Left
	gone string // why the node is, if it was

	// Of a handler that was made of another.
	parent  *ledger
	browser string
}

// Enabled implements slog.Handler.
func (l *ledger) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

// WithAttrs implements slog.Handler.
func (l *ledger) WithAttrs(attrs []slog.Attr) slog.Handler {
	child := &ledger{parent: l.root(), browser: l.browser}
	for _, a := range attrs {
		if a.Key == "browser" {
			child.browser = a.Value.String()
		}
	}
	return child
}

// WithGroup implements slog.Handler.
func (l *ledger) WithGroup(string) slog.Handler { return l }

func (l *ledger) root() *ledger {
	if l.parent != nil {
		return l.parent
	}
	return l
}

// Handle implements slog.Handler.
func (l *ledger) Handle(_ context.Context, r slog.Record) error {
	root := l.root()
	root.mu.Lock()
	defer root.mu.Unlock()
	switch r.Message {
	case "server is gone":
		r.Attrs(func(a slog.Attr) bool {
			if a.Key == "err" {
				root.gone = fmt.Sprint(a.Value.Any())
			}
			return true
		})
	case "browser has left":
		r.Attrs(func(a slog.Attr) bool {
			if a.Key == "why" {
				root.note(host(l.browser), fmt.Sprint(a.Value.Any()), r.Time)
			}
			return true
		})
	}
	return nil
}

func (l *ledger) note(from, why string, at time.Time) {
	if l.left[from] == nil {
		l.left[from] = map[string]Left{}
	}
	left := l.left[from][why]
	if left.Count == 0 {
		left.First = at
	}
	left.Count, left.Last = left.Count+1, at
	l.left[from][why] = left
}

// all returns a copy of who has left.
func (l *ledger) all() map[string]map[string]Left {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := map[string]map[string]Left{}
	for from, byReason := range l.left {
		all[from] = map[string]Left{}
		for why, left := range byReason {
			all[from][why] = left
		}
	}
	return all
}

func (l *ledger) missed() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.gone
}

// host returns the address in the name of a browser: 127.0.0.1:40000#7.
func host(name string) string {
	addr, _, _ := strings.Cut(name, "#")
	from, _, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	return from
}
