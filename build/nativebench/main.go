//go:build linux

// Command nativebench is the Go half of the measurements of bsock/native beside
// npm's bsock: each role is a process of its own, so that its time and memory
// are its own.
//
//	server    a server over bsock/native, what is measured
//	client    a client over bsock/native, what is measured
//	bare      a client over nhooyr.io/websocket alone, what is possible
//	callers   goroutines that wait for answers, and nothing else, what is possible
//	neutral   a server for both clients, faster than either
//	herd      thousands of connections to either server, as light as can be
//
// It is steered as all programs of the tests are: a line of JSON on stdin, an
// answer of the same id on stdout. npm's own half is www/test/bench/native.
//
// It knows Linux alone, which tells what a process has used.
package main

import (
	"fmt"
	"os"
	"syscall"
)

// A role answers commands.
type role interface {
	do(c *command) (any, error)
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "nativebench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("want one role: server, client, bare, callers, neutral or herd")
	}
	if err := raiseLimit(); err != nil {
		return err
	}
	r, err := newRole(args[0])
	if err != nil {
		return err
	}
	return obey(r, os.Stdin, os.Stdout)
}

func newRole(name string) (role, error) {
	switch name {
	case "server":
		return newServer()
	case "client":
		return new(client), nil
	case "bare":
		return new(bare), nil
	case "callers":
		return new(callers), nil
	case "neutral":
		return newNeutral()
	case "herd":
		return newHerd()
	}
	return nil, fmt.Errorf("there is no role %q", name)
}

// raiseLimit allows as many open files as the system lets it.
func raiseLimit() error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	limit.Cur = limit.Max
	return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
}
