package flood

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Each kind of browser comes from addresses of its own, by which the server's
// log tells them apart.
const (
	citizenAddress  = "127.0.1."
	deafAddress     = "127.0.2.1"
	askingAddress   = "127.0.2.2"
	strangerAddress = "127.0.3.1"
	rushAddress     = "127.0.4."

	perAddress = 5000 // connections
	dialers    = 64   // at a time
	path       = "/" + id + "/?transport=websocket"
)

const blockEvent = "block connect"

// A citizen is a well-behaved browser. It notes when which block came.
type citizen struct {
	*peer
	heard atomic.Int32 // blocks
	came  []arrival    // its reader's own until it has ended
	end   error        // why it ended
	done  chan struct{}
}

type arrival struct {
	height int
	at     time.Time
}

// settleCitizen connects, authenticates, subscribes and watches the chain, and
// returns when all that has been answered.
func settleCitizen(ctx context.Context, addr string, n int) (*citizen, error) {
	from := fmt.Sprint(citizenAddress, 1+n/perAddress)
	p, err := dial(ctx, from, addr, path, 0)
	if err != nil {
		return nil, err
	}
	err = p.send(
		fmt.Sprintf(`420["auth",%q]`, apiKey),
		fmt.Sprintf(`42["subscribe",%q,%[1]q]`, blockEvent),
		`421["dispatch","watch chain"]`,
	)
	for _, answer := range []string{"0{", "40", "430[null", "431[null"} {
		if err == nil {
			err = p.expect(answer)
		}
	}
	if err != nil {
		p.conn.Close()
		return nil, fmt.Errorf("browser %d: %w", n, err)
	}
	return &citizen{peer: p, done: make(chan struct{})}, nil
}

// expect reads a text that begins so.
func (p *peer) expect(begin string) error {
	p.conn.SetReadDeadline(time.Now().Add(time.Minute))
	defer p.conn.SetReadDeadline(time.Time{})
	msg, _, err := p.read(nil)
	if err != nil {
		return fmt.Errorf("instead of %s…: %w", begin, err)
	}
	if !strings.HasPrefix(string(msg), begin) {
		return fmt.Errorf("instead of %s… the server says %s", begin, msg)
	}
	return nil
}

// listen notes blocks until the connection ends.
func (c *citizen) listen() {
	defer close(c.done)
	var buf [512]byte
	var isBlock bool
	for {
		msg, text, err := c.read(buf[:])
		switch {
		case err != nil:
			c.end = err
			return
		case text:
			isBlock = strings.HasPrefix(string(msg), `451-["`+blockEvent+`"`)
		case isBlock:
			isBlock = false
			c.came = append(c.came, arrival{heightOf(msg), time.Now()})
			c.heard.Add(1)
		}
	}
}

// heightOf reads the height in an entry of the chain, behind the frame's type
// and the block's hash.
// hsd: lib/blockchain/chainentry.js read
func heightOf(frame []byte) int {
	if len(frame) < 1+32+4 {
		return -1
	}
	return int(binary.LittleEndian.Uint32(frame[1+32:]))
}

// keepAlive pings as the server has asked for, until ctx ends.
func keepAlive(ctx context.Context, citizens []*citizen) {
	every := time.NewTicker(20 * time.Second)
	defer every.Stop()
	for {
		select {
		case <-every.C:
			for _, c := range citizens {
				_ = c.send("2") // its reader sees what is wrong
			}
		case <-ctx.Done():
			return
		}
	}
}

// window is what a peer that does not read has the kernel take in, in bytes.
const window = 4096

// A deaf one hears everything under as many names as it may, and never reads.
func goDeaf(ctx context.Context, addr string) (*peer, error) {
	texts := []string{fmt.Sprintf(`420["auth",%q]`, apiKey)}
	for i := range 250 {
		texts = append(texts, fmt.Sprintf(`42["subscribe",%q,"copy %d"]`, blockEvent, i))
	}
	return mute(ctx, deafAddress, addr, texts)
}

// An asking one asks for more than it could ever want, and never reads.
func keepAsking(ctx context.Context, addr string) (*peer, error) {
	texts := []string{fmt.Sprintf(`420["auth",%q]`, apiKey)}
	for i := range 40 {
		texts = append(texts, fmt.Sprintf(`42%d["dispatch","get entries",0,200]`, i+1))
	}
	return mute(ctx, askingAddress, addr, texts)
}

func mute(ctx context.Context, from, addr string, texts []string) (*peer, error) {
	p, err := dial(ctx, from, addr, path, window)
	if err != nil {
		return nil, err
	}
	p.conn.SetWriteDeadline(time.Now().Add(dialTimeout))
	_ = p.send(texts...) // what it cannot say any more it has said often enough
	return p, nil
}

// A stranger never authenticates. It reports how it was shown the door.
func stay(ctx context.Context, addr string) (farewell string, after time.Duration) {
	begin := time.Now()
	p, err := dial(ctx, strangerAddress, addr, path, 0)
	if err != nil {
		return "not let in", time.Since(begin)
	}
	defer p.conn.Close()
	defer context.AfterFunc(ctx, func() { p.conn.Close() })()
	for {
		if _, _, err := p.read(nil); err != nil {
			return err.Error(), time.Since(begin)
		}
	}
}

// rush connects and is gone again, so many times a second, until ctx ends. It
// returns how often it was let in.
func rush(ctx context.Context, addr string, perSecond int) (in, out int) {
	if perSecond == 0 {
		return 0, 0
	}
	var running sync.WaitGroup
	var let, refused atomic.Int32
	tick := time.NewTicker(time.Second / time.Duration(perSecond))
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
			running.Wait()
			return int(let.Load()), int(refused.Load())
		}
		running.Go(func() {
			p, err := dial(ctx, fmt.Sprint(rushAddress, 1+n%8), addr, path, 0)
			if err != nil {
				refused.Add(1)
				return
			}
			let.Add(1)
			p.drop()
		})
	}
}

// drop ends a connection as one that crashes does.
func (p *peer) drop() {
	if tcp, ok := p.conn.(interface{ SetLinger(int) error }); ok {
		_ = tcp.SetLinger(0) // and leave no port behind that cannot be used
	}
	p.conn.Close()
}

// each runs a function so many times, some at a time, and returns the first
// error.
func each(n int, do func(i int) error) error {
	var next atomic.Int32
	var running sync.WaitGroup
	failed := make(chan error, 1)
	for range min(n, dialers) {
		running.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && len(failed) == 0; i = int(next.Add(1)) - 1 {
				if err := do(i); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		})
	}
	running.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}
