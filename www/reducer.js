// @ts-check

// The state of each socket, for a store that wants to show it: made of
// SOCKET_STATUS, SOCKET_ERROR and SOCKET_CONNECTED, and of nothing else.

import { DEFAULT_SOCKET } from "../jsbridge/page.js";

/** @typedef {import("bsock-wasm").SocketState} SocketState */
/** @typedef {import("bsock-wasm").SocketsState} SocketsState */
/** @typedef {{type: unknown, payload?: any, meta?: any}} Action */

/** @type {SocketState} */
const NEVER = Object.freeze({
  status: "disconnected",
  since: 0,
  attempt: 0,
  retryAt: 0,
  error: null,
  latency: null,
  queued: 0,
});

/** @type {SocketsState} */
const INITIAL = Object.freeze({ [DEFAULT_SOCKET]: NEVER });

/**
 * What is known of a socket; of one that was never heard of, that it is
 * disconnected.
 *
 * @param {SocketsState} sockets
 * @param {string} [socket]
 * @returns {SocketState}
 */
export function selectSocket(sockets, socket = DEFAULT_SOCKET) {
  // A socket may have any name, such as one that every object has.
  return Object.prototype.hasOwnProperty.call(sockets, socket)
    ? sockets[socket]
    : NEVER;
}

/**
 * A reducer for the sockets' state, by their names.
 *
 * @param {SocketsState | undefined} sockets
 * @param {Action} action
 * @returns {SocketsState}
 */
export function socketReducer(sockets = INITIAL, { type, payload, meta }) {
  switch (type) {
    case "SOCKET_STATUS":
      return changed(sockets, meta, payload);
    case "SOCKET_ERROR":
      return changed(sockets, meta, { error: plain(payload) });
    case "SOCKET_CONNECTED":
      return changed(sockets, meta, { error: null });
  }
  return sockets;
}

/**
 * @param {SocketsState} sockets
 * @param {any} meta of the action
 * @param {Partial<SocketState>} fields
 * @returns {SocketsState}
 */
function changed(sockets, meta, fields) {
  const name = meta?.socket ?? DEFAULT_SOCKET;
  const socket = selectSocket(sockets, name);
  const news = /** @type {(keyof SocketState)[]} */ (Object.keys(fields)).some(
    (key) => fields[key] !== socket[key],
  );
  return news ? { ...sockets, [name]: { ...socket, ...fields } } : sockets;
}

/**
 * An error without what a store must not hold. Others may dispatch an action of
 * that type too, with whatever payload.
 *
 * @param {any} error
 * @returns {SocketState["error"]}
 */
function plain(error) {
  const { name = "Error", message = "", code } = error ?? {};
  return code === undefined ? { name, message } : { name, message, code };
}
