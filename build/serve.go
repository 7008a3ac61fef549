package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock/appserver"
)

// The serve verb is three servers on one address: the page with its module,
// what the page is told about the node, and the socket, which is whatever asks
// to be one. Behind the socket is the app server, and behind that a node.

// How long a connection may take that is no socket: to say what it wants, to
// send what nobody reads, to take what it asked for, which is a few megabytes,
// and until it asks again. And how long all may take to end.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 5 * time.Minute
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 3 * time.Second
)

// maxHeader bounds what a connection says before it is one, in bytes. Each
// socket keeps its request, so net/http's own megabyte would be one for each.
const maxHeader = 16 << 10

func serveVerb(flags *flag.FlagSet) action {
	node := flags.String("node", "", "the node to start beside the page: hsd; without it a simulated one,\nor the one that NODE_URL names")
	verbose := flags.Bool("v", false, "log what clients and nodes do")
	flags.Usage = serveUsage(flags)
	return func(ctx context.Context, p *project, _ []string) error {
		s, err := readSettings(*node)
		if err != nil {
			return err
		}
		level := slog.LevelWarn
		if *verbose {
			level = slog.LevelDebug
		}
		log := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: level}))
		return serve(ctx, p, s, log)
	}
}

func serveUsage(flags *flag.FlagSet) func() {
	return func() {
		fmt.Fprint(flags.Output(), `usage: go run ./build serve [flags]

Serves the page, the module and the socket on one address. The environment says
where, and which node is behind it:

  ADDR            the address to serve on (`+defaultAddr+`)
  API_KEY         what browsers must authenticate with (nothing)
  ORIGINS         hosts whose pages may connect as well, such as
                  localhost:3000,*.example.com (none)
  NODE_URL        a node of yours, such as http://127.0.0.1:14037
  NODE_API_KEY    its key
  WALLET_URL      its wallet server, such as http://127.0.0.1:14039
  WALLET_API_KEY  its key

`)
		flags.PrintDefaults()
	}
}

// serve runs until ctx ends, or until something it cannot do without has ended.
func serve(ctx context.Context, p *project, s settings, log *slog.Logger) (err error) {
	files, err := readPage(p)
	if err != nil {
		return err
	}
	listener, err := listen(s.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	node, err := startUpstream(ctx, p, s, log)
	if ctx.Err() != nil && err != nil {
		return nil // Ctrl-C while the node was starting is no failure
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, node.stop()) }()
	app, err := newApp(s, node, log)
	if err != nil {
		return err
	}

	server := &http.Server{
		Handler:           guardHosts(s, route(files, app, node.info, s)),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	announce(p, s, node, listener)
	go func() {
		if err := files.squeeze(p); err != nil {
			log.Warn("the page is served in gzip only", "err", err)
		}
	}()

	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", s.addr, err)
	case <-node.gone:
		err = errors.New("the node has ended by itself")
	case <-ctx.Done():
		p.printf("\nStopping.\n")
	}
	return errors.Join(err, stop(context.WithoutCancel(ctx), app, server))
}

// stop says goodbye to browsers. Those that do not answer, because they sleep or
// do not wish to, are cut off, which is no failure.
func stop(ctx context.Context, app *appserver.Server, server *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	err := errors.Join(app.Shutdown(ctx), server.Shutdown(ctx))
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}

func startUpstream(ctx context.Context, p *project, s settings, log *slog.Logger) (*upstream, error) {
	switch {
	case s.nodeURL != "":
		return reachNode(ctx, s), nil
	case s.node == "hsd":
		p.printf("Starting hsd on regtest.\n")
		return startHsd(ctx, p, s)
	}
	return startSimulated(log)
}

// announce prints what a person needs to know, the address first.
func announce(p *project, s settings, node *upstream, listener net.Listener) {
	p.printf("\n  %s\n\n", pageURL(listener))
	p.printf("Behind it is %s. Ctrl-C stops.\n", node.info)
	tcp, ok := listener.Addr().(*net.TCPAddr)
	if ok && !tcp.IP.IsLoopback() && s.apiKey == "" {
		p.printf("Whoever reaches %s may use it: set API_KEY to ask for a key.\n", s.addr)
	}
}

// route tells the three servers apart.
func route(files page, app http.Handler, info nodeInfo, s settings) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", files)
	mux.Handle("GET /config.json", configHandler(info, s))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			app.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// configHandler tells the page what is behind the socket.
func configHandler(info nodeInfo, s settings) http.Handler {
	text, err := json.Marshal(struct {
		nodeInfo
		Clients        []string `json:"clients"`
		APIKeyRequired bool     `json:"apiKeyRequired"`
	}{info, []string{clientID}, s.apiKey != ""})
	if err != nil {
		panic(err) // strings and a bool: this is unreachable
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.Write(text)
	})
}
