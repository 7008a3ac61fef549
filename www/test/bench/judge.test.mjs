// @ts-check
//
// A target is met by the median, and missed only where the noise does not
// explain it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, isMissed, judge } from "./judge.mjs";

/** @typedef {import("./result.mjs").Row} Row */

/** @type {Row} */
const row = {
  id: "event",
  group: "in a test",
  title: "event",
  unit: "µs",
  better: "less",
  ours: [1, 1, 1, 1, 1],
};

/** @param {Partial<Row>} more */
function verdicts(more) {
  return judge({ ...row, ...more }).targets.map(({ verdict }) => verdict);
}

/** @type {import("./result.mjs").Target[]} */
const fiveTimes = [{ of: "peer", atLeast: 5 }];

test("a row is as many times as good as its peer", () => {
  const less = judge({ ...row, peer: [5, 6, 7, 8, 9], limit: [0.5] });
  assert.deepEqual(less.toPeer, { median: 7, low: 6, high: 8, rounds: 5 });
  assert.equal(less.toLimit?.median, 0.5);

  const more = judge({ ...row, better: "more", peer: [0.5], limit: [2] });
  assert.equal(more.toPeer?.median, 2);
  assert.equal(more.toLimit?.median, 0.5);
});

test("a slow round of the machine is slow for both, and goes out", () => {
  const { toPeer } = judge({ ...row, ours: [1, 10, 2], peer: [5, 50, 10] });
  assert.deepEqual(toPeer, { median: 5, low: 5, high: 5, rounds: 3 });
});

test("the median decides, and the better quartile excuses", () => {
  const peers = {
    met: [5, 5, 5, 1, 9],
    "within noise": [1, 2, 4, 5, 9],
    MISSED: [1, 2, 4, 4.9, 9],
  };
  for (const [verdict, peer] of Object.entries(peers))
    assert.deepEqual(verdicts({ peer, targets: fiveTimes }), [verdict]);
});

test("a single measurement has no noise", () => {
  const single = { ours: [1], peer: [4.99], targets: fiveTimes };
  assert.deepEqual(verdicts(single), ["MISSED"]);
  assert.ok(isMissed(judge({ ...row, ...single })));
});

test("what is known to fall short fails nothing, and may be met after all", () => {
  /** @type {import("./result.mjs").Target[]} */
  const targets = [{ of: "peer", atLeast: 5, short: "the system is slow" }];
  for (const [verdict, peer] of Object.entries({ short: [4], met: [5] })) {
    const judged = judge({ ...row, ours: [1], peer, targets });
    assert.equal(judged.targets[0].verdict, verdict);
    assert.ok(!isMissed(judged));
  }
  const worse = { ...targets[0], known: 4.5 };
  assert.deepEqual(verdicts({ peer: [4], targets: [worse] }), ["MISSED"]);
  const noisy = { peer: [1, 2, 4, 5, 9], targets };
  assert.deepEqual(verdicts(noisy), ["within noise"]);
});

test("targets are counted by their verdicts", () => {
  const peers = [[5], [6], [1, 2, 4, 5, 9], [4]];
  const all = peers.map((peer) => judge({ ...row, peer, targets: fiveTimes }));
  assert.equal(counted(all), "2 met, 1 within noise, 0 short, 1 MISSED");
});

test("a value is held to a bound of its own", () => {
  const targets = /** @type {import("./result.mjs").Target[]} */ ([
    { of: "value", atMost: 16 },
    { of: "value", atMost: 12 },
    { of: "value", atMost: 9 },
    { of: "value", atLeast: 18 },
    { of: "value", atLeast: 21 },
  ]);
  assert.deepEqual(verdicts({ ours: [8, 10, 15, 20, 30], targets }), [
    "met",
    "within noise",
    "MISSED",
    "within noise",
    "MISSED",
  ]);
  assert.ok(!isMissed(judge({ ...row, targets: targets.slice(0, 1) })));
});

test("nothing is a multiple of nothing, but nothing may be the target", () => {
  const none = judge({
    ...row,
    ours: [0],
    peer: [3],
    targets: [{ of: "value", atMost: 0 }],
  });
  assert.equal(none.toPeer, undefined);
  assert.equal(none.targets[0].verdict, "met");
});

test("nothing is judged by what was not measured", () => {
  /** @type {[Partial<Row>, RegExp][]} */
  const wrong = [
    [
      { targets: fiveTimes },
      /^Error: event has a target of its peer, which was not/,
    ],
    [{ peer: [0], targets: fiveTimes }, /which was not measured, or as 0$/],
    [{ ours: [] }, /^Error: event has no number of ours$/],
    [{ peer: [1, NaN] }, /^Error: event has NaN for a number$/],
    [{ peer: [1, 2] }, /^Error: 2 rounds beside 5: give one number for each/],
    [{ targets: [{ of: "value" }] }, /that says nothing$/],
    [{ peer: [1], targets: [{ of: "peer", atMost: 2 }] }, /that says nothing$/],
    [{ targets: [{ of: "value", atMost: 1, short: "" }] }, /short: say why/],
  ];
  for (const [more, error] of wrong) assert.throws(() => verdicts(more), error);
});
