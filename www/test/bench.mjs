// @ts-check
//
// How fast the package is, beside what it replaces, in the same page and the
// same run: `go run ./build bench`, or `node bench.mjs` once www/dist is there.
// It prints one table, and fails if a target is missed by more than the noise.
//
//   QUICK=1   fewer rounds, for a look

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { launch, openPage } from "./browser.mjs";
import { ratio, spread } from "./bench/statistics.mjs";
import { Program } from "./process.mjs";
import { Site, html } from "./site.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const quick = Boolean(process.env.QUICK);
const rounds = quick ? 5 : 25;
const floods = quick
  ? { rounds: 3, events: 2000 }
  : { rounds: 9, events: 5000 };

/** How many times as fast as 1.1.5 each must be. */
const targets = {
  "75-byte event": 3,
  "10 KB event": 3,
  "1 KB binary event": 3,
  "an action not ours": 5,
};

/** The most that the module may weigh in brotli, in kilobytes. */
const mostBrotli = 650;

/**
 * @typedef {object} Row
 * @property {string[]} cells
 * @property {boolean} [missed]
 */

/** @returns {Promise<number>} the exit code */
async function main() {
  const site = await new Site().open();
  site.replies.set(
    "/bench",
    html(`globalThis.bench = import("/bench/page.mjs");`),
  );
  site.replies.set(
    "/frame",
    html(`globalThis.frame = import("/bench/frame.mjs");`),
  );
  const browser = await launch();
  const sender = new Program("node", ["bench/sender.mjs"], {
    cwd: fileURLToPath(new URL("./", import.meta.url)),
  });
  try {
    const rows = [
      ...fakeRows(await fake(browser, site)),
      ...(await loopbackRows(browser, site, sender)),
      ...(await sizeRows()),
    ];
    print(rows);
    return rows.some(({ missed }) => missed) ? 1 : 0;
  } finally {
    await sender.stop();
    await browser.close();
    await site.close();
  }
}

/**
 * @param {import("puppeteer-core").Browser} browser
 * @param {Site} site
 */
async function fake(browser, site) {
  const { page } = await openPage(browser, site.url("/bench"));
  return page.evaluate(
    async (subjects, n) => (await bench).overFakeSocket(subjects, n),
    ["ours", "1.1.5", "plain"],
    rounds,
  );
}

/**
 * @param {Awaited<ReturnType<typeof fake>>} timings
 * @returns {Row[]}
 */
function fakeRows(timings) {
  return Object.entries(timings).map(([name, times]) => {
    const faster = ratio(times["1.1.5"], times.ours);
    const target = targets[/** @type {keyof typeof targets} */ (name)];
    return judged(
      [`${name}, µs`, ...Object.values(times).map(micro)],
      faster,
      target,
    );
  });
}

/**
 * @param {string[]} cells
 * @param {import("./bench/statistics.mjs").Spread} faster
 * @param {number | undefined} target
 * @returns {Row}
 */
function judged(cells, faster, target) {
  const times = `${faster.median.toFixed(2)} (${faster.low.toFixed(2)}–${faster.high.toFixed(2)})`;
  if (target === undefined) return { cells: [...cells, times, "", ""] };
  // Missed, if even the better quarter of the rounds falls short.
  const missed = faster.high < target;
  const verdict =
    faster.median >= target ? "met" : missed ? "MISSED" : "within noise";
  return { cells: [...cells, times, `≥ ${target}`, verdict], missed };
}

/** @param {number[]} times */
function micro(times) {
  const { median, low, high } = spread(times);
  return `${median.toFixed(2)} ±${((high - low) / 2).toFixed(2)}`;
}

/**
 * @param {import("puppeteer-core").Browser} browser
 * @param {Site} site
 * @param {Program} sender
 * @returns {Promise<Row[]>}
 */
async function loopbackRows(browser, site, sender) {
  const port = await sender.line("its port", (l) => JSON.parse(l).listening);
  const { page } = await openPage(browser, site.url("/bench"));
  const rates = await page.evaluate(
    async (subjects, port, { rounds, events }) =>
      (await bench).overLoopback(subjects, port, rounds, events),
    ["ours", "1.1.5", "bare WebSocket"],
    port,
    floods,
  );
  const cells = ["loopback, events/s", ...Object.values(rates).map(perSecond)];
  return [judged(cells, ratio(rates.ours, rates["1.1.5"]), undefined)];
}

/** @param {number[]} rates */
function perSecond(rates) {
  const { median, low, high } = spread(rates);
  return `${Math.round(median)} ±${Math.round((high - low) / 2)}`;
}

/** @returns {Promise<Row[]>} */
async function sizeRows() {
  const { stdout } = await promisify(execFile)(
    "go",
    ["run", "./build", "size"],
    { cwd: root },
  ).catch((error) => {
    // It fails where the module is too heavy, and has said so by then.
    if (error.stdout) return error;
    throw error;
  });
  const line = stdout.split("\n").find((l) => l.startsWith("bsock.wasm"));
  const [raw, gzip, brotli] = line.match(/[\d.]+(?= KB)/g).map(Number);
  const missed = brotli > mostBrotli;
  return [
    { cells: ["module raw, KB", String(raw), "", "", "", "", ""] },
    { cells: ["module gzip, KB", String(gzip), "", "", "", "", ""] },
    {
      cells: [
        "module brotli, KB",
        String(brotli),
        "",
        "",
        "",
        `≤ ${mostBrotli}`,
        missed ? "MISSED" : "met",
      ],
      missed,
    },
  ];
}

/** @param {Row[]} rows */
function print(rows) {
  const head = ["", "ours", "1.1.5", "limit", "times as fast", "target", ""];
  const table = [head, ...rows.map(({ cells }) => cells)];
  const widths = head.map((_, i) => Math.max(...table.map((r) => r[i].length)));
  for (const row of table)
    console.log(
      row
        .map((cell, i) =>
          i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]),
        )
        .join("  "),
    );
  console.log(
    `\nMedians of ${rounds} rounds, the middle half of them in ±; the limit is ` +
      "plain JavaScript that parses and dispatches, or a WebSocket with nothing on it.",
  );
}

process.exitCode = await main();
