// @ts-check
//
// A page that takes a million events: that none of its tasks is long, that
// memory is where it was, and what an event of 10 MB and one of 100 MB cost.
// Plain JavaScript takes the same events in a page of its own: what the engine
// needs for itself, to collect garbage above all, is in both.

import { heapUsed } from "../../soak-heap.mjs";
import { closePage, launch, openPage } from "../../browser.mjs";
import { Site, html } from "../../site.mjs";

/** @typedef {import("../result.mjs").Row} Row */
/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {{heap: number, wasm: number, long: number[]}} State in bytes, and ms */
/** @typedef {{longest: number[], first: State, last: State}} Life */
/** @typedef {{took: number[], grown: number}} Large */

const subjects = ["ours", "1.1.5", "plain"];

/** @type {{id: string, title: string, kind: "text" | "binary", bytes: number}[]} */
const larges = [
  { id: "event-10mb", title: "10 MB event", kind: "text", bytes: 10e6 },
  {
    id: "binary-100mb",
    title: "100 MB binary event",
    kind: "binary",
    bytes: 100e6 - 1000, // 100 MB is the most, with what comes before the bytes
  },
];

/**
 * @param {import("../result.mjs").Context} context
 * @returns {Promise<import("../result.mjs").Result>}
 */
export async function run({ quick, say }) {
  const events = quick ? 100_000 : 1_000_000;
  const site = await new Site().open();
  const script = `globalThis.endurance = import("/bench/endurance/page.mjs");`;
  site.replies.set("/endurance", html(script));
  const browser = await launch();
  try {
    /** @type {Record<string, Life>} */
    const lives = {};
    /** @type {Record<string, Large[]>} */
    const large = {};
    for (const name of subjects) {
      say(`${events} events: ${name}`);
      const open = await openPage(
        browser,
        site.url(`/endurance?subject=${name}`),
      );
      lives[name] = await live(open.page, events);
      large[name] = [];
      for (const each of larges)
        large[name].push(await takeLarge(open.page, each, quick ? 3 : 9));
      await closePage(open);
    }
    return { rows: [...lifeRows(lives, events), ...largeRows(large)] };
  } finally {
    await browser.close();
    await site.close();
  }
}

/**
 * Takes the events in tenths. What the engine learns, and the garbage that Go
 * lets pile up before it collects any, are there after the first of them.
 *
 * @param {Page} page
 * @param {number} events
 * @returns {Promise<Life>}
 */
async function live(page, events) {
  const longest = [];
  await stateOf(page); // what was long before is not of the events
  /** @type {State | undefined} */
  let first;
  for (let tenth = 0; tenth < 10; tenth++) {
    longest.push(
      await page.evaluate(async (n) => (await endurance).take(n), events / 10),
    );
    first ??= await stateOf(page);
  }
  return {
    longest,
    first: /** @type {State} */ (first),
    last: await stateOf(page),
  };
}

/**
 * @param {Page} page
 * @returns {Promise<State>}
 */
async function stateOf(page) {
  const { wasm, long } = await page.evaluate(async () =>
    (await endurance).state(),
  );
  const session = await page.createCDPSession();
  const heap = await heapUsed(session);
  await session.detach();
  return { wasm, long, heap };
}

/**
 * @param {Page} page
 * @param {{kind: "text" | "binary", bytes: number}} large
 * @param {number} times
 * @returns {Promise<Large>}
 */
async function takeLarge(page, { kind, bytes }, times) {
  const before = await stateOf(page);
  const took = await page.evaluate(
    async (...args) => (await endurance).takeLarge(...args),
    kind,
    bytes,
    times,
  );
  const { wasm } = await stateOf(page);
  return { took, grown: wasm - before.wasm };
}

/** How far a heap may be from where it was, in KB: an engine goes on learning. */
const heapNoise = 100;

/**
 * @param {Record<string, Life>} lives
 * @param {number} events
 * @returns {Row[]}
 */
function lifeRows({ ours, "1.1.5": old, plain }, events) {
  const group = `a million events${events < 1e6 ? `, shortened to ${events}` : ""}`;
  const less = { group, better: /** @type {const} */ ("less") };
  const kilobytes = (/** @type {Life} */ { first, last }) => [
    (last.heap - first.heap) / 1000,
  ];
  const longs = (/** @type {Life} */ { first, last }) => [
    first.long.length + last.long.length,
  ];
  return [
    {
      ...less,
      id: "million-longest",
      title: "longest task of each tenth",
      unit: "ms",
      ours: ours.longest,
      peer: old.longest,
      limit: plain.longest,
    },
    {
      ...less,
      id: "million-long-tasks",
      title: "tasks over 50 ms, by the browser's count",
      unit: "",
      ours: longs(ours),
      peer: longs(old),
      limit: longs(plain),
      targets: [{ of: "value", atMost: 0 }],
    },
    {
      ...less,
      id: "million-module",
      title: "the module's memory",
      unit: "MB",
      ours: [ours.last.wasm / 1e6],
      targets: [{ of: "value", atMost: 16 }],
    },
    {
      ...less,
      id: "million-module-growth",
      title: "its growth from the first tenth to the last",
      unit: "KB",
      ours: [(ours.last.wasm - ours.first.wasm) / 1000],
      targets: [{ of: "value", atMost: 0 }],
    },
    {
      ...less,
      id: "million-heap-growth",
      title: "growth of the heap, all garbage collected",
      unit: "KB",
      ours: kilobytes(ours),
      peer: kilobytes(old),
      limit: kilobytes(plain),
      targets: [{ of: "value", atMost: heapNoise }],
    },
  ];
}

/**
 * @param {Record<string, Large[]>} taken
 * @returns {Row[]}
 */
function largeRows({ ours, "1.1.5": old, plain }) {
  return larges.flatMap(({ id, title }, i) => {
    const common = {
      group: "a large event",
      better: /** @type {const} */ ("less"),
    };
    return [
      {
        ...common,
        id,
        title,
        unit: "ms",
        ours: ours[i].took,
        peer: old[i].took,
        limit: plain[i].took,
      },
      {
        ...common,
        id: `${id}-growth`,
        title: `${title}: growth of the module's memory`,
        unit: "KB",
        ours: [ours[i].grown / 1000],
        targets: [{ of: /** @type {const} */ ("value"), atMost: 0 }],
      },
    ];
  });
}
