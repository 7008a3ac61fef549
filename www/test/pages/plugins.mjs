// @ts-check
//
// Plugins as an application writes them: constants for the listeners, action
// creators, a middleware that subscribes once the socket is connected, and a
// reducer. What they hand on is what they were given, so that a test can see it.

const EMIT_SOCKET = "EMIT_SOCKET";

/** @typedef {{type: string, payload?: any}} Action */
/** @typedef {(action: any) => any} Dispatch */
/** @typedef {{listeners: {event: string, actionType: string, ack?: any}[]}} Sockets */

/**
 * @typedef {object} Plugin
 * @property {(sockets: Sockets) => void} [addSocketConstants]
 * @property {(store: any) => (next: Dispatch) => (action: any) => any} [middleware]
 * @property {Record<string, (...args: any[]) => any>} [actions]
 */

const watchChain = () => ({
  type: EMIT_SOCKET,
  bsock: { type: "broadcast", message: "watch chain" },
});

const subscribeBlockConnect = () => ({
  type: EMIT_SOCKET,
  bsock: {
    type: "subscribe",
    message: "block connect",
    responseEvent: "new block",
  },
});

/** @type {Plugin} */
export const chain = {
  addSocketConstants: (sockets = { listeners: [] }) => {
    sockets.listeners.push({ event: "new block", actionType: "ADD_NEW_BLOCK" });
  },
  middleware:
    ({ dispatch }) =>
    (next) =>
    (action) => {
      if (action.type === "SOCKET_CONNECTED") {
        dispatch(watchChain());
        dispatch(subscribeBlockConnect());
      }
      return next(action);
    },
  actions: {
    getTip: (acknowledge) => ({
      type: EMIT_SOCKET,
      bsock: { type: "dispatch", message: "get tip", acknowledge },
    }),
    unsubscribeBlockConnect: () => ({
      type: EMIT_SOCKET,
      bsock: {
        type: "unsubscribe",
        message: "block connect",
        responseEvent: "new block",
      },
    }),
  },
};

/** @param {string} message */
const walletDispatch =
  (message) =>
  (/** @type {string} */ id) =>
  (/** @type {Dispatch} */ dispatch) =>
    dispatch({
      type: EMIT_SOCKET,
      bsock: {
        type: "dispatch",
        message,
        id,
        acknowledge: () =>
          dispatch({ type: message.toUpperCase(), payload: { id } }),
      },
    });

/** @type {Plugin} */
export const wallet = {
  addSocketConstants: (sockets = { listeners: [] }) => {
    sockets.listeners.push({ event: "wallet tx", actionType: "WALLET_TX" });
  },
  middleware:
    ({ dispatch }) =>
    (next) =>
    (action) => {
      if (action.type === "SOCKET_CONNECTED")
        dispatch({
          type: EMIT_SOCKET,
          bsock: {
            type: "subscribe",
            message: "wallet tx",
            responseEvent: "wallet tx",
          },
        });
      return next(action);
    },
  actions: {
    joinWallet: walletDispatch("wallet join"),
    leaveWallet: walletDispatch("wallet leave"),
  },
};
