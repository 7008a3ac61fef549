// @ts-check
//
// A curve is told from a steeper one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { growth, inWords } from "./growth.mjs";

const sizes = [1, 10, 100, 1000, 10_000];

/**
 * @param {(x: number) => number} cost
 * @returns {[number, number][]}
 */
function curve(cost) {
  return sizes.map((x) => [x, cost(x)]);
}

/** @param {(x: number) => number} cost */
function told(cost) {
  return inWords(growth(curve(cost)), String);
}

test("what is linear, or less, is no worse than linear", () => {
  assert.equal(
    told((x) => 3 * x),
    "no worse than linear, as x^1.00 at its end",
  );
  assert.equal(
    told((x) => 500 + x),
    "no worse than linear, as x^0.85 at its end",
  );
  assert.equal(
    told((x) => Math.sqrt(x)),
    "no worse than linear, as x^0.50 at its end",
  );
});

test("what is worse is said to be, with the place", () => {
  assert.equal(
    told((x) => x ** 2),
    "WORSE THAN LINEAR from 1 to 10000 (up to x^2.00), as x^2.00 at its end",
  );
  assert.equal(
    told((x) => 1000 + x + x ** 2 / 1000),
    "WORSE THAN LINEAR from 1000 to 10000 (up to x^1.57), as x^1.57 at its end",
  );
});

test("a cliff in the middle is not forgotten", () => {
  assert.equal(
    told((x) => (x > 100 ? 4 * x : x)),
    "WORSE THAN LINEAR from 100 to 1000 (up to x^1.60), as x^1.00 at its end",
  );
});

test("points close to each other make no slope of their noise", () => {
  const found = growth([
    [100, 100],
    [110, 115],
    [400, 405],
    [420, 420],
  ]);
  assert.equal(found?.exponent.toFixed(2), "0.97");
  assert.deepEqual(found?.steep, []);
});

test("too little is not judged", () => {
  assert.equal(growth([[0, 1]]), undefined);
  assert.equal(
    inWords(
      growth([
        [0, 0],
        [1, 2],
      ]),
      String,
    ),
    "too few points to say how it grows",
  );
});
