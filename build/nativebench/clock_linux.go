package main

import (
	"syscall"
	"time"
	"unsafe"
)

// The clock that Node's process.hrtime reads too, so that the time between two
// processes can be told.

// monotonic is CLOCK_MONOTONIC of Linux.
const monotonic = 1

var (
	started   = time.Now()
	startedAt = readClock()
)

// clock returns the machine's time, in nanoseconds since it was switched on.
func clock() int64 { return startedAt + int64(time.Since(started)) }

func readClock() int64 {
	var t syscall.Timespec
	if _, _, err := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, monotonic, uintptr(unsafe.Pointer(&t)), 0); err != 0 {
		panic(err) // every Linux has it
	}
	return t.Nano()
}
