// Package hsd runs the real hsd regtest node of this folder (hsd.mjs) as a child
// process, and drives its chain and wallets.
package hsd

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// ErrNotInstalled is returned by [Start] where npm's hsd is missing.
var ErrNotInstalled = errors.New("npm's hsd is not installed: run `npm ci` in build/hsd, or `make test`, which does")

// Options say how a node is to start. The zero Options take free ports and make
// keys of their own.
type Options struct {
	Dir        string        // the folder of hsd.mjs; "" looks for build/hsd upwards from here
	NodePort   int           // 0 takes a free one
	WalletPort int           // 0 takes a free one
	NodeKey    string        // "" makes one
	WalletKey  string        // "" makes one
	Blocks     int           // mined before Start returns
	Mine       time.Duration // the pause between blocks; 0 mines none by itself
	Journal    string        // the absolute path of the file in which chain and wallets outlive a kill; "" is none
	Stderr     io.Writer     // where the node's complaints go; nil is os.Stderr
}

// A Node is a running hsd node with its wallet server. Its methods may be called
// from several goroutines; commands are carried out one at a time.
type Node struct {
	NodeURL   string
	NodeKey   string
	WalletURL string
	WalletKey string

	cmd    *exec.Cmd
	exited chan struct{}
	err    error // of the process, once exited is closed

	mu    sync.Mutex // held for a command and its answer
	stdin io.WriteCloser
	lines chan []byte
}

// Start runs a node and returns when it is ready, or when ctx ends. The node then
// runs until [Node.Stop] or [Node.Kill], or until this process ends.
func Start(ctx context.Context, opts Options) (*Node, error) {
	dir, err := folder(opts.Dir)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "hsd", "package.json")); err != nil {
		return nil, ErrNotInstalled
	}
	n := &Node{exited: make(chan struct{}), lines: make(chan []byte)}
	if err := n.run(dir, opts); err != nil {
		return nil, fmt.Errorf("hsd: %w", err)
	}
	if err := n.ready(ctx, opts); err != nil {
		n.Kill()
		return nil, fmt.Errorf("hsd did not start: %w", err)
	}
	return n, nil
}

// folder returns dir, or the build/hsd of the module that the working directory
// is in.
func folder(dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	at, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		found := filepath.Join(at, "build", "hsd")
		if _, err := os.Stat(filepath.Join(found, "hsd.mjs")); err == nil {
			return found, nil
		}
		if filepath.Dir(at) == at {
			return "", errors.New("there is no build/hsd here or above: name it in Options.Dir")
		}
		at = filepath.Dir(at)
	}
}

func (n *Node) run(dir string, opts Options) error {
	args := []string{"hsd.mjs",
		"--node-port", strconv.Itoa(opts.NodePort),
		"--wallet-port", strconv.Itoa(opts.WalletPort),
		"--blocks", strconv.Itoa(opts.Blocks),
		"--mine", strconv.FormatFloat(opts.Mine.Seconds(), 'f', -1, 64)}
	if opts.Journal != "" {
		args = append(args, "--journal", opts.Journal)
	}
	n.cmd = exec.Command("node", args...)
	n.cmd.Dir = dir
	n.cmd.Env = append(os.Environ(), "NODE_API_KEY="+opts.NodeKey, "WALLET_API_KEY="+opts.WalletKey)
	n.cmd.Stderr = opts.Stderr
	if opts.Stderr == nil {
		n.cmd.Stderr = os.Stderr
	}
	var err error
	if n.stdin, err = n.cmd.StdinPipe(); err != nil {
		return err
	}
	stdout, err := n.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := n.cmd.Start(); err != nil {
		return err
	}
	go n.read(stdout)
	return nil
}

// read hands on the node's lines until its output ends, and then waits for it.
func (n *Node) read(stdout io.Reader) {
	scanner := bufio.NewScanner(stdout)
	scanner.Buffer(nil, 1<<20) // a thousand hashes are 67 KB
	for scanner.Scan() {
		n.lines <- append([]byte(nil), scanner.Bytes()...)
	}
	close(n.lines)
	n.err = n.cmd.Wait()
	close(n.exited)
}

