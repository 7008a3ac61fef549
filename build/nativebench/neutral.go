//go:build linux

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"
)

// A neutral server gives both clients the same work: it answers every call, and
// at ["send",COUNT,SIZE] sends so many events of that size, as fast as they are
// taken. For a measure of what is possible it broadcasts as well, by one write
// for each connection.
type neutral struct {
	loop     *loop
	url      string
	listener *os.File // which would be closed if nothing referred to it
}

func newNeutral() (*neutral, error) {
	l, err := newLoop()
	if err != nil {
		return nil, err
	}
	n := &neutral{loop: l}
	l.opened, l.message = n.greet, n.heard
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer listener.Close() // the file is one of its own
	n.url = "ws://" + listener.Addr().String()
	if n.listener, err = listener.(*net.TCPListener).File(); err != nil {
		return nil, err
	}
	l.listener = int(n.listener.Fd())
	if err := syscall.SetNonblock(l.listener, true); err != nil {
		return nil, err
	}
	go l.run()
	return n, l.watch(l.listener, syscall.EPOLLIN)
}

func (n *neutral) do(c *command) (any, error) {
	switch c.Do {
	case "listen":
		return n.url, nil
	case "fire":
		n.loop.call(func() { n.broadcast(c.Count) })
		return nil, nil
	case "pace":
		n.loop.pace(c.Count, time.Duration(c.Every)*time.Millisecond, func() { n.broadcast(1) })
		return nil, nil
	}
	return nil, unknown(c)
}

func (n *neutral) greet(c *conn) {
	c.out = appendText(c.out, []byte(`0{"sid":"0","upgrades":[],"pingInterval":25000,"pingTimeout":60000}`))
	c.out = appendText(c.out, []byte("40"))
}

// heard answers a message: pings, calls, and what is to be sent.
func (n *neutral) heard(c *conn, msg []byte) {
	switch {
	case msg[0] == '2':
		c.out = appendText(c.out, []byte("3"))
	case bytes.HasPrefix(msg, []byte(`42["send",`)):
		var count, size int
		if _, err := fmt.Sscanf(string(msg), `42["send",%d,%d]`, &count, &size); err == nil {
			c.more = flow(count, size)
		}
	case len(msg) > 2 && msg[2] >= '0' && msg[2] <= '9':
		id, _, _ := bytes.Cut(msg[2:], []byte("["))
		c.out = appendText(c.out, []byte("43"), id, []byte("[null,true]"))
	}
}

// piece is how much is made at a time, in bytes.
const piece = 1 << 16

// flow returns what sends count events of a size.
func flow(count, size int) func(dst []byte) []byte {
	frame := appendText(nil, []byte(textOf(clock(), size)))
	return func(dst []byte) []byte {
		for ; count > 0 && len(dst) < piece; count-- {
			dst = append(dst, frame...)
		}
		return dst
	}
}

// textOf returns an event as it is on the wire.
func textOf(at int64, size int) string {
	return `42["tip",{"height":200000,"at":` + strconv.FormatInt(at, 10) + `,"hash":"` + hashFor(at, size) + `"}]`
}

// broadcast sends events to all connections. The frame is made once.
func (n *neutral) broadcast(count int) {
	for range count {
		frame := appendText(nil, []byte(textOf(clock(), smallEvent)))
		n.loop.each(func(c *conn) {
			c.out = append(c.out, frame...)
			n.loop.flush(c)
		})
	}
}
