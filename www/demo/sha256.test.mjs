import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";

import { sha256 } from "./sha256.js";

const hex = (/** @type {Uint8Array} */ bytes) =>
  Buffer.from(bytes).toString("hex");

test("sha256 agrees with FIPS 180-4's example", () => {
  assert.equal(
    hex(sha256(new TextEncoder().encode("abc"))),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("sha256 agrees with node:crypto at every length around the padding's edges", () => {
  for (let length = 0; length < 200; length++) {
    const message = randomBytes(length);
    const expected = createHash("sha256").update(message).digest("hex");
    assert.equal(hex(sha256(message)), expected, `length ${length}`);
  }
});
