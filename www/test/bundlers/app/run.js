// @ts-check
//
// What every application here does: it has a store of its own, connects to the
// port in its address, or to where it came from, and keeps what it is told.

/**
 * @param {(options: any) => any} bsockMiddleware
 * @param {object} [options] more of them
 */
export function run(bsockMiddleware, options) {
  const log = [];
  const listeners = [{ event: "block connect", actionType: "BLOCK" }];
  const store = {
    getState: () => ({}),
    dispatch: (action) => handle(action),
  };
  const handle = bsockMiddleware({ listeners, ...options })(store)((action) =>
    log.push(action),
  );
  const port = Number(location.search.slice(1) || location.port);
  handle({ type: "CONNECT_SOCKET", bsock: { host: "127.0.0.1", port } });
  const app = { log, dispatch: store.dispatch };
  /** @type {any} */ (window).app = app;
  return app;
}
