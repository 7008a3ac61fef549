// @ts-check
//
// What people wrote on the page stays as it is, and what is between the markers
// is of the run that was given.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, plotsOf } from "./document.mjs";
import { figures } from "./markdown.mjs";

const page = `# Speed

Prose.

<!-- figures: targets -->
of an earlier run
<!-- end -->

More prose.

<!-- figures: curves growth -->
<!-- end -->
`;

/** @type {import("./result.mjs").Row} */
const row = {
  id: "event-75b",
  group: "in a page",
  title: "75-byte event",
  unit: "µs",
  better: "less",
  ours: [1, 1, 1],
  peer: [4, 4, 4],
  limit: [0.5, 0.5, 0.5],
  targets: [
    { of: "peer", atLeast: 5 },
    { of: "limit", atLeast: 0.5 },
  ],
  note: "in turn | side by side",
};

/** @type {import("./result.mjs").Curve} */
const curve = {
  id: "payload",
  title: "an event, by its size",
  x: { title: "size", unit: "bytes" },
  y: { title: "an event", unit: "µs" },
  growth: true,
  series: [
    {
      name: "ours",
      points: [
        [10, 1],
        [1000, 10_000],
      ],
    },
    { name: "peer", points: [[10, 2]] },
  ],
};

/**
 * @param {object} [more] of the suite in a page
 * @returns {any} what results.json has in it
 */
function results(more) {
  const { targets: _, ...untargeted } = row;
  const other = { ...untargeted, title: "a|b", note: undefined };
  return {
    machine: { cpu: "a processor" },
    quick: true,
    suites: [
      { name: "page", seconds: 90, rows: [row, other], curves: [], ...more },
      { name: "growth", seconds: 30, rows: [row], curves: [curve] },
    ],
  };
}

test("what is between markers is written anew, and nothing else", () => {
  const filled = fill(page, (name) => `$& of ${name}`);
  assert.equal(
    filled,
    page
      .replace("of an earlier run", () => "\n$& of targets\n")
      .replace("growth -->\n", () => "growth -->\n\n$& of curves growth\n\n"),
  );
  assert.equal(
    fill(filled, (name) => `$& of ${name}`),
    filled,
    "a second time changes nothing",
  );
});

test("a marker that is not closed takes no prose with it", () => {
  const first = page.replace("<!-- end -->", "");
  assert.throws(() => fill(first, String), /targets --> is not closed/);
  const last = page.replace(/<!-- end -->\n$/, "");
  assert.throws(() => fill(last, String), /growth --> is not closed/);
});

test("rows are a table of what they have, with notes below", () => {
  assert.deepEqual(figures(results())("targets").split("\n"), [
    "| In a page | ours | peer | limit | × peer | × limit | target | verdict |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    "| 75-byte event, µs | 1.00 ±0% | 4.00 ±0% | 0.500 ±0% | 4.00 ±0% | 0.500 ±0% | peer ≥ 5<br>limit ≥ 0.5 | MISSED<br>met |",
    "",
    "- 75-byte event: in turn | side by side",
  ]);
  assert.deepEqual(
    figures(results())("others page").split("\n").slice(2),
    ["| a\\|b, µs | 1.00 ±0% | 4.00 ±0% | 0.500 ±0% | 4.00 ±0% | 0.500 ±0% |"],
    "what is not judged has no columns for it",
  );
});

test("what is not met is named", () => {
  assert.deepEqual(figures(results())("verdicts").split("\n"), [
    "Of 4 targets: 2 met, 0 within noise, 0 short, 2 MISSED.",
    "",
    ...Array(2).fill(
      "- MISSED: 75-byte event (in a page): 4.00 ±0%, and the target is peer ≥ 5",
    ),
  ]);
});

test("a curve is its plot, its growth and its table", () => {
  const text = figures(results())("curves growth");
  assert.deepEqual(plotsOf(text), ["payload.svg"]);
  assert.match(text, /^### An event, by its size\n/);
  assert.match(text, /^- ours: WORSE THAN LINEAR from 10 to 1,000/m);
  assert.match(text, /^\| size, bytes \| ours \| peer \|$/m);
  assert.match(text, /^\| 1,000 \| 10,000 \| {2}\|$/m);
});

test("a run that is not whole is told, and a name that nobody knows", () => {
  const broken = figures(results({ error: "it fell over" }));
  assert.throws(() => broken("others page"), /page: it fell over; run "make/);
  assert.throws(() => broken("others native"), /native: it was not run; run/);
  assert.throws(() => broken("target"), /called target: say sentence, /);
});

test("a quick run is called one", () => {
  assert.match(figures(results())("machine"), /quick run.* 2\.00 minutes\.$/m);
});
