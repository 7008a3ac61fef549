// @ts-check
//
// A plugin that keeps the node's chain in the store: blocks as they come, and
// what was missed, fetched. It looks for that when the socket is connected
// again, and when a block comes whose parent it does not know: a node that was
// away behind the app server has mined without telling.

import { hex, pause, readEntry } from "./app.mjs";

/**
 * @typedef {object} Chain
 * @property {string[]} hashes by height
 * @property {number} live how many blocks were taken as they came
 * @property {number} fetched how many were asked for
 * @property {boolean} gap whether a block came whose parent is not there
 */

/** @type {Chain} */
const empty = { hashes: [], live: 0, fetched: 0, gap: true };

/**
 * @param {Chain | undefined} chain
 * @param {any} action
 * @returns {Chain}
 */
export function reduceChain(chain = empty, { type, payload }) {
  if (type === "NEW_BLOCK") return withBlock(chain, readEntry(payload[0]));
  if (type === "BLOCKS_FETCHED") return withBlocks(chain, payload);
  return chain;
}

/**
 * @param {Chain} chain
 * @param {ReturnType<typeof readEntry>} block
 */
function withBlock(chain, { hash, height, prevBlock }) {
  const { hashes } = chain;
  if (hashes[height] === hash) return chain; // it was fetched before it came
  if (hashes[height - 1] !== prevBlock) return { ...chain, gap: true };
  return {
    ...chain,
    hashes: [...hashes.slice(0, height), hash],
    live: chain.live + 1,
  };
}

/**
 * @param {Chain} chain
 * @param {{start: number, hashes: string[]}} fetched up to the tip
 */
function withBlocks(chain, { start, hashes }) {
  const end = start + hashes.length;
  const news = hashes.filter((hash, i) => chain.hashes[start + i] !== hash);
  // Blocks may have come while these were on their way.
  const later = chain.hashes[end - 1] === hashes.at(-1);
  return {
    ...chain,
    hashes: [
      ...chain.hashes.slice(0, start),
      ...hashes,
      ...(later ? chain.hashes.slice(end) : []),
    ],
    fetched: chain.fetched + news.length,
    gap: false,
  };
}

/** How many blocks that are there already are asked for again, to be sure. */
const overlap = 6;
const patience = 2000;

/**
 * @callback Ask calls the node and resolves with its answer
 * @param {string} message
 * @param {Record<string, unknown>} rest
 * @param {{timeout: number}} meta
 * @returns {Promise<any>}
 */

/** A Keeper sees to it that nothing stays missing. */
export class Keeper {
  #ask;
  #store;
  /** @type {Promise<void> | undefined} */
  #fetching;
  #again = false;
  #stopped = false;

  /**
   * @param {{dispatch: (action: any) => any, getState: () => {chain: Chain}}} store
   * @param {Ask} ask
   */
  constructor(store, ask) {
    this.#store = store;
    this.#ask = ask;
  }

  /** Resolves once the store has had the node's tip. */
  catchUp() {
    this.#again = true;
    this.#fetching ??= this.#run().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  /** Lets what is missing be missing. */
  stop() {
    this.#stopped = true;
  }

  async #run() {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      const there = await this.#isThere().catch(() => this.#later());
      if (!there) this.#again = true;
    }
  }

  // It was lost, or refused because the node is away, or came too late.
  async #later() {
    await pause(200);
    return false;
  }

  /** Compares with the node's tip, and fetches what is missing. */
  async #isThere() {
    const meta = { timeout: patience };
    const tip = readEntry(await this.#ask("get tip", {}, meta));
    const { hashes, gap } = this.#store.getState().chain;
    if (hashes[tip.height] === tip.hash && !gap) return true;
    const start = Math.max(0, Math.min(hashes.length, tip.height) - overlap);
    /** @type {Uint8Array[]} */
    const found = await this.#ask("get hashes", { start, end: -1 }, meta);
    this.#store.dispatch({
      type: "BLOCKS_FETCHED",
      payload: { start, hashes: found.map(hex) },
    });
    return false; // there may be more by now
  }
}
