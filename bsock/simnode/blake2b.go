package simnode

import (
	"encoding/binary"
	"math/bits"
)

// BLAKE2b, unkeyed, as in RFC 7693. hsd hashes everything with it, and Go's
// standard library has none.

// blakeIV is the initial state of RFC 7693 section 2.6, which is SHA-512's.
var blakeIV = [8]uint64{
	0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
	0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
}

// blakeSigma is the message schedule of RFC 7693 section 2.7. Rounds 10 and 11
// use its first two rows again.
var blakeSigma = [10][16]byte{
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
	{14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
	{11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
	{7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
	{9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
	{2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
	{12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
	{13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
	{6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
	{10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
}

const (
	blakeBlock  = 128
	blakeRounds = 12
)

// blake2b returns the digest of size bytes of the parts, one after the other.
func blake2b(size int, parts ...[]byte) []byte {
	var msg []byte
	for _, part := range parts {
		msg = append(msg, part...)
	}

	state := blakeIV
	state[0] ^= 0x01010000 ^ uint64(size)
	done := 0
	for len(msg)-done > blakeBlock {
		done += blakeBlock
		blakeCompress(&state, msg[done-blakeBlock:done], uint64(done), false)
	}
	var last [blakeBlock]byte
	copy(last[:], msg[done:])
	blakeCompress(&state, last[:], uint64(len(msg)), true)

	var digest [64]byte
	for i, word := range state {
		binary.LittleEndian.PutUint64(digest[8*i:], word)
	}
	return digest[:size]
}

// blakeCompress is F of RFC 7693 section 3.2. Messages here are far below 2^64
// bytes, so the upper half of the counter is always zero.
func blakeCompress(state *[8]uint64, block []byte, counter uint64, final bool) {
	var m, v [16]uint64
	for i := range m {
		m[i] = binary.LittleEndian.Uint64(block[8*i:])
	}
	copy(v[:8], state[:])
	copy(v[8:], blakeIV[:])
	v[12] ^= counter
	if final {
		v[14] = ^v[14]
	}

	for round := range blakeRounds {
		s := &blakeSigma[round%len(blakeSigma)]
		blakeMix(&v, 0, 4, 8, 12, m[s[0]], m[s[1]])
		blakeMix(&v, 1, 5, 9, 13, m[s[2]], m[s[3]])
		blakeMix(&v, 2, 6, 10, 14, m[s[4]], m[s[5]])
		blakeMix(&v, 3, 7, 11, 15, m[s[6]], m[s[7]])
		blakeMix(&v, 0, 5, 10, 15, m[s[8]], m[s[9]])
		blakeMix(&v, 1, 6, 11, 12, m[s[10]], m[s[11]])
		blakeMix(&v, 2, 7, 8, 13, m[s[12]], m[s[13]])
		blakeMix(&v, 3, 4, 9, 14, m[s[14]], m[s[15]])
	}
	for i := range state {
		state[i] ^= v[i] ^ v[i+8]
	}
}

// blakeMix is G of RFC 7693 section 3.1.
func blakeMix(v *[16]uint64, a, b, c, d int, x, y uint64) {
	v[a] += v[b] + x
	v[d] = bits.RotateLeft64(v[d]^v[a], -32)
	v[c] += v[d]
	v[b] = bits.RotateLeft64(v[b]^v[c], -24)
	v[a] += v[b] + y
	v[d] = bits.RotateLeft64(v[d]^v[a], -16)
	v[c] += v[d]
	v[b] = bits.RotateLeft64(v[b]^v[c], -63)
}
