package hsd_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/build/hsd"
)

func TestNode(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	n, err := hsd.Start(ctx, hsd.Options{Blocks: 3})
	require.NoError(t, err)
	defer n.Stop()

	assert.Regexp(t, `^http://127\.0\.0\.1:\d+$`, n.NodeURL)
	assert.Regexp(t, `^http://127\.0\.0\.1:\d+$`, n.WalletURL)
	assert.Len(t, n.NodeKey, 40, "a key is made where none is given")
	assert.NotEqual(t, n.NodeKey, n.WalletKey)

	_, height, err := n.Tip(ctx)
	require.NoError(t, err)
	assert.Equal(t, 3, height, "Blocks are mined before Start returns")

	address, err := n.Wallet(ctx, "alice")
	require.NoError(t, err)
	assert.Regexp(t, "^rs1", address)
	txid, err := n.Send(ctx, "alice", 1_000_000)
	require.NoError(t, err)
	assert.Len(t, txid, 64)

	hashes, err := n.Mine(ctx, 2, address)
	require.NoError(t, err)
	assert.Len(t, hashes, 2)
	tip, height, err := n.Tip(ctx)
	require.NoError(t, err)
	assert.Equal(t, 5, height)
	assert.Equal(t, hashes[1], tip)

	require.NoError(t, n.Reset(ctx, 4))
	_, height, err = n.Tip(ctx)
	require.NoError(t, err)
	assert.Equal(t, 4, height)

	_, err = n.Send(ctx, "nobody", 1)
	assert.ErrorContains(t, err, `no wallet "nobody"`, "a command that fails says why")

	require.NoError(t, n.Stop(), "the node exits cleanly when its input ends")
	_, err = n.Mine(ctx, 1, "")
	assert.Error(t, err, "a node that has stopped answers no commands")
}

func TestGivenKeysAndPorts(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	first, err := hsd.Start(ctx, hsd.Options{})
	require.NoError(t, err)
	first.Kill()

	var port int
	_, err = fmt.Sscanf(first.NodeURL, "http://127.0.0.1:%d", &port)
	require.NoError(t, err)
	second, err := hsd.Start(ctx, hsd.Options{NodePort: port, NodeKey: "k1", WalletKey: "k2"})
	require.NoError(t, err, "the port of a node that was killed can be used again")
	defer second.Stop()
	assert.Equal(t, first.NodeURL, second.NodeURL)
	assert.Equal(t, "k1", second.NodeKey)
	assert.Equal(t, "k2", second.WalletKey)
}

func TestJournal(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	opts := hsd.Options{Journal: filepath.Join(t.TempDir(), "journal")}
	first, err := hsd.Start(ctx, opts)
	require.NoError(t, err)
	hashes, err := first.Mine(ctx, 3, "")
	require.NoError(t, err)
	address, err := first.Wallet(ctx, "alice")
	require.NoError(t, err)
	first.Kill()

	second, err := hsd.Start(ctx, opts)
	require.NoError(t, err, "a node that was killed can start again")
	defer second.Stop()
	tip, height, err := second.Tip(ctx)
	require.NoError(t, err)
	assert.Equal(t, hashes[2], tip, "it has its chain back")
	assert.Equal(t, 3, height)
	again, err := second.Wallet(ctx, "alice")
	require.NoError(t, err)
	assert.Equal(t, address, again, "and its wallets")
	_, err = second.Send(ctx, "alice", 1_000_000)
	assert.NoError(t, err, "with what they own")
}

func TestNotInstalled(t *testing.T) {
	_, err := hsd.Start(t.Context(), hsd.Options{Dir: t.TempDir()})
	assert.ErrorIs(t, err, hsd.ErrNotInstalled)
}
