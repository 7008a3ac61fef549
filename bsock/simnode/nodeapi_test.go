package simnode

import (
	"context"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// matchAll is a filter of no bits and no hashes, which every test passes.
var matchAll = make([]byte, 1+4+4+1)

func TestNodeAuth(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		c := dial(t, p.nodeURL, nil)
		assert.Equal(t, "Call not found: get tip.", refused(t, c, "get tip").Message, "before auth there is nothing")
		assert.Equal(t, "Invalid API key.", refused(t, c, "auth").Message)
		assert.Equal(t, "Invalid API key.", refused(t, c, "auth", "wrong").Message)
		assert.Equal(t, "Param #0 must be a string.", refused(t, c, "auth", 1).Message)
		assert.True(t, call(t, c, "auth", p.nodeKey).IsNull())
		assert.Equal(t, "Already authed.", refused(t, c, "auth", p.nodeKey).Message)
	})
}

// hsd has its version fired as well, but too early for any client to hear it.
func TestVersionSaysSimulated(t *testing.T) {
	var told <-chan heard
	dial(t, startSimulated(t).nodeURL, func(c *native.Client) { told = hear(t, c, "version") })
	var version struct{ Version, Network string }
	require.NoError(t, next(t, told, "version").Decode(0, &version))
	assert.Equal(t, "regtest", version.Network)
	assert.Contains(t, version.Version, "simulated")
}

func TestNodeQuestions(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		c := p.dialNode(t, nil)
		tip := entryOf(t, call(t, c, "get tip"))
		assert.EqualValues(t, 4, tip.height)

		first := entryOf(t, call(t, c, "get entry", 0))
		assert.Equal(t, genesis().id, first.id)
		assert.Equal(t, tip.id, entryOf(t, call(t, c, "get entry", 4)).id, "a height names a block")
		assert.Equal(t, tip.id, entryOf(t, call(t, c, "get entry", tip.id[:])).id, "and its hash")
		assert.Equal(t, tip.id, entryOf(t, call(t, c, "get entry", tip.id.String())).id, "and its hash in hex")
		assert.True(t, call(t, c, "get entry", 5).IsNull())
		assert.True(t, call(t, c, "get entry", make([]byte, 32)).IsNull())

		var hashes [][]byte
		require.NoError(t, call(t, c, "get hashes").Decode(&hashes))
		require.Len(t, hashes, 5)
		assert.Equal(t, tip.id[:], hashes[4])
		require.NoError(t, call(t, c, "get hashes", 1, 2).Decode(&hashes))
		assert.Len(t, hashes, 2)
		require.NoError(t, call(t, c, "get hashes", 9, 10).Decode(&hashes))
		assert.Empty(t, hashes)

		var entries []native.Value
		require.NoError(t, call(t, c, "get entries", 0, -1).Decode(&entries))
		require.Len(t, entries, 5)
		for i, e := range entries[1:] {
			assert.Equal(t, entryOf(t, entries[i]).id, entryOf(t, e).prevBlock, "each entry names the one before")
		}

		var median int64
		require.NoError(t, call(t, c, "get median time", 4).Decode(&median))
		assert.EqualValues(t, entryOf(t, entries[2]).time, median, "the median of five times is the third")
		assert.True(t, call(t, c, "get median time", 99).IsNull())
		assert.Equal(t, "0", string(call(t, c, "estimate fee", 1).JSON()), "there is too little to go by")
	})
}

func TestNodeRefuses(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		c := p.dialNode(t, nil)
		encoding := &bsock.RemoteError{
			Message: "Out of bounds read (offset=1).",
			Name:    "EncodingError", Type: "EncodingError", Code: "ERR_ENCODING",
		}
		for _, test := range []struct {
			event string
			args  []any
			want  *bsock.RemoteError
		}{
			{"get entry", nil, remote("Invalid parameter.", "")},
			{"get entry", []any{"zz"}, remote("Param #0 must be a hash.", "ValidationError")},
			{"get entry", []any{-1}, remote("Param #0 must be a uint.", "ValidationError")},
			{"get entry", []any{true}, remote("Param #0 must be a int.", "ValidationError")},
			{"get hashes", []any{"a"}, remote("Param #0 must be a int.", "ValidationError")},
			{"get hashes", []any{0, 1 << 40}, remote("Param #1 must be a int32.", "ValidationError")},
			{"get median time", nil, remote("Invalid parameter.", "")},
			{"set filter", nil, remote("Invalid parameter.", "")},
			{"set filter", []any{"00"}, encoding},
			{"set filter", []any{1}, remote("Param #0 must be a buffer.", "ValidationError")},
			{"add filter", nil, remote("Invalid parameter.", "")},
			{"add filter", []any{[]any{"aa"}}, remote("No filter set.", "")},
			{"add filter", []any{"aa"}, remote("Param #0 must be a array.", "ValidationError")},
			{"send", nil, remote("Invalid parameter.", "")},
			{"rescan", nil, remote("Invalid parameter.", "")},
			{"no such call", nil, remote("Call not found: no such call.", "")},
		} {
			assert.Equal(t, test.want, refused(t, c, test.event, test.args...), "%s %v", test.event, test.args)
		}
	})
}

func remote(message, kind string) *bsock.RemoteError {
	return &bsock.RemoteError{Message: message, Name: "Error", Type: kind}
}

