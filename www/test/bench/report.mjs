// @ts-check
//
// What a run leaves: the tables on the terminal, everything in results.json, the
// ratios of all suites and of each as a plot, and each curve as one.

import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { curveTable, growthOf } from "./curves.mjs";
import { counted } from "./judge.mjs";
import { inWords } from "./machine.mjs";
import { isComparison, plot, ratios } from "./plots.mjs";
import { table } from "./table.mjs";

/** @typedef {import("./table.mjs").JudgedRow} JudgedRow */
/** @typedef {import("./result.mjs").Curve} Curve */

/**
 * A Finished suite, with whatever else it has handed in.
 *
 * @typedef {object} Finished
 * @property {string} name
 * @property {number} seconds
 * @property {JudgedRow[]} rows
 * @property {Curve[]} curves
 * @property {string} [error] why it handed in nothing
 */

/**
 * @param {Finished[]} suites
 * @param {import("./machine.mjs").Machine} machine
 * @returns {string} for people
 */
export function text(suites, machine) {
  const rows = suites.flatMap((suite) => suite.rows);
  const curves = suites.flatMap((suite) => suite.curves);
  return [
    ...(rows.length ? table(rows) : []),
    ...curves.flatMap((curve) => ["", ...curveTable(curve)]),
    "",
    "Medians, and ± half of what the middle half of the rounds spans. × says how many times",
    "as good as peer or limit, round by round. MISSED: even the better quartile falls short;",
    "short: so it does, but that is known, and why is said.",
    ...inWords(machine),
    `Targets: ${counted(rows.map(({ judged }) => judged))}.`,
  ].join("\n");
}

/**
 * @param {string} folder
 * @param {Finished[]} suites
 * @param {object} about the run
 */
export async function write(folder, suites, about) {
  await mkdir(folder, { recursive: true });
  // A plot of another run beside those of this one would deceive.
  for (const name of await readdir(folder))
    if (name.endsWith(".svg")) await rm(join(folder, name));
  const told = suites.map(({ curves, ...suite }) => ({
    ...suite,
    curves: curves.map((curve) => ({ ...curve, verdicts: growthOf(curve) })),
  }));
  const results = JSON.stringify({ ...about, suites: told }, null, 1);
  await writeFile(join(folder, "results.json"), results + "\n");
  for (const [name, svg] of await plots(suites))
    await writeFile(join(folder, `${name}.svg`), svg);
}

/**
 * @param {Finished[]} suites
 * @returns {Promise<[string, string][]>} names and SVG
 */
async function plots(suites) {
  /** @type {[string, string][]} */
  const drawn = [];
  const all = { name: "ratios", rows: suites.flatMap(({ rows }) => rows) };
  for (const { name, rows } of [all, ...suites])
    if (rows.some(isComparison)) drawn.push([name, await ratios(rows)]);
  for (const curve of suites.flatMap(({ curves }) => curves))
    drawn.push([curve.id, await plot(curve)]);
  return drawn;
}
