// @ts-check
//
// An application put together as bPanel puts itself together: plugins are
// loaded and have added to `listeners` before there is a store; the chain is
// error catcher, thunk, plugins, effects, sockets; the reducer persists. It
// stands on the Redux of its time, which scripts have laid into the page.
//
// bPanel: webapp/store/index.js, webapp/plugins/plugins.js

const { Redux, ReduxThunk, ReduxPersist } = /** @type {any} */ (globalThis);

/** @typedef {{type: string, payload?: any, effect?: () => void}} Action */
/** @typedef {{listeners: {event: string, actionType: string, ack?: any}[]}} Sockets */

/**
 * @typedef {object} Plugin
 * @property {(sockets: Sockets) => Sockets} [addSocketConstants]
 * @property {(store: any) => (next: any) => (action: any) => unknown} [middleware]
 * @property {Record<string, (state: any, action: Action) => any>} [reducers]
 */

/**
 * The middleware of all plugins, as one. What they return is lost in it.
 *
 * @param {Plugin[]} plugins
 */
function pluginMiddleware(plugins) {
  const all = plugins.flatMap(({ middleware }) => middleware ?? []);
  return (/** @type {any} */ store) =>
    (/** @type {any} */ next) =>
    (/** @type {any} */ action) => {
      const pass =
        (/** @type {any[]} */ remaining) => (/** @type {any} */ passed) =>
          remaining.length
            ? remaining[0](store)(pass(remaining.slice(1)))(passed)
            : next(passed);
      pass(all)(action);
    };
}

/** Runs what an action brings along, once it has been reduced. */
const effects =
  () => (/** @type {any} */ next) => (/** @type {any} */ action) => {
    const result = next(action);
    action.effect?.();
    return result;
  };

/**
 * @param {unknown[]} caught what the application threw at a dispatch
 */
const errorCatcher =
  (caught) =>
  () =>
  (/** @type {any} */ next) =>
  (/** @type {any} */ action) => {
    try {
      return next(action);
    } catch (error) {
      caught.push(error);
      return error;
    }
  };

/** What redux-persist/lib/storage is in a page. */
const storage = {
  getItem: async (/** @type {string} */ key) => localStorage.getItem(key),
  setItem: async (/** @type {string} */ key, /** @type {string} */ value) =>
    localStorage.setItem(key, value),
  removeItem: async (/** @type {string} */ key) => localStorage.removeItem(key),
};

/** A Panel is the application: a store, what it has seen, and what it threw. */
export class Panel {
  /** @type {Action[]} every action that reached the reducer */
  log = [];
  /** @type {unknown[]} */
  caught = [];

  /**
   * @param {(options: any) => any} bsockMiddleware
   * @param {Plugin[]} plugins
   */
  constructor(bsockMiddleware, plugins) {
    const { listeners } = plugins.reduce(
      (sockets, { addSocketConstants }) =>
        addSocketConstants?.(sockets) ?? sockets,
      /** @type {Sockets} */ ({ listeners: [] }),
    );
    this.store = Redux.createStore(
      this.#reducer(plugins),
      Redux.applyMiddleware(
        errorCatcher(this.caught),
        ReduxThunk.default,
        pluginMiddleware(plugins),
        effects,
        bsockMiddleware({ debug: false, listeners }),
      ),
    );
    this.dispatch = this.store.dispatch;
    this.persistor = ReduxPersist.persistStore(this.store);
  }

  /** @param {Plugin[]} plugins */
  #reducer(plugins) {
    const { persistReducer } = ReduxPersist;
    const reducers = Object.assign(
      {},
      ...plugins.map(({ reducers }) => reducers),
    );
    const root = Redux.combineReducers({
      log: (count = 0, /** @type {Action} */ action) => {
        this.log.push(action);
        return count + 1;
      },
      plugins: persistReducer(
        { key: "plugins", storage, whitelist: Object.keys(reducers) },
        Redux.combineReducers(reducers),
      ),
    });
    return persistReducer({ key: "root", storage, whitelist: [] }, root);
  }

  // bPanel: webapp/store/actions/socketActions.js, clientActions.js

  /** @param {{host: string, port: number, namespace: string}} client */
  connectSocket(client) {
    this.dispatch((/** @type {any} */ dispatch) => {
      dispatch({ type: "CONNECT_SOCKET", bsock: client });
    });
  }

  /** @param {{host: string, port: number, namespace: string}} client */
  resetClient(client) {
    this.dispatch((/** @type {any} */ dispatch) => {
      dispatch({ type: "DISCONNECT_SOCKET", bsock: {} });
      this.connectSocket(client);
      dispatch({ type: "STATE_REFRESHED" });
    });
  }

  /** @param {string} type */
  seen(type) {
    return this.log.filter((action) => action.type === type);
  }

  /**
   * @param {string} type
   * @param {number} [count]
   */
  async until(type, count = 1) {
    for (let i = 0; i < 1000; i++) {
      if (this.seen(type).length >= count) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const types = this.log.map((action) => action.type).join(" ");
    throw new Error(`${type} did not come ${count} times: ${types}`);
  }
}
