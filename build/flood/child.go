package flood

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock/appserver"
)

// The server has a process of its own, so that its memory is its own and its
// file descriptors are. It is asked by a line, and answers with a line of JSON.

// A target is a server, in this process or another.
type target interface {
	Addr() string
	Mine() (Block, error)
	Stats() (Stats, error)
	Close() error
}

var (
	_ target = (*Server)(nil)
	_ target = (*child)(nil)
)

// A Block is one that was mined.
type Block struct {
	Height int
	At     time.Time
}

// Serve runs a server that is asked through in and answers to out, until in ends.
func Serve(limits appserver.Config, in io.Reader, out io.Writer) error {
	s, err := NewServer(limits)
	if err != nil {
		return err
	}
	answers := json.NewEncoder(out)
	err = answers.Encode(s.Addr())
	for lines := bufio.NewScanner(in); err == nil && lines.Scan(); {
		err = s.reply(answers, lines.Text())
	}
	return errors.Join(err, s.Close())
}

func (s *Server) reply(answers *json.Encoder, question string) error {
	var answer any
	var err error
	switch question {
	case "mine":
		answer, err = s.Mine()
	case "stats":
		answer, err = s.Stats()
	default:
		err = fmt.Errorf("flood: the question %q is not known", question)
	}
	if err != nil {
		return err
	}
	return answers.Encode(answer)
}

// A child is a server in a process of its own.
type child struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *json.Decoder
	addr    string
}

// start runs a program that calls Serve.
func start(ctx context.Context, program string, args ...string) (*child, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	var said lastWords
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{cmd: cmd, in: in, answers: json.NewDecoder(out)}
	if err := c.answers.Decode(&c.addr); err != nil {
		return nil, errors.Join(fmt.Errorf("flood: the server has not started: %s", said), c.Close())
	}
	return c, nil
}

// Addr implements target.
func (c *child) Addr() string { return c.addr }

// Mine implements target.
func (c *child) Mine() (b Block, err error) { return b, c.ask("mine", &b) }

// Stats implements target.
func (c *child) Stats() (s Stats, err error) { return s, c.ask("stats", &s) }

func (c *child) ask(question string, answer any) error {
	if _, err := io.WriteString(c.in, question+"\n"); err != nil {
		return fmt.Errorf("flood: the server has ended: %w", err)
	}
	if err := c.answers.Decode(answer); err != nil {
		return fmt.Errorf("flood: the server has ended: %w", err)
	}
	return nil
}

// Close implements target.
func (c *child) Close() error {
	c.in.Close()
	return c.cmd.Wait()
}

// lastWords keeps the end of what a program says.
type lastWords []byte

// Write implements io.Writer.
func (w *lastWords) Write(p []byte) (int, error) {
	const enough = 4 << 10
	*w = append(*w, p...)
	if len(*w) > enough {
		*w = (*w)[len(*w)-enough:]
	}
	return len(p), nil
}

func (w lastWords) String() string { return string(w) }
