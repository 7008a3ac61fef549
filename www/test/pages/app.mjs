// @ts-check
//
// An application around the middleware: a store with redux-thunk and plugins,
// and a log of every action that reached the reducer. A page makes one App and
// puts it where the test can reach it.

import { applyMiddleware, legacy_createStore as createStore } from "redux";
import { thunk } from "redux-thunk";

/** @typedef {import("./plugins.mjs").Plugin} Plugin */
/** @typedef {(options: any) => any} Factory */

/** An App is a store and what came of it. */
export class App {
  /** @type {any[]} every action that reached the reducer */
  log = [];
  /** @type {Record<string, any>} where a test puts down what it wants to see */
  notes = {};
  /** @type {Set<() => void>} */
  #waiting = new Set();

  /**
   * @param {Factory} bsockMiddleware
   * @param {Plugin[]} plugins
   * @param {object} [options] more of the middleware's options
   */
  constructor(bsockMiddleware, plugins, options) {
    /** @type {import("./plugins.mjs").Sockets} */
    const sockets = { listeners: [] };
    for (const plugin of plugins) plugin.addSocketConstants?.(sockets);
    const own = plugins.flatMap(({ middleware }) => middleware ?? []);
    this.listeners = sockets.listeners;
    this.store = createStore(
      (/** @type {any} */ state, /** @type {any} */ action) =>
        this.#reduce(state, action),
      applyMiddleware(
        thunk,
        ...own,
        bsockMiddleware({ ...sockets, ...options }),
      ),
    );
    this.actions = Object.assign({}, ...plugins.map(({ actions }) => actions));
    this.dispatch = /** @type {any} */ (this.store.dispatch);
  }

  /**
   * @param {Record<string, number>} counts how many of each type came
   * @param {{type: string}} action
   */
  #reduce(counts = {}, action) {
    this.log.push(action);
    queueMicrotask(() => this.#wake());
    return { ...counts, [action.type]: (counts[action.type] ?? 0) + 1 };
  }

  #wake() {
    for (const wake of [...this.#waiting]) wake();
  }

  /** @param {object} where the fields of `bsock` in CONNECT_SOCKET */
  connect(where) {
    return this.dispatch({ type: "CONNECT_SOCKET", bsock: where });
  }

  /**
   * @param {object} bsock
   * @param {object} [meta]
   */
  emit(bsock, meta) {
    return this.dispatch({ type: "EMIT_SOCKET", bsock, meta });
  }

  /** @param {string} type */
  seen(type) {
    return this.log.filter((action) => action.type === type);
  }

  /**
   * Waits until there are so many actions of a type; returns the last of them.
   *
   * @param {string} type
   * @param {number} [count]
   * @param {number} [patience] in milliseconds
   */
  async until(type, count = 1, patience = 20_000) {
    const giveUp = performance.now() + patience;
    while (this.seen(type).length < count) {
      if (performance.now() > giveUp)
        throw new Error(this.#missing(type, count));
      await this.#change(100);
    }
    return this.seen(type)[count - 1];
  }

  /**
   * @param {string} type
   * @param {number} count
   */
  #missing(type, count) {
    const errors = this.seen("SOCKET_ERROR").map(({ payload }) =>
      String(payload),
    );
    const counts = JSON.stringify(this.store.getState());
    return `${type} did not come ${count} times: ${counts} ${errors.join("; ")}`;
  }

  /** @param {number} limit */
  #change(limit) {
    const { promise, resolve } = promised();
    const timer = setTimeout(resolve, limit);
    this.#waiting.add(resolve);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(resolve);
    });
  }
}

function promised() {
  /** @type {() => void} */
  let resolve = () => {};
  /** @type {Promise<void>} */
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** @param {number} ms */
export function pause(ms) {
  const { promise, resolve } = promised();
  setTimeout(resolve, ms);
  return promise;
}

/**
 * What a test can be told of a value: errors and bytes have no JSON.
 *
 * @param {any} value
 * @returns {any}
 */
export function plain(value) {
  if (value instanceof Error)
    return { ...value, name: value.name, message: value.message };
  if (value instanceof Uint8Array)
    return { kind: value.constructor.name, hex: hex(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [key, plain(v)]),
  );
}

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/**
 * Reads what hsd puts into `block connect` and `get tip`.
 *
 * hsd: lib/blockchain/chainentry.js read
 *
 * @param {Uint8Array} raw
 */
export function readEntry(raw) {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return {
    size: raw.length,
    hash: hex(raw.subarray(0, 32)),
    height: view.getUint32(32, true),
    time: Number(view.getBigUint64(40, true)),
    prevBlock: hex(raw.subarray(48, 80)),
  };
}
