// @ts-check
//
// What people read: it fits into 120 columns, and says everything.

import assert from "node:assert/strict";
import { test } from "node:test";
import { curveTable } from "./curves.mjs";
import { figure, number } from "./format.mjs";
import { judge } from "./judge.mjs";
import { ratios, plot } from "./plots.mjs";
import { table } from "./table.mjs";

/** @typedef {import("./result.mjs").Row} Row */

/** @type {Row[]} */
const rows = [
  {
    id: "event",
    group: "in a page",
    title: "75-byte event",
    unit: "µs",
    better: "less",
    ours: [1, 2, 3],
    peer: [10, 16, 30],
    limit: [0.8, 1, 1.5],
    targets: [
      { of: "peer", atLeast: 5 },
      { of: "limit", atLeast: 0.9 },
    ],
    note: "a note that says why. ".repeat(8).trim(),
  },
  {
    id: "rate",
    group: "in a page",
    title: "a title that is too long to stand beside its figures",
    unit: "events/s",
    better: "more",
    ours: [123456, 123456, 234567],
    peer: [1234, 1234, 1234],
  },
  {
    id: "size",
    group: "weight",
    title: "module, brotli",
    unit: "KB",
    better: "less",
    ours: [583],
    limit: [418],
    limitName: "an empty program",
    targets: [{ of: "value", atMost: 590 }],
  },
];

const judged = rows.map((row) => ({ ...row, judged: judge(row) }));

/** @type {import("./result.mjs").Curve} */
const curve = {
  id: "payload",
  title: "Payload",
  x: { title: "size", unit: "bytes", scale: "log" },
  y: { title: "time", unit: "µs", scale: "log" },
  series: [
    {
      name: "ours",
      points: [
        [10, 0.5],
        [1000, 1.25],
      ],
    },
    {
      name: "1.1.5",
      points: [
        [10, 5],
        [100_000, 5_000_000],
      ],
    },
  ],
  growth: true,
  note: "more of it",
};

test("the table has a line for each target", () => {
  assert.equal(
    "\n" + table(judged).join("\n"),
    `
                                      ours         peer        limit      × peer     × limit        target       verdict

in a page
  peer: bsock-middleware 1.1.5; limit: plain JavaScript
  75-byte event, µs              2.00 ±25%    16.0 ±32%    1.00 ±18%    10.0 ±5%  0.500 ±16%      peer ≥ 5           met
                                                                                               limit ≥ 0.9        MISSED
  a title that is too long to stand beside its figures, events/s
                              123,456 ±23%    1,234 ±0%                 100 ±23%
  * 75-byte event: a note that says why. a note that says why. a note that says why. a note that says why. a note that
    says why. a note that says why. a note that says why. a note that says why.

weight
  limit: an empty program
  module, brotli, KB                   583                       418                   0.717         ≤ 590           met`,
  );
});

test("a note that rows share stands there once", () => {
  const [row] = judged;
  const lines = table(["first", "second"].map((title) => ({ ...row, title })));
  const notes = lines.filter((line) => line.startsWith("  * "));
  assert.equal(notes.length, 1);
  assert.match(notes[0], /^ {2}\* first; second: a note that says why\./);
});

test("why a row falls short is said below it", () => {
  const [first, ...others] = rows;
  /** @type {Row} */
  const row = {
    ...first,
    note: undefined,
    targets: [
      { of: "limit", atLeast: 0.9, short: "the engine is quicker" },
      { of: "peer", atLeast: 5, short: "it is met after all" },
    ],
  };
  const lines = table(
    [row, ...others].map((r) => ({ ...r, judged: judge(r) })),
  );
  assert.ok(lines.some((line) => /limit ≥ 0\.9 +short$/.test(line)));
  assert.deepEqual(
    lines.filter((line) => line.startsWith("  * ")),
    ["  * 75-byte event: short of limit ≥ 0.9: the engine is quicker"],
  );
});

test("no line is longer than 120 characters", () => {
  for (const line of table(judged)) assert.ok(line.length <= 120, line);
});

test("a curve is a table with a verdict for each of its series", () => {
  assert.equal(
    "\n" + curveTable(curve).join("\n"),
    `
Payload: time, µs
  size, bytes   ours      1.1.5
           10  0.500       5.00
        1,000   1.25
      100,000         5,000,000
  * ours: no worse than linear, as x^0.20 at its end
  * 1.1.5: WORSE THAN LINEAR from 10 to 100,000 (up to x^1.50), as x^1.50 at its end
  * more of it`,
  );
});

test("numbers have the digits that say something", () => {
  const shown = [0, 0.00012, 0.0345, 0.5, 1.234, 56.78, 999.6, 1234567].map(
    number,
  );
  assert.deepEqual(shown, [
    "0",
    "1.2e-4",
    "0.0345",
    "0.500",
    "1.23",
    "56.8",
    "1,000",
    "1,234,567",
  ]);
  const spread = { median: 2, low: 1.91, high: 2.1, rounds: 5 };
  assert.equal(figure(spread), "2.00 ±5%");
  assert.equal(figure({ ...spread, rounds: 1 }), "2.00");
});

test("the plots are SVG that names what they show", async () => {
  const bars = await ratios(judged);
  assert.match(bars, /^<svg .*10\.0×.*<\/svg>\n$/s);
  assert.match(bars, /in a page, beside bsock-middleware 1\.1\.5/);
  assert.doesNotMatch(bars, /module, brotli/, "it has no peer");
  const line = await plot(curve);
  assert.match(line, /^<svg .*size, bytes.*<\/svg>\n$/s);
  for (const { name } of curve.series) assert.ok(line.includes(name));
});
