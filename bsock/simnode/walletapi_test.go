package simnode

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var walletEvents = []string{"tx", "confirmed", "unconfirmed", "conflict", "balance", "address"}

func TestWalletAuth(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		c := dial(t, p.walletURL, nil)
		assert.Equal(t, "Call not found: join.", refused(t, c, "join", PrimaryWallet).Message)
		assert.Equal(t, "Invalid API key.", refused(t, c, "auth", p.nodeKey).Message)
		assert.True(t, call(t, c, "auth", p.walletKey).IsNull())
		assert.Equal(t, "Already authed.", refused(t, c, "auth", p.walletKey).Message)
		assert.Equal(t, "Invalid parameter.", refused(t, c, "join").Message)
		assert.Equal(t, "Param #0 must be a string.", refused(t, c, "join", 1).Message)
		assert.Equal(t, "Invalid parameter.", refused(t, c, "leave", "").Message)
	})
}

// In hsd's regtest the miner's coins are the primary wallet's, and here they are
// not, so the wallet that is watched is a third one.
func TestJoinAndLeave(t *testing.T) {
	eachPeer(t, func(t *testing.T, p *peer) {
		c := p.dialWallet(t, nil)
		heard := hear(t, c, walletEvents...)
		p.send(t, "alice", 1*coin)
		p.mine(t, 1)
		silence(t, c, heard)

		assert.True(t, call(t, c, "join", "alice").IsNull())
		txid := p.send(t, "alice", 5*coin)
		tx := detailsOf(t, next(t, heard, "tx").From(0).Raw(1))
		assert.Equal(t, txid, tx.Hash)
		assert.EqualValues(t, -1, tx.Height)
		assert.Nil(t, tx.Block)
		assert.Equal(t, "1970-01-01T00:00:00Z", tx.Date)
		assert.Nil(t, tx.Inputs[0].Path, "the payer is another")
		args := next(t, heard, "balance")
		wallet, _ := args.Text(0)
		assert.Equal(t, "alice", wallet)
		assert.Equal(t, balance{Account: -1, TX: 2, Coin: 2, Unconfirmed: 6 * coin, Confirmed: 1 * coin}, balanceOf(t, args.Raw(1)))
		next(t, heard, "address")

		p.mine(t, 1)
		confirmed := detailsOf(t, next(t, heard, "confirmed").Raw(1))
		assert.Equal(t, txid, confirmed.Hash)
		assert.EqualValues(t, 1, confirmed.Confirmations)
		assert.Equal(t, tx.MTime, confirmed.MTime)
		assert.NotNil(t, confirmed.Block)
		assert.Equal(t, balance{Account: -1, TX: 2, Coin: 2, Unconfirmed: 6 * coin, Confirmed: 6 * coin},
			balanceOf(t, next(t, heard, "balance").Raw(1)))

		assert.True(t, call(t, c, "leave", "alice").IsNull())
		p.send(t, "alice", 1*coin)
		p.mine(t, 1)
		silence(t, c, heard)

		assert.True(t, call(t, c, "join", everyWallet).IsNull())
		p.mine(t, 1)
		next(t, heard, "tx") // the miner's
	})
}

// Only a client that means harm joins wallets such as these.
func TestJoinedWalletsAreBounded(t *testing.T) {
	p := startSimulated(t)
	c := p.dialWallet(t, nil)
	assert.Equal(t, "Invalid parameter.", refused(t, c, "join", strings.Repeat("x", maxWalletID+1)).Message)
	for i := range maxJoined {
		call(t, c, "join", strconv.Itoa(i))
	}
	assert.Equal(t, "Invalid parameter.", refused(t, c, "join", "one more").Message)
}

func detailsOf(t *testing.T, raw json.RawMessage) (d details) {
	t.Helper()
	require.NoError(t, json.Unmarshal(raw, &d))
	return d
}

func balanceOf(t *testing.T, raw json.RawMessage) (b balance) {
	t.Helper()
	require.NoError(t, json.Unmarshal(raw, &b))
	return b
}

// What a wallet tells has the same keys and the same kinds of values as hsd's.
func TestWalletEventsHaveTheShapeOfHSD(t *testing.T) {
	shapes := map[string]map[string]string{}
	eachPeer(t, func(t *testing.T, p *peer) {
		c := p.dialWallet(t, nil)
		heard := hear(t, c, walletEvents...)
		call(t, c, "join", "alice")
		p.send(t, "alice", 5*coin)
		shape := map[string]string{}
		describe(t, next(t, heard, "tx").Raw(1), "tx", shape)
		describe(t, next(t, heard, "balance").Raw(1), "balance", shape)
		describe(t, next(t, heard, "address").Raw(1), "address", shape)
		p.mine(t, 1)
		describe(t, next(t, heard, "confirmed").Raw(1), "confirmed", shape)
		shapes[t.Name()] = shape
	})
	both := slices.Collect(maps.Values(shapes))
	require.Len(t, both, 2)
	for _, shape := range both {
		// A wallet without keys has scripts instead.
		require.Contains(t, []string{"null", "string"}, shape["address[].script"])
		delete(shape, "address[].script")
	}
	assert.Equal(t, both[0], both[1])
}

// describe notes the kind of each value below raw, by its path.
func describe(t *testing.T, raw json.RawMessage, path string, into map[string]string) {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal(raw, &value))
	describeValue(value, path, into)
}

func describeValue(value any, path string, into map[string]string) {
	switch v := value.(type) {
	case map[string]any:
		for key, child := range v {
			describeValue(child, path+"."+key, into)
		}
	case []any:
		into[path] = "array"
		for _, child := range v {
			describeValue(child, path+"[]", into)
		}
	case string:
		into[path] = "string"
	case float64:
		into[path] = "number"
	case bool:
		into[path] = "boolean"
	case nil:
		// A path is null or an object, in no order, so null says nothing of it.
		if _, known := into[path]; !known {
			into[path] = "null"
		}
	}
}