func (n *Node) ready(ctx context.Context, opts Options) error {
	line, err := n.line(ctx)
	if err != nil {
		return err
	}
	var told struct{ Node, NodeKey, Wallet, WalletKey string }
	if err := json.Unmarshal(line, &told); err != nil {
		return err
	}
	n.NodeURL, n.NodeKey = told.Node, told.NodeKey
	n.WalletURL, n.WalletKey = told.Wallet, told.WalletKey
	if opts.NodeKey != "" {
		n.NodeKey = opts.NodeKey
	}
	if opts.WalletKey != "" {
		n.WalletKey = opts.WalletKey
	}
	return nil
}

func (n *Node) line(ctx context.Context) ([]byte, error) {
	select {
	case line, ok := <-n.lines:
		if !ok {
			return nil, errors.New("the node has exited")
		}
		return line, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// do carries out one command of control.mjs. A command that ctx ended leaves its
// answer behind, so the node is then killed.
func (n *Node) do(ctx context.Context, command map[string]any, result any) error {
	raw, err := json.Marshal(command)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, err := n.stdin.Write(append(raw, '\n')); err != nil {
		return fmt.Errorf("hsd: %v: %w", command["do"], err)
	}
	line, err := n.line(ctx)
	if err != nil {
		n.Kill()
		return fmt.Errorf("hsd: %v: %w", command["do"], err)
	}
	var answer struct {
		Result json.RawMessage
		Error  string
	}
	if err := json.Unmarshal(line, &answer); err != nil {
		return fmt.Errorf("hsd: %v: %w", command["do"], err)
	}
	if answer.Error != "" {
		return fmt.Errorf("hsd: %v: %s", command["do"], answer.Error)
	}
	return json.Unmarshal(answer.Result, result)
}

// Mine mines blocks and returns their hashes. It returns when the wallets have
// seen them. address is who is paid; "" is the primary wallet.
func (n *Node) Mine(ctx context.Context, blocks int, address string) (hashes []string, err error) {
	command := map[string]any{"do": "mine", "blocks": blocks}
	if address != "" {
		command["address"] = address
	}
	var result struct{ Hashes []string }
	err = n.do(ctx, command, &result)
	return result.Hashes, err
}

// Wallet opens a wallet, making it if it is new, and returns its address.
func (n *Node) Wallet(ctx context.Context, id string) (address string, err error) {
	var result struct{ Address string }
	err = n.do(ctx, map[string]any{"do": "wallet", "wallet": id}, &result)
	return result.Address, err
}

// Send pays value, in millionths of a coin, from the primary wallet to the
// wallet id, and returns the transaction's id.
func (n *Node) Send(ctx context.Context, id string, value int) (txid string, err error) {
	var result struct{ Hash string }
	err = n.do(ctx, map[string]any{"do": "send", "wallet": id, "value": value}, &result)
	return result.Hash, err
}

// Tip returns the hash and the height of the newest block.
func (n *Node) Tip(ctx context.Context) (hash string, height int, err error) {
	var result struct {
		Hash   string
		Height int
	}
	err = n.do(ctx, map[string]any{"do": "tip"}, &result)
	return result.Hash, result.Height, err
}

// Reset throws away the blocks above height.
func (n *Node) Reset(ctx context.Context, height int) error {
	var result struct{ Height int }
	return n.do(ctx, map[string]any{"do": "reset", "height": height}, &result)
}

// Exited is closed when the process has ended.
func (n *Node) Exited() <-chan struct{} { return n.exited }

// Stop ends the node as its standard input ends, and waits for it.
func (n *Node) Stop() error {
	n.stdin.Close()
	return n.wait()
}

// Kill ends the node without a chance to say goodbye, as a crash would, and
// waits for it.
func (n *Node) Kill() {
	n.cmd.Process.Kill()
	n.wait()
}

func (n *Node) wait() error {
	for range n.lines { // let the reader come to the end
	}
	<-n.exited
	return n.err
}
