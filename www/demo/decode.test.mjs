import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeEntry } from "./decode.js";

const bytes = (/** @type {string} */ text) =>
  new Uint8Array(Buffer.from(text.replace(/\s/g, ""), "hex"));

/** hsd 8 regtest, block 4 as `get tip` answers it, beside what its toJSON prints. */
const HSD = bytes(`
  70a295b2fed58cafe08fd90b2602097fb7309abba54683b03fdaf4fe27c9c3bc
  04000000 02000000 dace036b00000000
  7ddab473c30ada0e3dc9c4d376dcd9ee893686e1eb90e8cdadcf486832906bfd
  ${"00".repeat(32)} ${"00".repeat(24)} ${"00".repeat(32)}
  215fc0cc7b70bde90a5436d61c84f920021d4bceab56f96e5098b7e18db1b1aa
  088aefac2dca5c8554acb7c921af44143c4de9b10f21232aede854a246024009
  00000000 ffff7f20 ${"00".repeat(32)} ${"00".repeat(31)}0a`);

/** Bitcoin's regtest genesis block, in bcoin's layout. */
const BCOIN = bytes(`
  01000000 ${"00".repeat(32)}
  3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a
  dae5494d ffff7f20 02000000
  00000000 02${"00".repeat(31)}`);

test("an entry of hsd is read", () => {
  assert.deepEqual(decodeEntry(HSD), {
    hash: "70a295b2fed58cafe08fd90b2602097fb7309abba54683b03fdaf4fe27c9c3bc",
    prev: "7ddab473c30ada0e3dc9c4d376dcd9ee893686e1eb90e8cdadcf486832906bfd",
    height: 4,
    time: 1795411674,
    version: 0,
    bits: 545259519,
  });
});

test("an entry of bcoin is read, and its hash computed", () => {
  assert.deepEqual(decodeEntry(BCOIN), {
    hash: "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
    prev: "00".repeat(32),
    height: 0,
    time: 1296688602,
    version: 1,
    bits: 0x207fffff,
  });
});

test("a view into a larger buffer is read from its own offset", () => {
  const larger = new Uint8Array(HSD.length + 7);
  larger.set(HSD, 7);
  assert.equal(decodeEntry(larger.subarray(7)).height, 4);
});

test("reading leaves the bytes as they were", () => {
  const before = BCOIN.slice();
  decodeEntry(BCOIN);
  assert.deepEqual(BCOIN, before);
});

test("anything else is refused with what was expected", () => {
  assert.throws(() => decodeEntry(null), /must be binary.*sent null/);
  assert.throws(() => decodeEntry("abc"), /must be binary.*sent string/);
  assert.throws(
    () => decodeEntry(new Uint8Array(80)),
    /304 bytes \(hsd\) or 116 \(bcoin\), but the node sent 80/,
  );
});
