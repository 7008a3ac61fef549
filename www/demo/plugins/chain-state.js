// @ts-check
// What the chain plugin remembers: the last blocks, newest first, each linked
// to the next by its `prev`, and whether the node has been heard from.

/** @typedef {import("../decode.js").Block} Block */

/**
 * @typedef {object} Chain
 * @property {(Block & {at?: number})[]} blocks newest first; `at` is when one arrived live
 * @property {number} heardAt when the node last said something, milliseconds since 1970
 * @property {"unknown" | "well" | "ill"} health of the node behind the server
 * @property {string} fault why it is ill
 * @property {Gap | null} gap the last time the connection was away
 */

/**
 * @typedef {object} Gap
 * @property {number} ms how long it lasted
 * @property {number} at when it ended, milliseconds since 1970
 * @property {string} tip the hash of the last block before it
 * @property {number | null} missed how many blocks came meanwhile, of those that
 *   are kept; null until they are here
 */

/** How many blocks are kept, and asked for at first. */
export const HISTORY = 60;

/** @type {Chain} */
const initial = {
  blocks: [],
  heardAt: 0,
  health: "unknown",
  fault: "",
  gap: null,
};

/**
 * A new tip ends whatever stood at its height and above.
 *
 * @param {Chain["blocks"]} blocks
 * @param {Chain["blocks"][0]} tip
 */
function withTip(blocks, tip) {
  if (blocks[0]?.hash === tip.hash) return blocks;
  const below = blocks.filter((block) => block.height < tip.height);
  return [tip, ...below].slice(0, HISTORY);
}

/**
 * History replaces all that is known but the blocks that came while it was on
 * its way; these stay if they are of the same chain.
 *
 * @param {Chain["blocks"]} blocks
 * @param {Block[]} history oldest first
 */
function withHistory(blocks, history) {
  const top = history.at(-1);
  if (top === undefined) return blocks;
  const later = blocks.filter((block) => block.height > top.height);
  const kept = later.at(-1)?.prev === top.hash ? later : [];
  return [...kept, ...history.toReversed()].slice(0, HISTORY);
}

/**
 * @param {Block} last
 * @param {{gap: number, at: number}} payload
 * @returns {Gap}
 */
const gapOf = ({ hash }, { gap, at }) => ({
  ms: gap,
  at,
  tip: hash,
  missed: null,
});

/**
 * The gap is closed when the chain is known up to a tip again.
 *
 * @param {Gap | null} gap
 * @param {Chain["blocks"]} blocks
 */
function closed(gap, blocks) {
  if (gap === null || gap.missed !== null) return gap;
  const known = blocks.findIndex(({ hash }) => hash === gap.tip);
  // Or it is another chain, and all of it is new.
  return { ...gap, missed: known < 0 ? blocks.length : known };
}

/**
 * @param {Chain} state
 * @param {import("../store.js").Action} action
 * @returns {Chain}
 */
function reducer(state = initial, { type, payload }) {
  /** @param {Chain["blocks"]} blocks @param {{gap: Gap | null}} more @returns {Chain} */
  const heard = (blocks, { gap } = state) => ({
    blocks,
    heardAt: payload.at,
    health: "well",
    fault: "",
    gap,
  });
  switch (type) {
    case "CHAIN_TIP": {
      const blocks = withTip(state.blocks, payload.tip);
      // The blocks below a new one are still to come.
      return blocks === state.blocks
        ? heard(blocks, { gap: closed(state.gap, blocks) })
        : heard(blocks);
    }
    case "CHAIN_BLOCK":
      return heard(withTip(state.blocks, { ...payload.block, at: payload.at }));
    case "CHAIN_BLOCK_GONE":
      return heard(state.blocks.filter((b) => b.hash !== payload.block.hash));
    case "CHAIN_HISTORY": {
      const blocks = withHistory(state.blocks, payload.blocks);
      return heard(blocks, { gap: closed(state.gap, blocks) });
    }
    case "CHAIN_RESUMED":
      return state.blocks.length === 0
        ? state
        : { ...state, gap: gapOf(state.blocks[0], payload) };
    case "CHAIN_FAULT":
      return { ...state, health: "ill", fault: payload.message };
    case "CHAIN_UNWATCHED":
      return { ...state, health: "unknown", fault: "", gap: null };
    default:
      return state;
  }
}

export const pluginReducers = { chain: reducer };
