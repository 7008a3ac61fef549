package simnode

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

func TestRunMinesByItself(t *testing.T) {
	sim, err := Listen(Config{Interval: 20 * time.Millisecond, Log: slog.New(slog.DiscardHandler)}, "", "")
	require.NoError(t, err)
	defer sim.Close()
	c := dial(t, sim.NodeURL, nil)
	call(t, c, "auth")
	told := hear(t, c, "block connect")
	call(t, c, "watch chain")
	first := entryOf(t, next(t, told, "block connect").Value(0))
	second := entryOf(t, next(t, told, "block connect").Value(0))
	assert.Equal(t, first.id, second.prevBlock)
}

func TestHistory(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	sim := New(Config{
		Interval: 10 * time.Second, History: 30,
		Now: func() time.Time { return now }, Rand: testRand(), Log: slog.New(slog.DiscardHandler),
	})
	assert.Equal(t, 30, sim.Height())
	first, last := sim.world.chain.blocks[1].time, sim.world.chain.tip().time
	assert.EqualValues(t, now.Unix(), last, "the newest block of the past is of now")
	assert.InDelta(t, 29*10, float64(last-first), 60, "the past went at the pace of the present")
}

func TestLogSaysSimulatedAndNoKey(t *testing.T) {
	var log bytes.Buffer
	sim := New(Config{
		NodeKey: nodeKey, WalletKey: walletKey, Interval: -1,
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	sim.Run(ctx)
	sim.Mine(1)
	assert.Contains(t, log.String(), Label)
	assert.NotContains(t, log.String(), nodeKey)
	assert.NotContains(t, log.String(), walletKey)
}

func TestCoinbaseSaysSimulated(t *testing.T) {
	w := newWorld(testRand())
	b := w.mine(start)
	assert.Equal(t, Label, string(b.txs[0].inputs[0].witness[0]))
}

func TestCloseEndsConnections(t *testing.T) {
	sim, err := Listen(Config{Interval: -1, Log: slog.New(slog.DiscardHandler)}, "", "")
	require.NoError(t, err)
	lost := make(chan error, 1)
	c, err := native.Dial(t.Context(), sim.NodeURL, &native.DialOptions{
		OnDisconnect: func(err error) { lost <- err },
	})
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, sim.Close())
	select {
	case <-lost:
	case <-time.After(10 * time.Second):
		require.Fail(t, "the connection is still there")
	}
}

func TestListenRefusesATakenPort(t *testing.T) {
	first, err := Listen(Config{Interval: -1, Log: slog.New(slog.DiscardHandler)}, "", "")
	require.NoError(t, err)
	defer first.Close()
	taken := first.NodeURL[len("http://"):]
	_, err = Listen(Config{Interval: -1}, taken, "")
	assert.Error(t, err)
	_, err = Listen(Config{Interval: -1}, "", taken)
	assert.Error(t, err)
}

// Clients come and go, and what they leave behind must not pile up.
func TestClientsAreForgotten(t *testing.T) {
	sim, err := Listen(Config{Interval: -1, Log: slog.New(slog.DiscardHandler)}, "", "")
	require.NoError(t, err)
	defer sim.Close()
	for range 3 {
		c := dial(t, sim.NodeURL, nil)
		call(t, c, "auth")
		w := dial(t, sim.WalletURL, nil)
		call(t, w, "auth")
		c.Close()
		w.Close()
	}
	assert.Eventually(t, func() bool {
		sim.mu.Lock()
		defer sim.mu.Unlock()
		return len(sim.nodes) == 0 && len(sim.wallets) == 0
	}, 10*time.Second, time.Millisecond)
}
