//go:build linux

package main

import (
	"syscall"
	"time"
)

// A loop serves any number of WebSockets in one thread, over epoll: what is left
// of two cores belongs to what is measured.
type loop struct {
	poll  int
	conns []*conn // by file descriptor
	buf   []byte
	wake  [2]int // a pipe
	tasks chan func()

	// What is done now and then.
	act   func()
	every time.Duration
	due   time.Time // zero if nothing is to be done

	listener int                       // 0 if there is none
	opened   func(c *conn)             // a WebSocket is open
	message  func(c *conn, msg []byte) // a text has come; msg is only lent
}

// A conn is one of a loop's connections. All of it belongs to the loop's thread.
type conn struct {
	fd       int
	upgraded bool
	in       []byte // the beginning of what has not come wholly
	out      []byte // what is to be sent
	sent     int    // how much of it the system has taken
	blocked  bool   // it takes no more for now
	// more appends what else is to be sent, to a buffer that is empty.
	more func(dst []byte) []byte
	// id is the next call's.
	id int
}

func newLoop() (*loop, error) {
	poll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	l := &loop{poll: poll, buf: make([]byte, 1<<18), tasks: make(chan func(), 1)}
	if err := syscall.Pipe2(l.wake[:], syscall.O_NONBLOCK|syscall.O_CLOEXEC); err != nil {
		return nil, err
	}
	return l, l.watch(l.wake[0], syscall.EPOLLIN)
}

func (l *loop) watch(fd int, events uint32) error {
	return syscall.EpollCtl(l.poll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: events, Fd: int32(fd)})
}

// call runs a function in the loop's thread and returns when it has.
func (l *loop) call(fn func()) {
	done := make(chan struct{})
	l.tasks <- func() { fn(); close(done) }
	syscall.Write(l.wake[1], []byte{0})
	<-done
}

// pace runs a function so many times in the loop's thread, and returns when it
// has.
func (l *loop) pace(count int, every time.Duration, fn func()) {
	done := make(chan struct{})
	l.call(func() {
		l.every, l.due = every, time.Now().Add(every)
		l.act = func() {
			fn()
			if count--; count == 0 {
				l.due = time.Time{}
				close(done)
			}
		}
	})
	<-done
}

// await returns how long the loop may wait for something to happen, in ms, after
// it has done what is due; -1 is as long as it takes.
func (l *loop) await() int {
	for !l.due.IsZero() {
		left := time.Until(l.due)
		if left > 0 {
			return int(left.Milliseconds()) + 1
		}
		l.due = l.due.Add(l.every)
		l.act()
	}
	return -1
}

// add takes in a connection that does not block. Only the loop's thread may.
func (l *loop) add(c *conn) error {
	for c.fd >= len(l.conns) {
		l.conns = append(l.conns, make([]*conn, 1024)...)
	}
	l.conns[c.fd] = c
	return l.watch(c.fd, syscall.EPOLLIN)
}

func (l *loop) drop(c *conn) {
	l.conns[c.fd] = nil
	syscall.Close(c.fd)
}

// each runs a function for all connections.
func (l *loop) each(fn func(c *conn)) {
	for _, c := range l.conns {
		if c != nil && c.upgraded {
			fn(c)
		}
	}
}

func (l *loop) run() {
	events := make([]syscall.EpollEvent, 256)
	for {
		n, err := syscall.EpollWait(l.poll, events, l.await())
		if err != nil && err != syscall.EINTR {
			panic(err) // the descriptor is ours
		}
		for _, ev := range events[:max(n, 0)] {
			l.ready(int(ev.Fd), ev.Events)
		}
	}
}

func (l *loop) ready(fd int, events uint32) {
	switch {
	case fd == l.wake[0]:
		syscall.Read(fd, l.buf)
		(<-l.tasks)()
		return
	case fd == l.listener:
		l.accept()
		return
	}
	c := l.conns[fd]
	if c != nil && events&syscall.EPOLLOUT != 0 {
		l.flush(c)
	}
	if c != nil && events&^syscall.EPOLLOUT != 0 {
		l.read(c)
	}
}

func (l *loop) accept() {
	for {
		fd, _, err := syscall.Accept4(l.listener, syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
		if err != nil {
			return // nobody else waits
		}
		syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
		if err := l.add(&conn{fd: fd}); err != nil {
			syscall.Close(fd)
		}
	}
}

// read takes in what there is, and then sends what became of it in one piece.
func (l *loop) read(c *conn) {
	n, err := syscall.Read(c.fd, l.buf)
	if err == syscall.EAGAIN {
		return
	}
	if n <= 0 {
		l.drop(c)
		return
	}
	data := l.buf[:n]
	if len(c.in) > 0 {
		c.in = append(c.in, data...)
		data = c.in
	}
	rest := l.parse(c, data)
	c.in = append(c.in[:0], rest...)
	l.flush(c)
}

func (l *loop) parse(c *conn, data []byte) (rest []byte) {
	if !c.upgraded {
		var ok bool
		if data, ok = l.upgrade(c, data); !ok {
			return data
		}
		c.upgraded = true
		l.opened(c)
	}
	for {
		opcode, msg, rest, ok := frameOf(data)
		if !ok {
			return data
		}
		if data = rest; opcode == opText {
			l.message(c, msg)
		}
	}
}

// flush sends what waits, as far as the system takes it, and has it tell when it
// takes more.
func (l *loop) flush(c *conn) {
	for {
		if c.sent == len(c.out) {
			c.out, c.sent = c.out[:0], 0
			if c.more != nil {
				c.out = c.more(c.out)
			}
		}
		if len(c.out) == 0 {
			l.block(c, false)
			return
		}
		n, err := syscall.Write(c.fd, c.out[c.sent:])
		if err == syscall.EAGAIN {
			l.block(c, true)
			return
		}
		if err != nil {
			return // its reader finds out
		}
		c.sent += n
	}
}

func (l *loop) block(c *conn, blocked bool) {
	if c.blocked == blocked {
		return
	}
	c.blocked = blocked
	events := uint32(syscall.EPOLLIN)
	if blocked {
		events |= syscall.EPOLLOUT
	}
	err := syscall.EpollCtl(l.poll, syscall.EPOLL_CTL_MOD, c.fd, &syscall.EpollEvent{Events: events, Fd: int32(c.fd)})
	if err != nil {
		panic(err) // the descriptor is ours
	}
}
