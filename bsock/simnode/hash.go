package simnode

import (
	"encoding/hex"
)

// A hash is a BLAKE2b digest of 32 bytes. hsd sends and prints hashes in the
// order of their bytes; nothing is reversed as it is in Bitcoin.
type hash [32]byte

// String returns the hash as hsd prints it.
func (h hash) String() string { return hex.EncodeToString(h[:]) }

// hash256 returns the hash of the parts, one after the other.
func hash256(parts ...[]byte) hash {
	return hash(blake2b(32, parts...))
}

// merkleRoot returns the root over the leaves.
//
// Leaves are hashed behind a zero byte and pairs behind a one, and an odd node
// is paired with the hash of nothing (bcrypto: lib/mrkl.js createTree).
func merkleRoot(leaves []hash) hash {
	empty := hash256()
	if len(leaves) == 0 {
		return empty
	}
	level := make([]hash, len(leaves))
	for i, leaf := range leaves {
		level[i] = hash256([]byte{0}, leaf[:])
	}
	for len(level) > 1 {
		if len(level)%2 == 1 {
			level = append(level, empty)
		}
		var above []hash
		for i := 0; i < len(level); i += 2 {
			above = append(above, hash256([]byte{1}, level[i][:], level[i+1][:]))
		}
		level = above
	}
	return level[0]
}
