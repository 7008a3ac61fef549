// @ts-check
// The wallet plugin: joins and leaves a wallet, and keeps what it hears of it.
//
// A node's wallet sends changes only: no history, and no balance before the
// first change.

import { pluginReducers } from "./wallet-state.js";

export { pluginReducers };

export const metadata = {
  name: "wallet",
  author: "bsock-wasm",
  description: "A wallet to join and leave, with its transactions and balance",
  version: "1.0.0",
};

// What the listeners dispatch, by event.
const EVENTS = {
  "wallet tx": "WALLET_TX",
  "wallet confirmed": "WALLET_TX",
  "wallet unconfirmed": "WALLET_TX",
  "wallet conflict": "WALLET_CONFLICT",
  "wallet balance": "WALLET_BALANCE",
};

export const addSocketConstants = (
  /** @type {import("../store.js").Sockets} */ sockets = { listeners: [] },
) => {
  for (const [event, actionType] of Object.entries(EVENTS))
    sockets.listeners.push({ event, actionType });
};

/** @param {string} event heard as what it is called */
const subscribe = (event) => ({
  type: "EMIT_SOCKET",
  bsock: { type: "subscribe", message: event, responseEvent: event },
});

/** @param {unknown} error */
const failed = (error) => ({
  type: "WALLET_FAILED",
  payload: { message: error instanceof Error ? error.message : String(error) },
});

/**
 * Makes a request about one wallet.
 *
 * @param {"wallet join" | "wallet leave"} message
 * @param {string} asking the action that says so
 * @param {string} done the action for its acknowledgement
 */
const request =
  (message, asking, done) =>
  (/** @type {string} */ id) =>
  (/** @type {any} */ dispatch) => {
    dispatch({ type: asking, payload: { id } });
    const answer = dispatch({
      type: "EMIT_SOCKET",
      bsock: {
        type: "dispatch",
        message,
        id,
        acknowledge: () => dispatch({ type: done, payload: { id } }),
      },
    });
    return Promise.resolve(answer).catch((error) => dispatch(failed(error)));
  };

const joinWallet = request("wallet join", "WALLET_JOINING", "WALLET_JOINED");
const leaveWallet = request("wallet leave", "WALLET_LEAVING", "WALLET_LEFT");

/** @type {import("redux").Middleware} */
export const middleware =
  ({ dispatch, getState }) =>
  (next) =>
  (action) => {
    if (
      /** @type {import("../store.js").Action} */ (action).type ===
      "SOCKET_CONNECTED"
    ) {
      for (const event of Object.keys(EVENTS)) dispatch(subscribe(event));
      const { id, membership } = getState().wallet;
      // What was asked for meanwhile has waited, and goes out by itself.
      if (id !== "" && membership !== "joining")
        /** @type {any} */ (dispatch)(joinWallet(id));
    }
    return next(action);
  };

export const mapComponentDispatch = {
  Panel: (/** @type {any} */ dispatch, /** @type {object} */ map) =>
    Object.assign(map, {
      joinWallet: (/** @type {string} */ id) => dispatch(joinWallet(id)),
      leaveWallet: (/** @type {string} */ id) => dispatch(leaveWallet(id)),
    }),
};
