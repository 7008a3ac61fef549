package simnode

import (
	"crypto/sha3"
)

// An address is a witness program: a version and the hash that its owner has to
// match. hsd: lib/primitives/address.js.
type address struct {
	version byte
	hash    []byte
}

func (a address) append(b []byte) []byte {
	b = append(b, a.version, byte(len(a.hash)))
	return append(b, a.hash...)
}

// scriptAddress returns the address that script may spend from.
// hsd: lib/primitives/address.js fromScripthash.
func scriptAddress(script []byte) address {
	sum := sha3.Sum256(script)
	return address{hash: sum[:]}
}

// anyoneScript returns a script that anyone satisfies, and that differs from
// others by its tag: push the tag, drop it, push one. It gives each wallet
// addresses of its own, and spends that a real node takes for valid, without the
// elliptic curve that signatures would need.
func anyoneScript(tag []byte) []byte {
	const opDrop, opOne = 0x75, 0x51
	script := append([]byte{byte(len(tag))}, tag...)
	return append(script, opDrop, opOne)
}

// regtestPrefix is what regtest addresses start with. hsd: lib/protocol/networks.js.
const regtestPrefix = "rs"

// String returns the address in bech32 (BIP 173).
func (a address) String() string {
	const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	data := append([]byte{a.version}, regroup(a.hash)...)
	out := []byte(regtestPrefix + "1")
	for _, five := range append(data, bech32Checksum(data)...) {
		out = append(out, alphabet[five])
	}
	return string(out)
}

// regroup turns groups of eight bits into groups of five, filling up with zeros.
func regroup(data []byte) []byte {
	var out []byte
	var acc, held uint
	for _, b := range data {
		acc = acc<<8 | uint(b)
		for held += 8; held >= 5; {
			held -= 5
			out = append(out, byte(acc>>held)&31)
		}
	}
	if held > 0 {
		out = append(out, byte(acc<<(5-held))&31)
	}
	return out
}

// bech32Checksum returns the six groups that end an address of regtest.
func bech32Checksum(data []byte) []byte {
	var values []byte
	for _, c := range []byte(regtestPrefix) {
		values = append(values, c>>5)
	}
	values = append(values, 0)
	for _, c := range []byte(regtestPrefix) {
		values = append(values, c&31)
	}
	values = append(values, data...)
	sum := bech32Polymod(append(values, 0, 0, 0, 0, 0, 0)) ^ 1
	out := make([]byte, 6)
	for i := range out {
		out[i] = byte(sum>>(5*(5-i))) & 31
	}
	return out
}

func bech32Polymod(values []byte) uint32 {
	generator := [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3}
	sum := uint32(1)
	for _, v := range values {
		top := sum >> 25
		sum = (sum&0x1ffffff)<<5 ^ uint32(v)
		for i, g := range generator {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	return sum
}
