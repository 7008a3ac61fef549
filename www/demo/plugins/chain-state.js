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
 */

/** How many blocks are kept, and asked for at first. */
export const HISTORY = 60;

/** @type {Chain} */
const initial = { blocks: [], heardAt: 0, health: "unknown", fault: "" };

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
 * @param {Chain} state
 * @param {import("../store.js").Action} action
 * @returns {Chain}
 */
function reducer(state = initial, { type, payload }) {
  /** @param {Chain["blocks"]} blocks @returns {Chain} */
  const heard = (blocks) => ({
    blocks,
    heardAt: payload.at,
    health: "well",
    fault: "",
  });
  switch (type) {
    case "CHAIN_TIP":
      return heard(withTip(state.blocks, payload.tip));
    case "CHAIN_BLOCK":
      return heard(withTip(state.blocks, { ...payload.block, at: payload.at }));
    case "CHAIN_BLOCK_GONE":
      return heard(state.blocks.filter((b) => b.hash !== payload.block.hash));
    case "CHAIN_HISTORY":
      return heard(withHistory(state.blocks, payload.blocks));
    case "CHAIN_FAULT":
      return { ...state, health: "ill", fault: payload.message };
    case "CHAIN_UNWATCHED":
      return { ...state, health: "unknown", fault: "" };
    default:
      return state;
  }
}

export const pluginReducers = { chain: reducer };