func TestWatchChain(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		c := p.dialNode(t, nil)
		heard := hear(t, c, "chain connect", "block connect")
		p.mine(t, 1)
		silence(t, c, heard)

		assert.True(t, call(t, c, "watch chain").IsNull())
		before := entryOf(t, call(t, c, "get tip"))
		p.mine(t, 2)
		for range 2 {
			chain := entryOf(t, next(t, heard, "chain connect").Value(0))
			args := next(t, heard, "block connect")
			connected := entryOf(t, args.Value(0))
			assert.Equal(t, chain.id, connected.id)
			assert.Equal(t, before.id, connected.prevBlock)
			assert.Equal(t, before.height+1, connected.height)
			assert.Equal(t, 1, connected.chainwork.Cmp(before.chainwork))
			assert.Equal(t, "[]", string(args.Raw(1)), "without a filter there are no transactions")
			before = connected
		}

		assert.True(t, call(t, c, "unwatch chain").IsNull())
		p.mine(t, 1)
		silence(t, c, heard)
	})
}

func TestFilter(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		c := p.dialNode(t, nil)
		heard := hear(t, c, "block connect", "tx")
		call(t, c, "watch mempool")
		call(t, c, "set filter", matchAll)
		txid := p.send(t, PrimaryWallet, 5*coin)
		raw, ok := next(t, heard, "tx").Bytes(0)
		require.True(t, ok)
		tx, err := decodeTransaction(raw)
		require.NoError(t, err)
		assert.Equal(t, txid, tx.id.String(), "what waits for a block is told to those who watch")
		call(t, c, "unwatch mempool")

		call(t, c, "watch chain")
		p.mine(t, 1)
		args := next(t, heard, "block connect")
		txs := transactionsOf(t, args.Value(1))
		require.Len(t, txs, 2, "a filter that matches all lets the coinbase and the payment through")
		assert.True(t, txs[0].isCoinbase())
		assert.Equal(t, txid, txs[1].id.String())
		ids, witnesses := roots(txs)
		entry := entryOf(t, args.Value(0))
		assert.Equal(t, entry.merkleRoot, ids, "the block's roots are those of its transactions")
		assert.Equal(t, entry.witnessRoot, witnesses)

		txid = p.send(t, PrimaryWallet, 6*coin)
		id, err := hex.DecodeString(txid)
		require.NoError(t, err)
		call(t, c, "set filter", newFilter())
		call(t, c, "add filter", []any{id})
		p.mine(t, 1)
		txs = transactionsOf(t, next(t, heard, "block connect").Value(1))
		require.Len(t, txs, 1)
		assert.Equal(t, txid, txs[0].id.String(), "a filter for one transaction lets that one through")

		call(t, c, "reset filter")
		p.mine(t, 1)
		assert.Empty(t, transactionsOf(t, next(t, heard, "block connect").Value(1)))
		silence(t, c, heard)
	})
}

func TestRescan(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		c := p.dialNode(t, nil)
		var heights []uint32
		require.NoError(t, c.Hook("block rescan", func(_ context.Context, args native.Args) (any, error) {
			heights = append(heights, entryOf(t, args.Value(0)).height)
			assert.Len(t, transactionsOf(t, args.Value(1)), 1)
			return nil, nil
		}))
		call(t, c, "set filter", matchAll)
		assert.True(t, call(t, c, "rescan", 2).IsNull())
		assert.Equal(t, []uint32{2, 3, 4}, heights, "the node calls for each block, one after the other")

		c.Unhook("block rescan")
		assert.Equal(t, "Call not found: block rescan.", refused(t, c, "rescan", 0).Message,
			"what the client answers ends the rescan")
	})
}

func TestRescanInteractive(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		c := p.dialNode(t, nil)
		var heights []uint32
		var found []int
		answers := []any{}
		require.NoError(t, c.Hook("block rescan interactive", func(_ context.Context, args native.Args) (any, error) {
			heights = append(heights, entryOf(t, args.Value(0)).height)
			found = append(found, len(transactionsOf(t, args.Value(1))))
			if len(answers) == 0 {
				return nil, errors.New("no more answers")
			}
			answer := answers[0]
			answers = answers[1:]
			return answer, nil
		}))
		aborted := ""
		require.NoError(t, c.Hook("block rescan interactive abort", func(_ context.Context, args native.Args) (any, error) {
			aborted, _ = args.Text(0)
			return nil, nil
		}))

		act := func(kind int) map[string]any { return map[string]any{"type": kind} }
		empty := act(scanRepeatSet)
		empty["filter"] = newFilter()
		answers = []any{act(scanNext), act(scanRepeat), empty, act(scanNext), act(scanNext)}
		assert.True(t, call(t, c, "rescan interactive", 2).IsNull())
		assert.Equal(t, []uint32{2, 3, 3, 3, 4}, heights, "the client says what is next")
		assert.Equal(t, []int{1, 1, 1, 0, 0}, found, "and with which filter")
		assert.Empty(t, aborted)

		heights = nil
		answers = []any{act(scanAbort)}
		assert.Equal(t, "scan request aborted.", refused(t, c, "rescan interactive", 0, matchAll).Message)
		assert.Equal(t, []uint32{0}, heights)
		assert.Equal(t, "scan request aborted.", aborted)

		answers = []any{act(99)}
		assert.Equal(t, "Unknown action.", refused(t, c, "rescan interactive", 0).Message)
		assert.Equal(t, "Could not find entry.", refused(t, c, "rescan interactive", 99).Message)
		answers = []any{map[string]any{"type": scanRepeatAdd, "chunks": []any{"aa"}}}
		assert.Equal(t, "No filter set.", refused(t, c, "rescan interactive", 0).Message)
	})
}
