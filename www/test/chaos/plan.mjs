// @ts-check
//
// Which faults there will be, in which order and for how long. All of it follows
// from the seed.
//
// The rules are:
//
//  1. Kinds are dealt from a shuffled deck, so that a short run has them all.
//  2. The servers are killed in between: the app server first, then the node,
//     then both in turn, at even distances.
//  3. A long run has one line that is silent for longer than the server's
//     heartbeat allows, which takes as long as a hundred other faults.

import { Random } from "../pages/chaos-random.mjs";

/** @typedef {{type: string, stream: "upstream" | "downstream", attributes: Record<string, number>}} Toxic */

/**
 * A Fault holds for some time, and calm follows; both in milliseconds. What it
 * does is its toxics, or else its kind's own: see run.mjs.
 *
 * @typedef {object} Fault
 * @property {string} kind
 * @property {number} hold
 * @property {number} calm
 * @property {Toxic[]} toxics
 */

/** @typedef {Pick<Fault, "hold" | "toxics">} Dealt */

/** The kinds that are no toxic. */
export const killApp = "app server killed";
export const killNode = "node killed";
export const disable = "proxy disabled";

/** @type {Record<string, {cards: number, deal: (random: Random) => Dealt}>} */
const kinds = {
  "latency and jitter": {
    cards: 2,
    deal: (r) => ({
      hold: r.between(300, 1200),
      toxics: both("latency", {
        latency: r.between(20, 400),
        jitter: r.between(0, 300),
      }),
    }),
  },
  slicer: {
    cards: 2,
    deal: (r) => ({
      hold: r.between(300, 1000),
      toxics: both("slicer", {
        average_size: r.between(1, 64),
        delay: r.between(0, 500), // µs
      }),
    }),
  },
  bandwidth: {
    cards: 2,
    deal: (r) => ({
      hold: r.between(300, 1500),
      toxics: both("bandwidth", { rate: r.between(1, 4) }), // KB/s
    }),
  },
  "limited data": {
    cards: 3,
    deal: (r) => ({
      hold: r.between(200, 800),
      toxics: [oneWay(r, "limit_data", { bytes: r.between(1, 3000) })],
    }),
  },
  "reset by peer": {
    cards: 3,
    deal: (r) => ({
      hold: r.between(100, 500),
      toxics: [oneWay(r, "reset_peer", { timeout: r.between(0, 150) })],
    }),
  },
  "black hole": {
    cards: 3,
    // Some of them outlast connectTimeout.
    deal: (r) => ({
      hold: r.between(1, 4) === 1 ? r.between(2200, 3000) : r.between(200, 900),
      toxics: r.pick([
        both("timeout", { timeout: 0 }),
        [oneWay(r, "timeout", { timeout: 0 })],
      ]),
    }),
  },
  [disable]: {
    cards: 3,
    deal: (r) => ({ hold: r.between(50, 700), toxics: [] }),
  },
};

/**
 * @param {string} type
 * @param {Record<string, number>} attributes
 * @returns {Toxic[]}
 */
function both(type, attributes) {
  return [
    { type, stream: "upstream", attributes },
    { type, stream: "downstream", attributes },
  ];
}

/**
 * @param {Random} random
 * @param {string} type
 * @param {Record<string, number>} attributes
 * @returns {Toxic}
 */
function oneWay(random, type, attributes) {
  const stream = random.pick(/** @type {const} */ (["upstream", "downstream"]));
  return { type, stream, attributes };
}

/** The heartbeat's 25 s and 60 s, and some more. */
const silence = 90_000;

/** From how many faults on a run is a long one. */
const long = 200;

/** @type {Fault} */
const dead = {
  kind: "dead line",
  hold: silence,
  calm: 1000,
  toxics: both("timeout", { timeout: 0 }),
};

/** Of how many faults one kills a server. */
const killEvery = 20;

/**
 * @param {number} seed
 * @param {number} faults how many, at least 3
 * @returns {Fault[]}
 */
export function plan(seed, faults) {
  const random = new Random(seed);
  const kills = Math.max(2, Math.round(faults / killEvery));
  /** @type {Fault[]} */
  const planned = [];
  /** @type {string[]} */
  let deck = [];
  for (let i = 0, killed = 0; i < faults; i++) {
    if (i >= ((killed + 1) * faults) / (kills + 1)) {
      planned.push(kill(random, killed++ % 2 ? killNode : killApp));
      continue;
    }
    if (deck.length === 0) deck = shuffledDeck(random);
    const kind = String(deck.pop());
    const calm = random.between(100, 500);
    planned.push({ kind, calm, ...kinds[kind].deal(random) });
  }
  if (faults >= long) planned[Math.floor(faults / 2)] = dead;
  return planned;
}

/** @param {Random} random */
function shuffledDeck(random) {
  return random.shuffled(
    Object.entries(kinds).flatMap(([kind, { cards }]) =>
      Array(cards).fill(kind),
    ),
  );
}

/**
 * @param {Random} random
 * @param {string} kind
 * @returns {Fault}
 */
function kill(random, kind) {
  return { kind, hold: random.between(100, 800), calm: 1000, toxics: [] };
}
