// @ts-check
//
// From the start of a navigation to SOCKET_CONNECTED, in pages built as an
// application is: ours with the module inside, ours with the module beside it,
// 1.1.5, and a page that opens a WebSocket and nothing else. The server is on
// this machine, so a first visit hides what 560 KB of module cost on the way;
// the rows of a modelled network show that.

import { fileURLToPath } from "node:url";
import { launch } from "../../browser.mjs";
import { Program } from "../../process.mjs";
import { visitInFirefox } from "../start/firefox.mjs";
import { visit } from "../start/visit.mjs";

/** @typedef {import("../result.mjs").Row} Row */
/** @typedef {import("../start/visit.mjs").Visit} Visit */
/** @typedef {import("../start/visit.mjs").Handicap} Handicap */
/** @typedef {Record<string, Visit[]>} Visits by page, one a round */
/** @typedef {Record<string, Partial<Visit>[]>} Seen of them, what there is to see */

const serverFile = fileURLToPath(
  new URL("../start/server.mjs", import.meta.url),
);

const pages = ["old", "ours", "external", "plain"];

/** How long a page of earlier visits stays, for the engine to write its cache. */
const staying = 2500;

/** @type {{name: string, title: string, rounds: number, handicap: Handicap}[]} */
const handicaps = [
  {
    name: "slow-cpu",
    title: "a processor a quarter as fast",
    rounds: 5,
    handicap: { cpu: 4 },
  },
  {
    name: "network",
    title: "10 Mbit/s and 40 ms away",
    rounds: 3,
    handicap: { network: { kilobytes: 1250, latency: 40 } },
  },
];

/**
 * @param {import("../result.mjs").Context} context
 * @returns {Promise<import("../result.mjs").Result>}
 */
export async function run({ quick, say }) {
  const server = new Program("node", [serverFile]);
  try {
    const port = await server.line("its port", (l) => JSON.parse(l).listening);
    const at = (/** @type {string} */ page) =>
      `http://127.0.0.1:${port}/${page}`;
    say("first visits");
    const first = await firstVisits(at, quick ? 5 : 41, {});
    if (quick) return { rows: firstRows(first) };
    const rows = firstRows(first);
    for (const { name, title, rounds, handicap } of handicaps) {
      say(`first visits, ${title}`);
      const visits = await firstVisits(at, rounds, handicap);
      rows.push(...otherRows(name, `first visit, ${title}`, visits));
    }
    say("later visits");
    const later = await laterVisits(at, 7);
    rows.push(
      ...otherRows("later", "a later visit, all kept by the browser", later),
    );
    if (!process.env.FIREFOX) {
      say("there is no Firefox: what it would take is left out");
      return { rows };
    }
    say("first visits, in Firefox");
    const inFirefox = await visitInFirefox(pages, at);
    rows.push(...otherRows("firefox", "first visit, in Firefox", inFirefox));
    return { rows };
  } finally {
    await server.stop();
  }
}

/**
 * Visits each page with nothing kept of earlier visits.
 *
 * @param {(page: string) => string} at
 * @param {number} rounds
 * @param {Handicap} handicap
 */
async function firstVisits(at, rounds, handicap) {
  const browser = await launch();
  try {
    return await inTurn(rounds, async (page) => {
      const context = await browser.createBrowserContext();
      const seen = await visit(await context.newPage(), at(page), handicap);
      await context.close();
      return seen;
    });
  } finally {
    await browser.close();
  }
}

/**
 * Visits each page when it has been visited twice. V8 keeps a script that has
 * come twice, and a module when it has been streamed and has run for a while.
 *
 * @param {(page: string) => string} at
 * @param {number} rounds
 */
async function laterVisits(at, rounds) {
  const browser = await launch();
  const once = async (
    /** @type {string} */ name,
    /** @type {number} */ stay,
  ) => {
    const page = await browser.newPage();
    const seen = await visit(page, at(name), {});
    await new Promise((resolve) => setTimeout(resolve, stay));
    await page.close();
    return seen;
  };
  try {
    for (let i = 0; i < 2; i++)
      for (const name of pages) await once(name, staying);
    return await inTurn(rounds, (name) => once(name, 0));
  } finally {
    await browser.close();
  }
}

/**
 * @param {number} rounds
 * @param {(page: string) => Promise<Visit>} once
 * @returns {Promise<Visits>}
 */
async function inTurn(rounds, once) {
  /** @type {Visits} */
  const visits = Object.fromEntries(pages.map((page) => [page, []]));
  // The first round is for the browser to have come to its own speed.
  for (let round = -1; round < rounds; round++)
    for (const page of pages) {
      const seen = await once(page);
      if (round >= 0) visits[page].push(seen);
    }
  return visits;
}

/** What is told of each form of ours, by its page. */
const forms = { ours: "embedded", external: "external" };

/** @type {{key: keyof Visit, title: string, judged: boolean, short?: string}[]} */
const measures = [
  {
    key: "connected",
    title: "to SOCKET_CONNECTED",
    judged: true,
    short:
      "it comes within a tenth of 1.1.5, which must be evaluated on the page's thread, where the module must be unpacked and compiled beside it: on two cores they wait for each other.",
  },
  { key: "longest", title: "longest task", judged: true },
  { key: "work", title: "work of the main thread", judged: true },
  { key: "busy", title: "main thread busy", judged: false },
];

/**
 * @param {Visits} visits
 * @returns {Row[]}
 */
function firstRows(visits) {
  return Object.entries(forms).flatMap(([page, form]) =>
    measures.map(({ key, title, judged, short }) => ({
      ...rowOf(visits, page, key),
      id: `start-${form}-${key}`,
      group: "page start, first visit",
      title: `${form}, ${title}`,
      targets: judged
        ? [
            {
              of: /** @type {const} */ ("peer"),
              atLeast: 1,
              short,
              known: 0.75,
            },
          ]
        : [],
    })),
  );
}

/**
 * @param {string} id
 * @param {string} group
 * @param {Seen} visits
 * @returns {Row[]}
 */
function otherRows(id, group, visits) {
  return Object.entries(forms).flatMap(([page, form]) =>
    measures
      .filter(({ key }) => key === "connected" || key === "work")
      .filter(({ key }) => key in visits[page][0])
      .map(({ key, title }) => ({
        ...rowOf(visits, page, key),
        id: `start-${id}-${form}-${key}`,
        group: `page start, ${group}`,
        title: `${form}, ${title}`,
      })),
  );
}

/**
 * @param {Seen} visits
 * @param {string} page
 * @param {keyof Visit} key
 */
function rowOf(visits, page, key) {
  const numbers = (/** @type {string} */ name) =>
    visits[name].map((seen) => Number(seen[key]));
  return {
    unit: "ms",
    better: /** @type {const} */ ("less"),
    ours: numbers(page),
    peer: numbers("old"),
    limit: numbers("plain"),
    limitName: "a WebSocket and nothing else",
  };
}
