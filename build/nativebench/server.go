//go:build linux

package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A server is what is measured: it echoes calls, and broadcasts.
type server struct {
	bsock *native.Server
	url   string
}

func newServer() (*server, error) {
	s := new(server)
	s.bsock = native.NewServer(&native.ServerOptions{OnSocket: func(socket *native.Socket) {
		socket.Join("all")
		_ = socket.Hook("echo", func(_ context.Context, args native.Args) (any, error) { return args.Value(0), nil }) // the name is free
	}})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.url = "ws://" + listener.Addr().String()
	go http.Serve(listener, s.bsock)
	return s, nil
}

func (s *server) do(c *command) (any, error) {
	switch c.Do {
	case "listen":
		return s.url, nil
	case "fire":
		for range c.Count {
			if err := s.fire(); err != nil {
				return nil, err
			}
		}
		return nil, nil
	case "pace":
		return nil, s.pace(c.Count, time.Duration(c.Every)*time.Millisecond)
	case "sockets":
		return s.bsock.Members("all"), nil
	}
	return nil, unknown(c)
}

func (s *server) fire() error {
	return s.bsock.To("all", eventName, event{Height: 200000, At: clock(), Hash: hash})
}

// pace fires one event at a time.
func (s *server) pace(count int, every time.Duration) error {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for range count {
		<-ticker.C
		if err := s.fire(); err != nil {
			return err
		}
	}
	return nil
}
