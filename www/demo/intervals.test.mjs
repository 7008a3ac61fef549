import assert from "node:assert/strict";
import { test } from "node:test";

import { WINDOW, intervals, means, summary } from "./intervals.js";

const block = (/** @type {number} */ n, /** @type {number} */ time) => ({
  hash: `h${n}`,
  prev: `h${n - 1}`,
  height: n,
  time,
  version: 0,
  bits: 0,
});

test("an interval needs two blocks that follow each other", () => {
  assert.deepEqual(intervals([]), []);
  assert.deepEqual(intervals([block(1, 5)]), []);
  assert.deepEqual(
    intervals([block(5, 30), block(3, 17), block(2, 15), block(1, 10)]),
    [
      { height: 2, seconds: 5 },
      { height: 3, seconds: 2 },
    ],
  );
});

test("the running mean begins when there are enough", () => {
  const series = Array.from({ length: WINDOW + 1 }, (_, height) => ({
    height,
    seconds: height,
  }));
  const line = means(series);
  assert.deepEqual(line.slice(0, WINDOW - 1), Array(WINDOW - 1).fill(null));
  assert.deepEqual(line.slice(WINDOW - 1), [4.5, 5.5]);
});

test("the summary says what the chart shows", () => {
  assert.equal(summary([]), "No interval is known yet");
  assert.equal(
    summary([
      { height: 1, seconds: 2 },
      { height: 2, seconds: 5 },
    ]),
    "Mean of 2 intervals 3.5 s, shortest 2 s, longest 5 s",
  );
});
