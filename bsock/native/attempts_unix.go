//go:build unix

package native

import (
	"os"
	"syscall"
)

const canAttempt = true

// attemptWrite writes to a file descriptor that does not block, as those of
// package net are. It returns how much was written.
func attemptWrite(fd uintptr, data []byte) int {
	for {
		n, err := syscall.Write(int(fd), data)
		if err != syscall.EINTR {
			return max(n, 0)
		}
	}
}

// attemptRead reads from one. It returns -1 if it would block.
func attemptRead(fd uintptr, room []byte) (int, error) {
	for {
		n, err := syscall.Read(int(fd), room)
		switch err {
		case nil:
			return n, nil
		case syscall.EAGAIN:
			return -1, nil
		case syscall.EINTR:
		default:
			return 0, os.NewSyscallError("read", err)
		}
	}
}
