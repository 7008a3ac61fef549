// @ts-check
//
// The application whose start is measured: a store, and a connection at once.
// It is built three times, around each of three middlewares.

import { applyMiddleware, legacy_createStore as createStore } from "redux";

/**
 * Has a store connect, and tells the bench of it.
 *
 * @param {(options: any) => any} bsockMiddleware
 */
export function start(bsockMiddleware) {
  const port = Number(location.port);
  const reducer = (
    /** @type {string} */ _state = "",
    /** @type {{type: string}} */ { type },
  ) => {
    if (type === "SOCKET_CONNECTED") tell();
    return type;
  };
  const listeners = [{ event: "new block", actionType: "NEW_BLOCK" }];
  const store = createStore(
    reducer,
    applyMiddleware(bsockMiddleware({ listeners })),
  );
  const bsock = { host: "127.0.0.1", port };
  store.dispatch(/** @type {any} */ ({ type: "CONNECT_SOCKET", bsock }));
}

/** The mark is for the trace, `tell` for whoever waits. */
function tell() {
  performance.mark("SOCKET_CONNECTED");
  /** @type {any} */ (globalThis).tell?.("");
}
