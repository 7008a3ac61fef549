// @ts-check
//
// How good the package is, beside what it replaces and beside what cannot be
// bettered, in the same run: `make bench`, or `node bench.mjs` once www/dist is
// there. It prints one table, leaves it as JSON and as plots, and fails if a
// target is missed by more than the noise.
//
//   QUICK=1            fewer rounds, for a look: two minutes
//   ONLY=page,native   these suites alone
//   OUT=folder         where results.json and the plots go, if not .cache/bench

import { fileURLToPath } from "node:url";
import { isMissed, judge } from "./bench/judge.mjs";
import { machine } from "./bench/machine.mjs";
import { text, write } from "./bench/report.mjs";

/** @typedef {import("./bench/report.mjs").Finished} Finished */

/** In their order; the seconds that each takes on two cores, quick and full. */
const budgets = {
  page: [18, 110],
  loopback: [12, 50],
  start: [12, 90],
  native: [38, 180],
  endurance: [6, 120],
  growth: [11, 180],
  size: [11, 40],
};

const quick = Boolean(process.env.QUICK);
const out =
  process.env.OUT ||
  fileURLToPath(new URL("../../.cache/bench", import.meta.url));

/** @returns {Promise<number>} the exit code */
async function main() {
  const names = chosen();
  if (names.length === 0) return 2;
  const about = { machine: await machine(), quick };
  /** @type {Finished[]} */
  const suites = [];
  for (const [i, name] of names.entries()) {
    const seconds = budgets[name][quick ? 0 : 1];
    say(`==> ${name}, ${i + 1} of ${names.length}, about ${seconds} s`);
    const suite = await finish(name);
    suites.push(suite);
    say(`    ${name} took ${suite.seconds.toFixed(1)} s`);
  }
  console.log("\n" + text(suites, about.machine));
  await write(out, suites, about);
  say(`results.json and plots are in ${out}`);
  return failed(suites) ? 1 : 0;
}

/** Which suites were asked for; none, if one of them is not known. */
function chosen() {
  const all = /** @type {(keyof typeof budgets)[]} */ (Object.keys(budgets));
  const only = process.env.ONLY?.split(",").filter(Boolean) ?? [];
  const unknown = only.filter((name) => !(name in budgets));
  if (unknown.length === 0)
    return all.filter((name) => only.length === 0 || only.includes(name));
  say(`ONLY=${unknown.join(",")} is not known: say ${all.join(",")}`);
  return [];
}

/**
 * Runs a suite to its end, whatever that is: the others run all the same.
 *
 * @param {keyof typeof budgets} name
 * @returns {Promise<Finished>}
 */
async function finish(name) {
  const start = performance.now();
  const spent = () => (performance.now() - start) / 1000;
  try {
    const { run } = await import(`./bench/suites/${name}.mjs`);
    const {
      rows,
      curves = [],
      ...more
    } = await run({
      quick,
      say: (/** @type {string} */ line) => say(`    ${line}`),
    });
    const judged = rows.map((row) => ({ ...row, judged: judge(row) }));
    return { ...more, name, seconds: spent(), rows: judged, curves };
  } catch (error) {
    const { stack } = /** @type {Error} */ (error);
    say(`    ${name} FAILED: ${stack ?? error}`);
    const why = String(error);
    return { name, seconds: spent(), rows: [], curves: [], error: why };
  }
}

/** @param {Finished[]} suites */
function failed(suites) {
  const broken = suites.filter(({ error }) => error);
  const missed = suites
    .flatMap(({ rows }) => rows)
    .filter(({ judged }) => isMissed(judged));
  for (const { name, error } of broken) say(`FAILED: ${name}: ${error}`);
  for (const { group, title } of missed) say(`MISSED: ${title} (${group})`);
  return broken.length + missed.length > 0;
}

/** @param {string} line */
function say(line) {
  console.error(line);
}

// An exit takes browsers and programs along; puppeteer alone would close its
// browser, and the suites would go on without.
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => process.exit(1));

// Whatever a suite that broke down has left open is not waited for.
process.exit(await main());
