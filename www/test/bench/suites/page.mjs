// @ts-check
//
// What the library alone costs in a page: every case over a WebSocket with
// nothing behind it, ours, 1.1.5 and plain JavaScript in turn.

import { launch, openPage } from "../../browser.mjs";
import { benchSite } from "../site.mjs";
import { ratio } from "../statistics.mjs";

/** @typedef {import("../result.mjs").Row} Row */
/** @typedef {import("../result.mjs").Target} Target */

/**
 * By the names of cases.mjs.
 *
 * @type {Record<string, {title: string, targets: Target[]}>}
 */
const cases = {
  "event-75b": {
    title: "75-byte event",
    targets: [
      { of: "peer", atLeast: 5 },
      { of: "limit", atLeast: 0.5 },
    ],
  },
  "event-10kb": {
    title: "10 KB event",
    targets: [
      { of: "peer", atLeast: 12 },
      { of: "limit", atLeast: 0.8 },
    ],
  },
  "event-1kb-binary": {
    title: "1 KB binary event",
    targets: [{ of: "peer", atLeast: 3 }],
  },
  broadcast: {
    title: "broadcast, the same action each time",
    targets: [{ of: "peer", atLeast: 1 }],
  },
  "broadcast-argument": {
    title: "broadcast, another argument each time",
    targets: [{ of: "peer", atLeast: 1 }],
  },
  subscribe: {
    title: "subscribe, again to the same four",
    targets: [{ of: "peer", atLeast: 1 }],
  },
  call: {
    title: "call with ack, the same action each time",
    targets: [{ of: "peer", atLeast: 2 }],
  },
  "call-argument": {
    title: "call with ack, another argument each time",
    targets: [{ of: "peer", atLeast: 2 }],
  },
  foreign: { title: "action not ours, in all", targets: [] },
};

/**
 * Those that are only told, and left out of a quick run. They come last: who has
 * seen so many messages may be slower ever after.
 *
 * @type {typeof cases}
 */
const others = {
  "broadcast-message": {
    title: "broadcast, another of 1,000 messages each time",
    targets: [],
  },
  "broadcast-unseen": {
    title: "broadcast, a message never seen before",
    targets: [],
  },
  "call-message": {
    title: "call with ack, another of 1,000 messages each time",
    targets: [],
  },
  "call-unseen": {
    title: "call with ack, a message never seen before",
    targets: [],
  },
  "call-afterwards": {
    title:
      "call with ack, the same each time, but first after all those messages",
    targets: [{ of: "peer", atLeast: 2 }],
  },
};
const subjects = ["ours", "1.1.5", "plain"];

/**
 * @param {import("../result.mjs").Context} context
 * @returns {Promise<import("../result.mjs").Result>}
 */
export async function run({ quick, say }) {
  const judged = Object.keys(cases);
  if (quick) return { rows: await measure("chromium", judged, 7, say) };
  const names = [...judged, ...Object.keys(others)];
  const rows = await measure("chromium", names, 25, say);
  if (!process.env.FIREFOX) {
    say("there is no Firefox: what it would take is left out");
    return { rows };
  }
  const told = await measure("firefox", names, 25, say);
  return { rows: [...rows, ...told.map(inFirefox)] };
}

/**
 * @param {string} browserName
 * @param {string[]} names of cases
 * @param {number} rounds
 * @param {(line: string) => void} say
 * @returns {Promise<Row[]>}
 */
async function measure(browserName, names, rounds, say) {
  const site = await benchSite();
  const browser = await launch(browserName);
  try {
    const { page } = await openPage(browser, site.url("/bench"));
    say(`${names.length} cases in ${browserName}, ${rounds} rounds each`);
    const timings = await page.evaluate(
      async (names, subjects, n) =>
        (await bench).overFakeSocket(names, subjects, n),
      names,
      subjects,
      rounds,
    );
    return names.flatMap((name) => rowsOf(name, timings[name]));
  } finally {
    await browser.close();
    await site.close();
  }
}

/**
 * @param {string} id
 * @param {Record<string, number[]>} times
 * @returns {Row[]}
 */
function rowsOf(id, times) {
  /** @type {Row} */
  const whole = {
    id,
    group: "in a page, over a fake WebSocket",
    ...{ ...cases, ...others }[id],
    unit: "µs",
    better: "less",
    ours: times.ours,
    peer: times["1.1.5"],
    limit: times.plain,
  };
  return id === "foreign" ? [added(whole), whole] : [whole];
}

/** No smaller difference of two times shows. */
const least = 0.001;

// The store has work of its own with such an action, which hides what either
// middleware does: it is what they add to it that is compared.
/**
 * @param {Row} whole
 * @returns {Row}
 */
function added({ ours, peer = [], limit = [], ...row }) {
  /** @param {number[]} times */
  const beyond = (times) =>
    times.map((time, round) => Math.max(least, time - limit[round]));
  const most = ratio(peer, limit).median.toFixed(1);
  return {
    ...row,
    id: "foreign-added",
    title: "action not ours, added",
    ours: beyond(ours),
    peer: beyond(peer),
    targets: [{ of: "peer", atLeast: 10 }],
    note:
      "what the middleware adds to a store without any. The store's own time is in both, " +
      `so that doing nothing at all would be ${most} times as fast as 1.1.5, all in all.`,
  };
}

// The targets are for the browser that they were set in.
/**
 * @param {Row} row
 * @returns {Row}
 */
function inFirefox({ id, group, ...row }) {
  return {
    ...row,
    id: `firefox-${id}`,
    group: `${group}, in Firefox`,
    targets: [],
  };
}
