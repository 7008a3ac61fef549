// @ts-check
//
// Plugins as bPanel's page about sockets has them written. One of them is
// asynchronous, as the example there is.

/** @typedef {import("./bpanel.mjs").Plugin} Plugin */

/** @type {Plugin} */
export const chain = {
  addSocketConstants: (sockets = { listeners: [] }) => {
    sockets.listeners.push({ event: "new block", actionType: "ADD_NEW_BLOCK" });
    return sockets;
  },
  middleware:
    ({ dispatch }) =>
    (next) =>
    async (action) => {
      if (action.type === "SOCKET_CONNECTED") {
        dispatch({
          type: "EMIT_SOCKET",
          bsock: { type: "broadcast", message: "watch chain" },
        });
        dispatch({
          type: "EMIT_SOCKET",
          bsock: {
            type: "subscribe",
            message: "block connect",
            responseEvent: "new block",
          },
        });
      }
      next(action);
    },
  reducers: {
    height: (height = 0, { type, payload }) =>
      type === "ADD_NEW_BLOCK" ? payload[1] : height,
  },
};

/** @type {Plugin} */
export const wallet = {
  addSocketConstants: (sockets = { listeners: [] }) =>
    Object.assign(sockets, {
      listeners: [
        ...sockets.listeners,
        { event: "wallet tx", actionType: "WALLET_TX" },
        { event: "block rescan", actionType: "RESCAN", ack: "yes" },
      ],
    }),
  middleware:
    ({ dispatch }) =>
    (next) =>
    (action) => {
      if (action.type === "SOCKET_CONNECTED") dispatch(joinWallet("primary"));
      return next(action);
    },
  reducers: {
    wallets: (wallets = [], { type, payload }) =>
      type === "WALLET_JOINED" ? [...wallets, payload] : wallets,
  },
};

/** @param {string} id */
const joinWallet = (id) => (/** @type {any} */ dispatch) =>
  dispatch({
    type: "EMIT_SOCKET",
    bsock: {
      type: "dispatch",
      message: "wallet join",
      id,
      acknowledge: () => dispatch({ type: "WALLET_JOINED", payload: id }),
    },
  });

/** @type {Plugin} */
export const thrower = {
  middleware: () => (next) => (action) => {
    if (action.type === "THROW") throw new Error("of a plugin");
    return next(action);
  },
  reducers: {
    fragile: (state = null, { type }) => {
      if (type === "THROW_IN_REDUCER") throw new Error("of a reducer");
      return state;
    },
  },
};
