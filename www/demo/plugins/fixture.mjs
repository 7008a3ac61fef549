// What the plugins' tests share: a store of real plugins over a socket
// middleware that only takes notes, and chain entries as hsd writes them.

import * as chain from "./chain.js";
import * as connection from "./connection.js";
import * as log from "./log.js";
import * as wallet from "./wallet.js";
import { makeStore, panelActions } from "../store.js";

const SOCKET_ACTIONS = new Set([
  "CONNECT_SOCKET",
  "DISCONNECT_SOCKET",
  "EMIT_SOCKET",
]);

/** In the page, the package does it. */
const withoutKey = (/** @type {any} */ action) =>
  action.bsock?.apiKey
    ? { ...action, bsock: { ...action.bsock, apiKey: "gone" } }
    : action;

/** The page's store, and what its socket middleware was given. */
export function fixture() {
  const logged = { ...log, middleware: log.logging(withoutKey) };
  const plugins = [logged, connection, chain, wallet];
  /** @type {any[]} */
  const emitted = [];
  /** @type {any[]} */
  const listeners = [];
  /** What the next dispatch with an acknowledge comes to: see answer and refuse. */
  const socket = (/** @type {any} */ options) => {
    listeners.push(...options.listeners);
    return () => (/** @type {any} */ next) => (/** @type {any} */ action) => {
      if (!action.bsock || !SOCKET_ACTIONS.has(action.type))
        return next(action);
      return new Promise((resolve, reject) =>
        emitted.push({ ...action, resolve, reject }),
      );
    };
  };
  const store = makeStore(plugins, socket);
  const dispatch = /** @type {any} */ (store.dispatch);
  const take = (/** @type {string} */ message) => {
    const at = emitted.findIndex(({ bsock }) => bsock.message === message);
    if (at < 0) throw new Error(`nothing was emitted as ${message}`);
    return emitted.splice(at, 1)[0];
  };
  return {
    dispatch,
    state: /** @type {() => any} */ (store.getState),
    panel: panelActions(plugins, dispatch),
    listeners,
    emitted,
    /** Acknowledges the oldest open dispatch of a message. */
    answer(/** @type {string} */ message, /** @type {unknown} */ result) {
      const { bsock, resolve } = take(message);
      bsock.acknowledge(result);
      resolve(result);
    },
    /** Rejects it. */
    async refuse(/** @type {string} */ message, /** @type {string} */ reason) {
      take(message).reject(new Error(reason));
      await new Promise(setImmediate);
    },
  };
}

/** @param {number} n */
const hashOf = (n) => Buffer.alloc(32, n);

/**
 * @param {number} height also fills the hash
 * @param {{time?: number, prev?: number}} [options]
 * @returns {Uint8Array}
 */
export function entry(height, { time = height * 5, prev = height - 1 } = {}) {
  const raw = Buffer.alloc(304);
  hashOf(height).copy(raw, 0);
  raw.writeUInt32LE(height, 32);
  raw.writeBigUInt64LE(BigInt(time), 40);
  hashOf(prev).copy(raw, 48);
  return new Uint8Array(raw);
}

/** @param {any} state @returns {number[]} */
export const heights = (state) =>
  state.chain.blocks.map((/** @type {any} */ block) => block.height);
