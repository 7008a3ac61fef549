//go:build linux

package main

import (
	"context"
	"net"
	"net/http"

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
			if err := s.bsock.To("all", eventName, event{Height: 200000, At: clock(), Hash: hash}); err != nil {
				return nil, err
			}
		}
		return nil, nil
	case "sockets":
		return s.bsock.Members("all"), nil
	}
	return nil, unknown(c)
}
