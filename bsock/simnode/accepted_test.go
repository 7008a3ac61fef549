package simnode

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/build/hsd"
)

// startHSD runs a real node until the test ends. A node that is not installed
// fails the test: what it proves would otherwise go unproved in silence.
func startHSD(t *testing.T, opts hsd.Options) *hsd.Node {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	node, err := hsd.Start(ctx, opts)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, node.Stop()) })
	return node
}

// rpc calls hsd's JSON-RPC, which is a POST to the root of its HTTP server.
func rpc(t *testing.T, node *hsd.Node, method string, params ...any) any {
	t.Helper()
	body, err := json.Marshal(map[string]any{"method": method, "params": params})
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), "POST", node.NodeURL, bytes.NewReader(body))
	require.NoError(t, err)
	request.SetBasicAuth("x", node.NodeKey)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var answer struct {
		Result any
		Error  any
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	require.Nil(t, answer.Error)
	return answer.Result
}

// The strongest thing to say of simulated blocks: a real node, which checks
// proof of work, merkle roots, rewards, coins, scripts and fees, takes every one.
func TestRealNodeAcceptsTheChain(t *testing.T) {
	node := startHSD(t, hsd.Options{})
	w := newWorld(testRand())
	w.live(time.Now(), 150, 5*time.Second) // long enough for coins to be gathered

	payments := 0
	for _, b := range w.chain.blocks[1:] {
		payments += len(b.txs) - 1
		require.Nil(t, rpc(t, node, "submitblock", hex.EncodeToString(b.raw())),
			"hsd takes block %d", b.height)
	}
	assert.Greater(t, payments, 20, "there are transactions in the blocks")
	tip, height, err := node.Tip(t.Context())
	require.NoError(t, err)
	assert.Equal(t, w.chain.tip().id.String(), tip)
	assert.EqualValues(t, w.chain.tip().height, height)
}

// And the test above could fail: a block whose coinbase takes too much is refused.
func TestRealNodeRefusesABadBlock(t *testing.T) {
	node := startHSD(t, hsd.Options{})
	w := newWorld(testRand())
	in := input{nothing, 0, [][]byte{[]byte(Label), make([]byte, 8), make([]byte, 8)}}
	out := output{baseReward + 1, w.wallets[MinerWallet].current(receiveBranch)}
	greedy := newTransaction([]input{in}, []output{out}, 1)
	b := w.chain.mine(time.Now(), []*transaction{greedy})
	assert.Equal(t, "rejected: bad-cb-amount", rpc(t, node, "submitblock", hex.EncodeToString(b.raw())))
}
