// @ts-check
//
// What a run leaves is all of it, and nothing of the run before.

import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { judge } from "./judge.mjs";
import { write } from "./report.mjs";

const folder = await mkdtemp(join(tmpdir(), "bench-"));
after(() => rm(folder, { recursive: true }));

/** @type {import("./result.mjs").Row} */
const row = {
  id: "event",
  group: "in a page",
  title: "event",
  unit: "µs",
  better: "less",
  ours: [1, 2],
  peer: [4, 5],
};

/** @type {import("./result.mjs").Curve} */
const curve = {
  id: "payload",
  title: "Payload",
  x: { title: "size" },
  y: { title: "time" },
  series: [
    {
      name: "ours",
      points: [
        [1, 1],
        [10, 100],
      ],
    },
  ],
  growth: true,
};

test("results.json has every round, and whatever else a suite hands in", async () => {
  await writeFile(join(folder, "old.svg"), "a plot of the run before");
  const rows = [{ ...row, judged: judge(row) }];
  const suite = { name: "page", seconds: 1, rows, curves: [curve] };
  const more = { ...suite, tables: [["package", "KB"]] };
  await write(folder, [more], { quick: true });

  const names = await readdir(folder);
  assert.deepEqual(
    names.toSorted(),
    ["page.svg", "payload.svg", "ratios.svg", "results.json"],
    "the plot of the run before is gone",
  );
  const text = await readFile(join(folder, "results.json"), "utf8");
  const { quick, suites } = JSON.parse(text);
  assert.ok(quick);
  assert.deepEqual(suites[0].rows[0].ours, [1, 2]);
  assert.deepEqual(suites[0].tables, more.tables);
  assert.match(suites[0].curves[0].verdicts[0].words, /^WORSE THAN LINEAR/);
});
