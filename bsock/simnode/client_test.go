package simnode

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
	"github.com/bsock-wasm/bsock-wasm/build/hsd"
)

// Every check of a client below is made on both: the simulated node is right
// where the real one answers the same.

// A peer is a node, whichever it is.
type peer struct {
	nodeURL, nodeKey     string
	walletURL, walletKey string

	mine func(t *testing.T, blocks int)
	send func(t *testing.T, wallet string, value int) (txid string)
}

func eachPeer(t *testing.T, check func(t *testing.T, p *peer)) {
	t.Run("simulated", func(t *testing.T) { check(t, startSimulated(t)) })
	t.Run("hsd", func(t *testing.T) { check(t, startReal(t)) })
}

const (
	nodeKey   = "the node's key"
	walletKey = "the wallet's key"
)

func startSimulated(t *testing.T) *peer {
	p, _ := startSim(t)
	return p
}

func startSim(t *testing.T) (*peer, *Running) {
	t.Helper()
	sim, err := Listen(Config{
		NodeKey: nodeKey, WalletKey: walletKey,
		Interval: -1, History: 4, Log: slog.New(slog.DiscardHandler),
		Rand: testRand(),
	}, "", "")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, sim.Close()) })
	return &peer{
		sim.NodeURL, nodeKey, sim.WalletURL, walletKey,
		func(t *testing.T, blocks int) { sim.Mine(blocks) },
		func(t *testing.T, wallet string, value int) string {
			txid, err := sim.Send(MinerWallet, wallet, uint64(value))
			require.NoError(t, err)
			return txid
		},
	}, sim
}

func startReal(t *testing.T) *peer {
	node := startHSD(t, hsd.Options{Blocks: 4, NodeKey: nodeKey, WalletKey: walletKey})
	return &peer{
		node.NodeURL, nodeKey, node.WalletURL, walletKey,
		func(t *testing.T, blocks int) {
			_, err := node.Mine(t.Context(), blocks, "")
			require.NoError(t, err)
		},
		func(t *testing.T, wallet string, value int) string {
			_, err := node.Wallet(t.Context(), wallet)
			require.NoError(t, err)
			txid, err := node.Send(t.Context(), wallet, value)
			require.NoError(t, err)
			return txid
		},
	}
}

// dial connects without a word.
func dial(t *testing.T, url string, setup func(c *native.Client)) *native.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	c, err := native.Dial(ctx, url, &native.DialOptions{Setup: setup, Limits: native.Limits{CallTimeout: 10 * time.Second}})
	require.NoError(t, err)
	t.Cleanup(func() {
		c.Close()
		<-c.Done()
	})
	return c
}

// dialNode connects to the node and authenticates.
func (p *peer) dialNode(t *testing.T, setup func(c *native.Client)) *native.Client {
	t.Helper()
	c := dial(t, p.nodeURL, setup)
	call(t, c, "auth", p.nodeKey)
	return c
}

// dialWallet connects to the wallet server and authenticates.
func (p *peer) dialWallet(t *testing.T, setup func(c *native.Client)) *native.Client {
	t.Helper()
	c := dial(t, p.walletURL, setup)
	call(t, c, "auth", p.walletKey)
	return c
}

func call(t *testing.T, c *native.Client, event string, args ...any) native.Value {
	t.Helper()
	value, err := c.Call(t.Context(), event, args...)
	require.NoError(t, err, "%s %v", event, args)
	return value
}

// refused returns what the peer answered instead of a result.
func refused(t *testing.T, c *native.Client, event string, args ...any) *bsock.RemoteError {
	t.Helper()
	_, err := c.Call(t.Context(), event, args...)
	var remote *bsock.RemoteError
	require.ErrorAs(t, err, &remote, "%s %v", event, args)
	return remote
}

// A heard is an event that came.
type heard struct {
	event string
	args  native.Args
}

// hear puts the events into the channel it returns.
func hear(t *testing.T, c *native.Client, events ...string) <-chan heard {
	t.Helper()
	ch := make(chan heard, 100)
	for _, event := range events {
		_, err := c.Bind(event, func(args native.Args) { ch <- heard{event, args} })
		require.NoError(t, err)
	}
	return ch
}

// next waits for an event, which must have this name.
func next(t *testing.T, ch <-chan heard, event string) native.Args {
	t.Helper()
	select {
	case h := <-ch:
		require.Equal(t, event, h.event, "events come in order")
		return h.args
	case <-time.After(10 * time.Second):
		require.FailNow(t, "no event came", "want %q", event)
		panic("unreachable")
	}
}

// silence checks that nothing has come once the peer has answered a call, behind
// which nothing can be hidden.
func silence(t *testing.T, c *native.Client, ch <-chan heard) {
	t.Helper()
	refused(t, c, "auth")
	select {
	case h := <-ch:
		require.FailNow(t, "an event came that should not", h.event)
	default:
	}
}

// entryOf reads a raw chain entry and checks that its hash is that of its header.
func entryOf(t *testing.T, value native.Value) *block {
	t.Helper()
	raw, ok := value.Bytes()
	require.True(t, ok, "a chain entry is binary, not %s", value.JSON())
	b, err := decodeEntry(raw)
	require.NoError(t, err)
	require.Equal(t, b.header.hash(), b.id)
	require.True(t, b.height == 0 || b.provesWork(), "all blocks but the genesis block prove work")
	return b
}

// transactionsOf reads an array of raw transactions.
func transactionsOf(t *testing.T, value native.Value) (txs []*transaction) {
	t.Helper()
	var list [][]byte
	require.NoError(t, value.Decode(&list))
	for _, raw := range list {
		tx, err := decodeTransaction(raw)
		require.NoError(t, err)
		txs = append(txs, tx)
	}
	return txs
}
