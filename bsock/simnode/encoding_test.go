package simnode

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGenesis(t *testing.T) {
	b := genesis()
	assert.Equal(t, "ae3895cf597eff05b19e02a70ceeeecb9dc72dbfe6504a50e9343a72f06a87c5", b.id.String(),
		"the hash of the header is what hsd has for its regtest genesis")
	assert.Equal(t, regtestGenesis, hex.EncodeToString(b.raw()), "a block that was read is written as it was")
	require.Len(t, b.txs, 1)
	assert.Equal(t, "9553240e6f711271cfccf9407c9348996e61cb3bd39adbc2ec258ff940ff22c6", b.txs[0].id.String())
	assert.Equal(t, "49880b0f9dd1b0b5dd43f6d64803276d54717e5f98b71d82bf170cb4dd0c2388", b.txs[0].witnessHash.String())
	assert.Equal(t, "rs1q7q3h4chglps004u3yn79z0cp9ed24rfrhvrxnx", b.txs[0].outputs[0].address.String())
	ids, witnesses := roots(b.txs)
	assert.Equal(t, b.merkleRoot, ids)
	assert.Equal(t, b.witnessRoot, witnesses)
	assert.Len(t, b.entry(), entrySize)
}

func TestEntryRoundTrip(t *testing.T) {
	want := genesis()
	got, err := decodeEntry(want.entry())
	require.NoError(t, err)
	assert.Equal(t, want.header, got.header)
	assert.Equal(t, want.id, got.id)
	assert.Zero(t, got.chainwork.Cmp(want.chainwork))

	for _, length := range []int{0, 1, entrySize - 1} {
		_, err := decodeEntry(want.entry()[:length])
		assert.Error(t, err, "%d bytes are no entry", length)
	}
	_, err = decodeEntry(append(want.entry(), 0))
	assert.Error(t, err, "nothing may be left over")
}

func TestDecodeTransactionRefuses(t *testing.T) {
	raw := genesis().txs[0].raw
	for length := range raw {
		_, err := decodeTransaction(raw[:length])
		require.Error(t, err, "%d of %d bytes", length, len(raw))
	}
	huge := append([]byte{0, 0, 0, 0}, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	_, err := decodeTransaction(huge)
	assert.Error(t, err, "a count above what is left is refused before anything is allocated")
}

func FuzzDecodeTransaction(f *testing.F) {
	f.Add(genesis().txs[0].raw)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		tx, err := decodeTransaction(raw)
		if err == nil {
			assert.Equal(t, raw, tx.raw)
		}
	})
}

// The sums are those of Bitcoin Core's tests.
func TestMurmur3(t *testing.T) {
	for _, test := range []struct {
		want, seed uint32
		data       string
	}{
		{0x00000000, 0x00000000, ""},
		{0x6a396f08, 0xfba4c795, ""},
		{0x81f16f39, 0xffffffff, ""},
		{0x514e28b7, 0x00000000, "00"},
		{0xea3f0b17, 0xfba4c795, "00"},
		{0xfd6cf10d, 0x00000000, "ff"},
		{0x16c6b7ab, 0x00000000, "0011"},
		{0x8eb51c3d, 0x00000000, "001122"},
		{0xb4471bf8, 0x00000000, "00112233"},
		{0xe2301fa8, 0x00000000, "0011223344"},
		{0xfc2e4a15, 0x00000000, "001122334455"},
		{0xb074502c, 0x00000000, "00112233445566"},
		{0x8034d2a0, 0x00000000, "0011223344556677"},
		{0xb4698def, 0x00000000, "001122334455667788"},
	} {
		data, err := hex.DecodeString(test.data)
		require.NoError(t, err)
		assert.Equal(t, test.want, murmur3(data, test.seed), "%q with seed %x", test.data, test.seed)
	}
}

// newFilter returns a filter as a client would send it.
func newFilter(items ...[]byte) []byte {
	f := &bloomFilter{bits: make([]byte, 256), hashes: 5, tweak: 77}
	for _, item := range items {
		f.add(item)
	}
	raw := appendVarBytes(nil, f.bits)
	raw = appendUint32(appendUint32(raw, f.hashes), f.tweak)
	return append(raw, 0)
}

func TestBloomFilter(t *testing.T) {
	w := newWorld(testRand())
	mineUntilMature(w)
	paid, err := w.pay(start, MinerWallet, PrimaryWallet, coin)
	require.NoError(t, err)
	mineUntilMature(w)
	spent, err := w.pay(start, PrimaryWallet, MinerWallet, coin/2)
	require.NoError(t, err)

	f, err := decodeBloomFilter(newFilter(paid.outputs[0].address.hash))
	require.NoError(t, err)
	assert.False(t, f.matches(spent), "a filter for an address does not know what spends from it")
	assert.True(t, f.matches(paid), "it matches what pays the address")
	assert.True(t, f.matches(spent), "and from then on what spends that payment")

	f, err = decodeBloomFilter(newFilter(paid.id[:]))
	require.NoError(t, err)
	assert.True(t, f.matches(paid), "a filter for an id matches it")
	assert.False(t, f.matches(spent))
}

func TestDecodeBloomFilterRefuses(t *testing.T) {
	raw := newFilter()
	for length := range raw {
		_, err := decodeBloomFilter(raw[:length])
		require.Error(t, err, "%d bytes", length)
	}
	_, err := decodeBloomFilter(append(raw[:len(raw)-1:len(raw)-1], 3))
	assert.ErrorIs(t, err, errUpdateFlag)
	tooMany := appendUint32(appendUint32(appendVarBytes(nil, []byte{0}), maxFilterHashes+1), 0)
	_, err = decodeBloomFilter(append(tooMany, 0))
	assert.ErrorIs(t, err, errFilterSize)
	tooLong := appendUint32(appendUint32(appendVarBytes(nil, make([]byte, maxFilterBytes+1)), 1), 0)
	_, err = decodeBloomFilter(append(tooLong, 0))
	assert.ErrorIs(t, err, errFilterSize)
}

// hsd: reading beyond the end of a buffer is undefined, and undefined is no bit.
func TestEmptyBloomFilter(t *testing.T) {
	for hashes, want := range []bool{true, false} {
		f, err := decodeBloomFilter([]byte{0, byte(hashes), 0, 0, 0, 0, 0, 0, 0, 0})
		require.NoError(t, err)
		f.add([]byte("x"))
		assert.Equal(t, want, f.test([]byte("x")), "%d hashes", hashes)
	}
}
