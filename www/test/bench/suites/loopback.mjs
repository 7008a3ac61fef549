// @ts-check
//
// The same events over a real WebSocket on this machine: ours, 1.1.5, and a
// WebSocket that only counts messages, in turn.
//
// Four threads carry an event to the page, on as many cores as there are, so how
// many come in a second is up to the system as well, and noisy. How long the
// page's own thread runs for each is less so: that is told beside it.
//
// Ours may well get more than the limit: a page that has nothing to do sleeps
// and is woken for each message. When the bare WebSocket was made to parse what
// it counts, 10 KB events came to 20,800 a second in place of 17,400.

import { fileURLToPath } from "node:url";
import { launch } from "../../browser.mjs";
import { Program } from "../../process.mjs";
import { benchSite } from "../site.mjs";
import { ratio } from "../statistics.mjs";
import { inTurn } from "../turns.mjs";
import { UnwatchedPage } from "../unwatched.mjs";

/** @typedef {import("../result.mjs").Row} Row */
/** @typedef {import("../result.mjs").Target} Target */
/** @typedef {{rate: number, busy: number}} Measured events/s, and µs an event */

const subjects = ["ours", "1.1.5", "bare"];

/**
 * @typedef {object} Kind
 * @property {string} kind of sender.mjs
 * @property {string} title
 * @property {number} events in one round: the more, the less noise
 * @property {Target[]} [targets]
 */

/** @type {Kind[]} */
const kinds = [
  {
    kind: "mix",
    title: "the three mixed",
    events: 2000,
    targets: [
      { of: "peer", atLeast: 1.2 },
      { of: "limit", atLeast: 0.95 },
    ],
  },
  { kind: "75b", title: "75-byte event", events: 1000 },
  { kind: "10kb", title: "10 KB event", events: 1000 },
  { kind: "1kb-binary", title: "1 KB binary event", events: 1000 },
];

/** So many rounds until an engine has compiled what it runs. */
const warming = 4;

/**
 * @param {import("../result.mjs").Context} context
 * @returns {Promise<import("../result.mjs").Result>}
 */
export async function run({ quick, say }) {
  const site = await benchSite();
  const browser = await launch("chromium");
  const sender = new Program(process.execPath, ["bench/sender.mjs"], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
  });
  try {
    const port = await sender.line("its port", (l) => JSON.parse(l).listening);
    const page = await UnwatchedPage.open(browser, site.url("/bench"));
    for (const subject of subjects)
      await page.evaluate(
        async (name, at) => (await bench).connect(name, at),
        subject,
        port,
      );
    const rows = [];
    const rounds = quick ? 7 : 40;
    for (const kind of kinds) {
      say(`${kind.title}: ${rounds} rounds of ${kind.events}`);
      const measured = await inTurn(
        subjects,
        { rounds, before: warming },
        (subject) => receive(page, subject, kind),
      );
      rows.push(...rowsOf(kind, measured));
    }
    return { rows };
  } finally {
    await sender.stop();
    await browser.close();
    await site.close();
  }
}

/**
 * @param {UnwatchedPage} page
 * @param {string} subject
 * @param {Kind} kind
 * @returns {Promise<Measured>}
 */
async function receive(page, subject, { kind, events }) {
  const before = await page.busy();
  const micros = await page.evaluate(
    async (...args) => (await bench).receive(...args),
    subject,
    kind,
    events,
  );
  const busy = (await page.busy()) - before;
  return { rate: (events / micros) * 1e6, busy: busy / events };
}

/**
 * @param {Kind} kind
 * @param {Record<string, Measured[]>} measured
 * @returns {Row[]}
 */
function rowsOf({ kind, title, targets }, measured) {
  /** @param {keyof Measured} what */
  const numbers = (what) => ({
    ours: measured.ours.map((each) => each[what]),
    peer: measured["1.1.5"].map((each) => each[what]),
    limit: measured.bare.map((each) => each[what]),
    limitName: "a WebSocket that counts messages",
  });
  return [
    {
      id: `loopback-${kind}`,
      group: "over a real WebSocket",
      title,
      unit: "events/s",
      better: "more",
      ...numbers("rate"),
      targets,
      note: ceiling(measured),
    },
    {
      id: `loopback-${kind}-busy`,
      group: "over a real WebSocket, on the page's own thread",
      title,
      unit: "µs",
      better: "less",
      ...numbers("busy"),
    },
  ];
}

// Most of what an event takes is the browser's own share, which nobody can cut.
/** @param {Record<string, Measured[]>} measured */
function ceiling(measured) {
  const [bare, old] = [measured.bare, measured["1.1.5"]].map((each) =>
    each.map(({ rate }) => rate),
  );
  const { median, low, high } = ratio(bare, old);
  return (
    "a WebSocket that only counts messages is " +
    `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}) times as fast as 1.1.5.`
  );
}
