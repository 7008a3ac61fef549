//go:build unix

package native

import "syscall"

const canAttempt = true

// attempt writes to a file descriptor that does not block, as those of package
// net are.
func attempt(fd uintptr, data []byte) int {
	for {
		n, err := syscall.Write(int(fd), data)
		if err != syscall.EINTR {
			return max(n, 0)
		}
	}
}
