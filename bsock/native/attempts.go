package native

import (
	"net"
	"syscall"
)

// Attempts are writes to a connection that never wait: the system takes what it
// has room for.
type attempts struct {
	conn syscall.RawConn
	try  func(fd uintptr) bool // once; it is kept, or it would be made anew for each
	data []byte
	n    int
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
	a := &attempts{conn: raw}
	a.try = func(fd uintptr) bool {
		a.n = attempt(fd, a.data)
		return true
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
