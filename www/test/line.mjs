// @ts-check
//
// The built package in Node, over a WebSocket that is the test's: what it sends
// is kept, what it hears is said. For what a page does from inside an action,
// where a real server would only add waiting.

const hello =
  '0{"sid":"0","upgrades":[],"pingInterval":25000,"pingTimeout":60000}';

/** A Line is the WebSocket of the page, as the test sees it. */
export class Line {
  /** @type {Line[]} all that were made since `forget`, closed ones too */
  static made = [];

  readyState = 0;
  /** @type {(string | Uint8Array)[]} */
  sent = [];
  /** @type {any} */ onopen = null;
  /** @type {any} */ onmessage = null;
  /** @type {any} */ onclose = null;

  /** @param {string} url */
  constructor(url) {
    this.url = url;
    Line.made.push(this);
  }

  /** The one that is open, of which there must be just one. */
  static get only() {
    const open = Line.made.filter(({ readyState }) => readyState < 2);
    if (open.length !== 1) throw new Error(`${open.length} lines are open`);
    return open[0];
  }

  /** @param {string | Uint8Array} message */
  send(message) {
    this.sent.push(message);
  }

  close() {
    this.readyState = 3;
  }

  /** @param {...(string | number[])} messages texts, or bytes */
  say(...messages) {
    for (const message of messages)
      this.onmessage?.({
        data:
          typeof message === "string"
            ? message
            : Uint8Array.from(message).buffer,
      });
  }

  /** Opens, and acknowledges whatever key comes. */
  open() {
    this.readyState = 1;
    this.onopen({});
    this.say(hello, "40", "430[null]");
    return this;
  }

  /** What was sent since the last time. */
  take() {
    return this.sent.splice(0);
  }
}

Object.assign(globalThis, { WebSocket: Line });

/** @type {{end(): void}[]} */
const stores = [];

/** Disconnects all sockets, so that no timer keeps the test from ending. */
export function end() {
  for (const store of stores.splice(0)) store.end();
  Line.made = [];
}

/** What only says how a socket stands, and comes beside what happens to it. */
const standing = new Set([
  "SOCKET_STATUS",
  "SOCKET_CONNECTING",
  "SOCKET_RECONNECTING",
  "SOCKET_FAILED",
]);

/**
 * The types of actions, but of those that only say how a socket stands.
 *
 * @param {{type: string}[]} actions
 */
export function newsOf(actions) {
  return actions.map(({ type }) => type).filter((type) => !standing.has(type));
}

/**
 * A store without Redux: every action goes through the middleware, then to
 * `log`, then to `react`.
 *
 * @param {(options?: any) => any} bsockMiddleware
 * @param {any} [options]
 */
export function makeStore(bsockMiddleware, options) {
  /** @type {any[]} */
  const log = [];
  /** @type {Set<string>} */
  const named = new Set();
  const store = {
    log,
    /** @type {(action: any) => void} */
    react: () => {},
    dispatch: (/** @type {any} */ action) => {
      if (action.type === "CONNECT_SOCKET" && action.meta)
        named.add(action.meta.socket);
      return handle(action);
    },
    getState: () => ({}),
    types: () => newsOf(log),
    errors: () =>
      log
        .filter(({ type }) => type === "SOCKET_ERROR")
        .map(({ payload }) => payload),
    connect: (/** @type {any} */ bsock = undefined) =>
      store.dispatch({ type: "CONNECT_SOCKET", bsock: { port: 1, ...bsock } }),
    disconnect: (/** @type {any} */ meta = undefined) =>
      store.dispatch({ type: "DISCONNECT_SOCKET", bsock: {}, meta }),
    end: () => {
      store.disconnect();
      for (const socket of named) store.disconnect({ socket });
    },
    emit: (/** @type {any} */ bsock, /** @type {any} */ meta = undefined) =>
      store.dispatch({
        type: "EMIT_SOCKET",
        bsock: { type: "broadcast", message: "m", ...bsock },
        meta,
      }),
  };
  const handle = bsockMiddleware(options)(store)(
    (/** @type {any} */ action) => {
      log.push(action);
      store.react(action);
      return action;
    },
  );
  stores.push(store);
  return store;
}
