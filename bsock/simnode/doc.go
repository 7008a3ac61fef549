// Package simnode is a small simulated Handshake node with a wallet, for
// demonstrations and tests that must not depend on a real one.
//
// It speaks the socket API of hsd's node and wallet servers, and its chain
// starts from hsd's regtest genesis: blocks carry real proof of work at
// regtest's difficulty and valid transactions, so that a real regtest node
// accepts them (the tests ask one). What is simulated:
//
//   - There is nobody else. No peers, no forks, no transactions of others: it
//     mines on its own, and moves coins between its own wallets.
//   - Its wallets have no keys. Their addresses are scripts that anyone
//     satisfies.
//   - There are no names, and none of the events about them ("tree commit").
//   - Everything is in memory and gone when it ends. Blocks but the newest 10,000
//     are gone before, headers and all: asked for one by its height, or for a
//     rescan from it, the node answers "Block not found.", and its hash is
//     unknown.
//
// It calls itself simulated wherever it shows: see [Label].
package simnode

// Label is what the simulated node calls itself: in its version, in the
// coinbases of its blocks and in its log.
const Label = "simulated by bsock-wasm"

// Version is what the node tells of itself in its first event: the version of
// hsd whose API it speaks, and that it is not hsd.
const Version = "8.0.0 (" + Label + ")"
