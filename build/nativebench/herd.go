//go:build linux

package main

import (
	"bytes"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

// A herd is thousands of clients in one thread. It counts the events that reach
// them, and notes how old each is.
type herd struct {
	loop *loop

	// Written in the loop's thread.
	joined atomic.Int64 // connections that have been greeted
	heard  atomic.Int64 // events
	ages   []int64      // of events, in nanoseconds

	// Calls.
	toCall   int
	answered atomic.Int64
}

func newHerd() (*herd, error) {
	l, err := newLoop()
	if err != nil {
		return nil, err
	}
	h := &herd{loop: l}
	l.opened, l.message = func(*conn) {}, h.message
	go l.run()
	return h, nil
}

func (h *herd) do(c *command) (any, error) {
	switch c.Do {
	case "connect":
		return nil, h.connect(c.URL, c.Count)
	case "await":
		return nil, await(&h.heard, int64(c.Count), "events")
	case "ages":
		return h.takeAges(), nil
	case "calls":
		return h.calls(c.Count, c.InFlight)
	case "leave":
		h.loop.call(func() { h.loop.each(h.loop.drop) })
		h.joined.Store(0)
		return nil, nil
	}
	return nil, unknown(c)
}

const patience = 50 * time.Second

// await waits until n has come to want, and then forgets it.
func await(n *atomic.Int64, want int64, what string) error {
	for begin := time.Now(); n.Load() < want; time.Sleep(100 * time.Microsecond) {
		if time.Since(begin) > patience {
			return fmt.Errorf("%d of %d %s have come in %v", n.Load(), want, what, patience)
		}
	}
	n.Add(-want)
	return nil
}

var (
	connectPacket = []byte("40")
	eventStart    = []byte(`42["` + eventName + `"`)
	ackStart      = []byte("43")
	timeKey       = []byte(`"at":`)
)

func (h *herd) message(c *conn, msg []byte) {
	switch {
	case bytes.HasPrefix(msg, eventStart):
		h.noteAge(msg)
		h.heard.Add(1)
	case bytes.HasPrefix(msg, ackStart):
		h.answered.Add(1)
		h.callAgain(c)
	case bytes.Equal(msg, connectPacket):
		h.joined.Add(1)
	}
}

func (h *herd) noteAge(msg []byte) {
	at := numberOf(msg[bytes.Index(msg, timeKey)+len(timeKey):])
	h.ages = append(h.ages, clock()-at)
}

// An age is how old events were when they came, in milliseconds.
type age struct {
	Half float64 `json:"p50"`
	Most float64 `json:"p99"`
}

// takeAges tells of the events since it was last asked.
func (h *herd) takeAges() (a age) {
	h.loop.call(func() {
		if n := len(h.ages); n > 0 {
			slices.Sort(h.ages)
			a = age{float64(h.ages[n/2]) / 1e6, float64(h.ages[n*99/100]) / 1e6}
		}
		h.ages = h.ages[:0]
	})
	return a
}

// perAddress is how many connections come from one address of this machine: each
// has some 28,000 ports to give away.
const perAddress = 5000

// connect adds clients until there are count, and returns when they have been
// greeted.
func (h *herd) connect(url string, count int) error {
	addr, err := net.ResolveTCPAddr("tcp4", url[len("ws://"):])
	if err != nil {
		return err
	}
	to := &syscall.SockaddrInet4{Port: addr.Port, Addr: [4]byte(addr.IP.To4())}
	for i := int(h.joined.Load()); i < count; i++ {
		from := &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 1, byte(1 + i/perAddress)}}
		if err := h.open(from, to); err != nil {
			return fmt.Errorf("connection %d: %w", i, err)
		}
		// A server takes in only so many at a time.
		for begin := time.Now(); int64(i)-h.joined.Load() > 64; time.Sleep(100 * time.Microsecond) {
			if time.Since(begin) > patience {
				return fmt.Errorf("%d of %d connections have been greeted in %v", h.joined.Load(), i, patience)
			}
		}
	}
	for begin := time.Now(); h.joined.Load() < int64(count); time.Sleep(100 * time.Microsecond) {
		if time.Since(begin) > patience {
			return fmt.Errorf("%d of %d connections have been greeted in %v", h.joined.Load(), count, patience)
		}
	}
	return nil
}

func (h *herd) open(from, to syscall.Sockaddr) error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	if err := syscall.Bind(fd, from); err != nil {
		return err
	}
	if err := syscall.Connect(fd, to); err != nil {
		return err
	}
	syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
	if err := syscall.SetNonblock(fd, true); err != nil {
		return err
	}
	h.loop.call(func() {
		c := &conn{fd: fd, out: []byte(request)}
		if err = h.loop.add(c); err == nil {
			h.loop.flush(c)
		}
	})
	return err
}

// calls has all clients together make so many calls, each with so many under
// way, and returns how long that took, in seconds.
func (h *herd) calls(count, inFlight int) (seconds float64, err error) {
	begin := time.Now()
	h.loop.call(func() {
		h.toCall = count
		h.loop.each(func(c *conn) {
			for range inFlight {
				h.callAgain(c)
			}
			h.loop.flush(c)
		})
	})
	if err := await(&h.answered, int64(count), "answers"); err != nil {
		return 0, err
	}
	return time.Since(begin).Seconds(), nil
}

func (h *herd) callAgain(c *conn) {
	if h.toCall == 0 {
		return
	}
	h.toCall--
	var room [96]byte
	text := strconv.AppendInt(append(room[:0], "42"...), int64(c.id), 10)
	c.id++
	c.out = appendMasked(c.out, append(text, callBody...))
}

// callBody is a call with the argument of an event.
var callBody = `["echo",{"height":200000,"at":0,"hash":"` + hash + `"}]`
