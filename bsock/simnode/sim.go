package simnode

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A Config says how a simulated node behaves. The zero Config mines a block
// every five seconds and lets everyone in.
type Config struct {
	NodeKey   string        // what `auth` on the node must be given; "" takes anything
	WalletKey string        // the same on the wallet server
	Interval  time.Duration // between blocks, on average; 0 is 5 s, less mines only when told
	History   int           // blocks there are at the start, mined at the pace of Interval
	Log       *slog.Logger  // nil is slog.Default()

	// For tests: nil stands for the real clock and for a random seed.
	Now  func() time.Time
	Rand *rand.Rand
}

// DefaultInterval is the average time between blocks.
const DefaultInterval = 5 * time.Second

// A Sim is a simulated node with its wallet server. It mines while [Sim.Run]
// runs, and when it is told to.
type Sim struct {
	config Config
	node   *native.Server
	wallet *native.Server

	// mu is held from a change of the world until all clients have been told,
	// so that they are told everything in one order.
	mu      sync.Mutex
	world   *world
	nodes   map[*nodeClient]struct{}
	wallets map[*walletClient]struct{}
}

// New returns a simulated node.
func New(config Config) *Sim {
	if config.Interval == 0 {
		config.Interval = DefaultInterval
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Rand == nil {
		config.Rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	s := &Sim{
		config:  config,
		world:   newWorld(config.Rand),
		nodes:   make(map[*nodeClient]struct{}),
		wallets: make(map[*walletClient]struct{}),
	}
	s.world.live(config.Now(), config.History, max(config.Interval, time.Second))
	s.node = native.NewServer(&native.ServerOptions{OnSocket: s.acceptNode, Limits: limits})
	s.wallet = native.NewServer(&native.ServerOptions{OnSocket: s.acceptWallet, Limits: limits})
	return s
}

// limits leave room for any filter in what clients send.
var limits = native.Limits{MaxFrame: 8 << 20}

// Node returns the handler that speaks the API of hsd's node server.
func (s *Sim) Node() http.Handler { return s.node }

// Wallet returns the handler that speaks the API of hsd's wallet server.
func (s *Sim) Wallet() http.Handler { return s.wallet }

// Run mines until ctx ends.
func (s *Sim) Run(ctx context.Context) {
	s.config.Log.Info("node is simulated", "label", Label, "height", s.Height())
	if s.config.Interval < 0 {
		<-ctx.Done()
		return
	}
	for {
		s.mu.Lock()
		delay := s.world.delay(s.config.Interval)
		act := time.Duration(s.config.Rand.Float64() * float64(delay))
		s.mu.Unlock()
		if !sleep(ctx, act) {
			return
		}
		s.change(func() { s.world.act(s.config.Now()) })
		if !sleep(ctx, delay-act) {
			return
		}
		s.Mine(1)
	}
}

// sleep reports whether it slept for d before ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Shutdown closes all connections and refuses new ones.
func (s *Sim) Shutdown(ctx context.Context) error {
	err := s.node.Shutdown(ctx)
	if walletErr := s.wallet.Shutdown(ctx); err == nil {
		err = walletErr
	}
	return err
}

// Height returns how many blocks follow the genesis block.
func (s *Sim) Height() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(s.world.chain.tip().height)
}

// Mine mines blocks now.
func (s *Sim) Mine(blocks int) {
	for range blocks {
		s.change(func() {
			b := s.world.mine(s.config.Now())
			s.config.Log.Debug("simulated block", "height", b.height, "transactions", len(b.txs))
		})
	}
}

// Send pays value, in millionths of a coin, from one wallet to another, which is
// made if it is new, and returns the transaction's id. The payment waits for the
// next block.
func (s *Sim) Send(from, to string, value uint64) (txid string, err error) {
	s.change(func() {
		var tx *transaction
		s.world.addWallet(to)
		if tx, err = s.world.pay(s.config.Now(), from, to, value); err == nil {
			txid = tx.id.String()
		}
	})
	return txid, err
}

// change changes the world and tells the clients what came of it.
func (s *Sim) change(act func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	act()
	for _, e := range s.world.drain() {
		switch e.kind {
		case blockConnected:
			s.tellBlock(e.block)
		case txSeen:
			s.tellTransaction(e.tx)
		case walletEvent:
			s.tellWallet(e)
		}
	}
}

// checkKey compares hashes, as hsd does, so that the time it takes tells nothing
// of the key. hsd: lib/node/http.js handleSocket.
func checkKey(want string, p params) error {
	if want == "" {
		return nil
	}
	key, err := p.text(0)
	if err != nil {
		return err
	}
	given, right := sha256.Sum256([]byte(key)), sha256.Sum256([]byte(want))
	if subtle.ConstantTimeCompare(given[:], right[:]) != 1 {
		return errKey
	}
	return nil
}
