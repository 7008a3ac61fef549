//go:build linux

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Callers are goroutines that each make a call, wait until they are woken for the
// answer, and make the next: what a Go program with as many callers could do at
// most. Nothing is encoded or checked. What callers write meanwhile goes out
// together, and who has woken them lets them write before it does.
type callers struct {
	conn net.Conn
	in   *bufio.Reader
	wake []chan struct{} // by the id of the call, which is the caller's

	mu      sync.Mutex
	out     []byte
	writing bool

	spare []byte // of out; the writer's own
}

func (c *callers) do(cmd *command) (any, error) {
	begin := time.Now()
	switch cmd.Do {
	case "connect":
		return nil, c.connect(strings.TrimPrefix(cmd.URL, "ws://"))
	case "calls":
		err := c.calls(cmd.Count, cmd.InFlight)
		return time.Since(begin).Seconds(), err
	}
	return nil, unknown(cmd)
}

// mostCallers is how many there may be.
const mostCallers = 1000

func (c *callers) connect(addr string) (err error) {
	if c.conn, err = net.Dial("tcp", addr); err != nil {
		return err
	}
	if _, err := io.WriteString(c.conn, request); err != nil {
		return err
	}
	c.in = bufio.NewReader(c.conn)
	if _, err := http.ReadResponse(c.in, nil); err != nil {
		return err
	}
	for range mostCallers {
		c.wake = append(c.wake, make(chan struct{}, 1))
	}
	return nil
}

func (c *callers) calls(count, inFlight int) error {
	if inFlight > mostCallers {
		return fmt.Errorf("%d callers are more than %d", inFlight, mostCallers)
	}
	failed := make(chan error, 1)
	go func() { failed <- c.read(count) }()
	var left atomic.Int64
	left.Store(int64(count))
	for id := range inFlight {
		go func() {
			for left.Add(-1) >= 0 {
				c.call(id)
				<-c.wake[id]
			}
		}()
	}
	return <-failed
}

// call sends a call. Whoever finds nobody writing writes for all.
func (c *callers) call(id int) {
	var room [2 * smallEvent]byte
	text := strconv.AppendInt(append(room[:0], "42"...), int64(id), 10)
	text = append(text, callBody...)
	c.mu.Lock()
	c.out = appendMasked(c.out, text)
	mine := !c.writing
	c.writing = true
	c.mu.Unlock()
	if mine {
		c.flush()
	}
}

func (c *callers) flush() {
	for out := c.take(); len(out) > 0; out = c.take() {
		if _, err := c.conn.Write(out); err != nil {
			return // the reader finds out
		}
		c.spare = out[:0]
	}
}

// take takes what is to be written. If there is nothing the writer is to end.
func (c *callers) take() (out []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writing = len(c.out) > 0; c.writing {
		out, c.out = c.out, c.spare
	}
	return out
}

// read wakes callers until so many calls have been answered.
func (c *callers) read(count int) error {
	var data []byte
	room := make([]byte, 1<<16)
	for count > 0 {
		n, err := c.in.Read(room)
		if err != nil {
			return err
		}
		data = append(data, room[:n]...)
		mine := c.claim()
		rest := data
		for {
			_, msg, more, ok := frameOf(rest)
			if !ok {
				break
			}
			if id, isAck := bytes.CutPrefix(msg, ackStart); isAck {
				c.wake[numberOf(id)] <- struct{}{}
				count--
			}
			rest = more
		}
		data = append(data[:0], rest...)
		if mine {
			runtime.Gosched()
			c.flush()
		}
	}
	return nil
}

// claim reports whether the caller is to write.
func (c *callers) claim() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	mine := !c.writing
	c.writing = true
	return mine
}

// numberOf returns the number that text begins with.
func numberOf(text []byte) (n int64) {
	for _, digit := range text {
		if digit < '0' || digit > '9' {
			break
		}
		n = 10*n + int64(digit-'0')
	}
	return n
}
