import assert from "node:assert/strict";
import { test } from "node:test";

import * as format from "./format.js";

test("times are local and have a fixed width", () => {
  const at = new Date(2026, 0, 31, 9, 8, 7, 6).getTime();
  assert.equal(format.clock(at), "09:08:07");
  assert.equal(format.clock(at, { ms: true }), "09:08:07.006");
  assert.equal(format.dateTime(at), "2026-01-31 09:08:07");
});

test("durations take the unit that suits them", () => {
  /** @type {[number, string][]} */
  const cases = [
    [0, "0 s"],
    [1.25, "1.3 s"],
    [5, "5 s"],
    [-3, "−3 s"],
    [119, "119 s"],
    [120, "2 min"],
    [7200, "2 h"],
    [172800, "2 d"],
  ];
  for (const [seconds, text] of cases)
    assert.equal(format.duration(seconds), text, `${seconds} seconds`);
});

test("a moment ahead of our clock is now", () => {
  assert.equal(format.ago(5000, 1000), "now");
  assert.equal(format.ago(1000, 1999), "now");
  assert.equal(format.ago(1000, 3500), "2 s ago");
});

test("amounts are in the coin of the node", () => {
  assert.equal(format.amount(2_000_000_000, "hsd"), "2,000.00");
  assert.equal(format.amount(1_000_001, "simulated"), "1.000001");
  assert.equal(format.amount(150_000_000, "bcoin"), "1.50");
  assert.equal(format.amount(-2500, "hsd"), "−0.0025");
  assert.equal(format.amount(2500, "hsd", { sign: true }), "+0.0025");
  assert.equal(format.amount(0, "hsd", { sign: true }), "0.00");
  assert.deepEqual(["bcoin", "hsd"].map(format.unit), ["BTC", "HNS"]);
});

test("sizes are in powers of ten", () => {
  assert.deepEqual([0, 999, 1000, 1234567].map(format.bytes), [
    "0 B",
    "999 B",
    "1.0 KB",
    "1.2 MB",
  ]);
});

test("a hash is known by its ends", () => {
  assert.equal(format.shortHash("0123456789abcdef0123"), "01234567…cdef0123");
  assert.equal(format.shortHash("abc"), "abc");
});
