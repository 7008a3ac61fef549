package native

import (
	"io"
	"net"
	"syscall"
)

// Attempts are writes to a connection that never wait: the system takes what it
// has room for. And they are reads into a room that nobody needs while they wait:
// a connection on which nothing happens has none.
type attempts struct {
	conn syscall.RawConn
	addr net.Addr

	// Writing. The function is kept, or it would be made anew for each.
	try  func(fd uintptr) bool
	data []byte
	n    int

	// Reading.
	fill func(fd uintptr) bool
	room *[]byte
	got  int
	err  error
}

// newAttempts returns nil if what is written to conn does not go to the system as
// it is, or not in a way that is known here.
func newAttempts(conn net.Conn) *attempts {
	var raw syscall.RawConn
	var err error
	switch conn := conn.(type) { // and no other that has a SyscallConn: it may embed one of these, and write otherwise
	case *net.TCPConn:
		raw, err = conn.SyscallConn()
	case *net.UnixConn:
		raw, err = conn.SyscallConn()
	}
	if !canAttempt || raw == nil || err != nil {
		return nil
	}
	a := &attempts{conn: raw, addr: conn.RemoteAddr()}
	a.try = func(fd uintptr) bool {
		a.n = attemptWrite(fd, a.data)
		return true
	}
	a.fill = func(fd uintptr) bool {
		a.room = poolOf(true).Get().(*[]byte)
		a.got, a.err = attemptRead(fd, *a.room)
		if a.got < 0 {
			free(a.room)
		}
		return a.got >= 0
	}
	return a
}

// write returns how much of data the system has taken. What is wrong is for the
// next write that waits to find.
func (a *attempts) write(data []byte) int {
	a.data, a.n = data, 0
	_ = a.conn.Write(a.try)
	a.data = nil
	return a.n
}

// read waits for something to come, and returns it with the room it is in.
func (a *attempts) read() (data []byte, room *[]byte, err error) {
	if err := a.conn.Read(a.fill); err != nil {
		return nil, nil, err
	}
	room, a.room = a.room, nil
	switch {
	case a.err != nil:
		free(room)
		return nil, nil, &net.OpError{Op: "read", Net: a.addr.Network(), Addr: a.addr, Err: a.err}
	case a.got == 0:
		free(room)
		return nil, nil, io.EOF
	}
	return (*room)[:a.got], room, nil
}
