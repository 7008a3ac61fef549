//go:build linux

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
)

// A command is what a role is told to do. Which fields mean something is up to
// the command.
type command struct {
	ID       int    `json:"id"`
	Do       string `json:"do"`
	URL      string `json:"url"`
	Count    int    `json:"count"`
	InFlight int    `json:"inFlight"`
	Size     int    `json:"size"`
	Unread   bool   `json:"unread"`
	Every    int    `json:"every"` // milliseconds
}

// An answer has either a result or an error.
type answer struct {
	ID     int    `json:"id"`
	Result any    `json:"result"`
	Error  string `json:"error,omitempty"`
}

// obey carries out commands, one after the other, until in ends.
func obey(r role, in io.Reader, out io.Writer) error {
	answers := json.NewEncoder(out)
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var c command
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return fmt.Errorf("%s: %w", lines.Text(), err)
		}
		a := answer{ID: c.ID}
		var err error
		switch c.Do {
		case "seconds":
			a.Result, err = seconds()
		case "bytes":
			a.Result, err = resident()
		default:
			a.Result, err = r.do(&c)
		}
		if err != nil {
			a.Error = err.Error()
		}
		if err := answers.Encode(a); err != nil {
			return err
		}
	}
	return nil
}

func unknown(c *command) error { return fmt.Errorf("there is no command %q", c.Do) }

// seconds returns how long processors have worked for this process, in its own
// code and the system's.
func seconds() (float64, error) {
	var u syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9, err
}

// resident returns how much memory the system has given this process, after a
// collection, in bytes.
func resident() (int, error) {
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	var size, pages int
	if err == nil {
		_, err = fmt.Sscan(string(text), &size, &pages)
	}
	return pages * os.Getpagesize(), err
}

// An event is what is sent: 75 bytes on the wire.
type event struct {
	Height int    `json:"height"`
	At     int64  `json:"at"` // when it was fired, on the machine's clock
	Hash   string `json:"hash"`
}

// eventName is what it is called.
const eventName = "tip"

// smallEvent is how large an event is on the wire, in bytes.
const smallEvent = 75

// hashFor returns a hash that makes an event of a size.
func hashFor(at int64, size int) string {
	bare := len(fmt.Sprintf(`42["tip",{"height":200000,"at":%d,"hash":""}]`, at))
	return strings.Repeat("0", max(0, size-bare))
}

// hash is that of all small events.
var hash = hashFor(clock(), smallEvent)
