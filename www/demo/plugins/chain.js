// @ts-check
// The chain plugin: follows the node's chain, and notices when the node falls
// silent behind a server that still answers.

import { decodeEntry } from "../decode.js";
import { HISTORY } from "./chain-state.js";

export { pluginReducers } from "./chain-state.js";

export const metadata = {
  name: "chain",
  author: "bsock-wasm",
  description: "The chain's height and its last blocks as they arrive",
  version: "1.0.0",
};

/** After this long without a word the node is asked for one. */
const QUIET_MS = 15_000;

/** How long it has to answer. */
const ANSWER_MS = 5_000;

// What the listeners dispatch.
const NEW_BLOCK = "NEW_BLOCK";
const BLOCK_GONE = "BLOCK_GONE";
const CHAIN_RESET = "CHAIN_RESET";

/** @typedef {import("../decode.js").Block} Block */
/** @typedef {import("../store.js").Action} Action */

export const addSocketConstants = (
  /** @type {import("../store.js").Sockets} */ sockets = { listeners: [] },
) => {
  sockets.listeners.push(
    { event: "new block", actionType: NEW_BLOCK },
    { event: "block gone", actionType: BLOCK_GONE },
    { event: "chain reset", actionType: CHAIN_RESET },
  );
};

/**
 * @param {string} type
 * @param {object} [payload]
 */
const news = (type, payload) => ({
  type,
  payload: { ...payload, at: Date.now() },
});

/** @param {unknown} error */
const fault = (error) =>
  news("CHAIN_FAULT", {
    message: error instanceof Error ? error.message : String(error),
  });

/**
 * @param {string} message an event of the node
 * @param {string} responseEvent what we shall hear it as
 */
const subscribe = (message, responseEvent) => ({
  type: "EMIT_SOCKET",
  bsock: { type: "subscribe", message, responseEvent },
});

const watchChain = () => ({
  type: "EMIT_SOCKET",
  bsock: { type: "dispatch", message: "watch chain", acknowledge: () => {} },
});

/**
 * Hands on what decodes, and reports what does not.
 *
 * @param {any} dispatch
 * @param {unknown} raw
 * @param {(block: Block) => void} use
 */
function decoded(dispatch, raw, use) {
  let block;
  try {
    block = decodeEntry(raw);
  } catch (error) {
    dispatch(fault(error));
    return;
  }
  use(block);
}

/**
 * Asks for the tip, and for the blocks below it where they are not known. The
 * answer is also the node's sign of life.
 */
const getTip = () => (/** @type {any} */ dispatch, /** @type {any} */ get) => {
  const acknowledge = (/** @type {unknown} */ raw) =>
    decoded(dispatch, raw, (tip) => {
      const known = get().chain.blocks[0];
      dispatch(news("CHAIN_TIP", { tip }));
      if (known?.hash !== tip.hash) dispatch(getEntries(tip.height));
    });
  const answer = dispatch({
    type: "EMIT_SOCKET",
    bsock: { type: "dispatch", message: "get tip", acknowledge },
    meta: { timeout: ANSWER_MS },
  });
  return Promise.resolve(answer).catch((error) => dispatch(fault(error)));
};

/** @param {number} height of the last block wanted */
const getEntries = (height) => (/** @type {any} */ dispatch) => {
  const acknowledge = (/** @type {unknown[]} */ raws) => {
    /** @type {Block[]} */
    const blocks = [];
    for (const raw of raws) decoded(dispatch, raw, (b) => blocks.push(b));
    dispatch(news("CHAIN_HISTORY", { blocks }));
  };
  const answer = dispatch({
    type: "EMIT_SOCKET",
    bsock: {
      type: "dispatch",
      message: "get entries",
      start: Math.max(0, height - HISTORY + 1),
      end: height,
      acknowledge,
    },
  });
  // Not every node lists past blocks. Then the list fills as blocks arrive;
  // that the call failed is in the log, as the SOCKET_ERROR it also was.
  return Promise.resolve(answer).catch(() => {});
};

/** @type {import("redux").Middleware} */
export const middleware = ({ dispatch: send, getState }) => {
  const dispatch = /** @type {any} */ (send); // takes thunks
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;

  /** Whether the connection was lost, so that SOCKET_RESUMED is to come. */
  let lost = false;

  // The middleware remembers what is subscribed to, and asks for it again by
  // itself: what is repeated here is not sent twice.
  const follow = () => {
    dispatch(subscribe("block connect", "new block"));
    dispatch(subscribe("block disconnect", "block gone"));
    dispatch(subscribe("chain reset", "chain reset"));
    dispatch(watchChain());
    if (!lost) dispatch(getTip());
    clearInterval(timer);
    timer = setInterval(() => {
      if (Date.now() - getState().chain.heardAt >= QUIET_MS) dispatch(getTip());
    }, QUIET_MS / 3);
  };

  const unfollow = () => {
    clearInterval(timer);
    dispatch(news("CHAIN_UNWATCHED"));
  };

  // What was said meanwhile, nobody has heard: the tip tells what is missing.
  const resume = (/** @type {number} */ gap) => {
    lost = false;
    dispatch(news("CHAIN_RESUMED", { gap }));
    dispatch(getTip());
  };

  const connect = (/** @type {Block} */ block) => {
    const known = getState().chain.blocks[0];
    dispatch(news("CHAIN_BLOCK", { block }));
    if (known?.hash !== block.prev) dispatch(getEntries(block.height));
  };

  const reset = (/** @type {Block} */ tip) => {
    dispatch(news("CHAIN_TIP", { tip }));
    dispatch(getEntries(tip.height));
  };

  return (next) => (unknown) => {
    const { type, payload } = /** @type {Action} */ (unknown);
    switch (type) {
      case "CONNECT_SOCKET": // perhaps to another chain
        lost = false;
        break;
      case "SOCKET_CONNECTED":
        follow();
        break;
      case "SOCKET_RESUMED":
        resume(payload.gap);
        break;
      case "SOCKET_CLOSED":
      case "SOCKET_DISCONNECTED":
        lost = type === "SOCKET_CLOSED" && payload.willRetry;
        unfollow();
        break;
      case NEW_BLOCK:
        decoded(dispatch, payload[0], connect);
        break;
      case BLOCK_GONE:
        decoded(dispatch, payload[0], (block) =>
          dispatch(news("CHAIN_BLOCK_GONE", { block })),
        );
        break;
      case CHAIN_RESET:
        decoded(dispatch, payload[0], reset);
        break;
    }
    return next(unknown);
  };
};
