// @ts-check

// What an application asks of the sockets' state. Each selector takes the state
// of socketReducer and the name of a socket; createSelectors makes the same for
// the state of the whole store.

import { selectSocket } from "./reducer.js";

export { selectSocket };

/** @typedef {import("bsock-wasm").SocketState} SocketState */
/** @typedef {import("bsock-wasm").SocketsState} SocketsState */

/**
 * @template {keyof SocketState} Field
 * @param {Field} field
 * @returns {(sockets: SocketsState, socket?: string) => SocketState[Field]}
 */
const field = (field) => (sockets, socket) =>
  selectSocket(sockets, socket)[field];

export const selectStatus = /* @__PURE__ */ field("status");
export const selectSince = /* @__PURE__ */ field("since");
export const selectAttempt = /* @__PURE__ */ field("attempt");
export const selectRetryAt = /* @__PURE__ */ field("retryAt");
export const selectError = /* @__PURE__ */ field("error");
export const selectLatency = /* @__PURE__ */ field("latency");
export const selectQueued = /* @__PURE__ */ field("queued");

/**
 * @param {SocketsState} sockets
 * @param {string} [socket]
 */
export function selectIsConnected(sockets, socket) {
  return selectStatus(sockets, socket) === "connected";
}

/** @type {readonly string[]} what selectSockets returned last */
let names = [];

/**
 * The sockets' names: the same array as long as they are the same, so that what
 * shows them need not be drawn again.
 *
 * @param {SocketsState} sockets
 * @returns {readonly string[]}
 */
export function selectSockets(sockets) {
  const now = Object.keys(sockets);
  if (now.length !== names.length || now.some((name, i) => name !== names[i])) {
    names = now;
  }
  return names;
}

/**
 * The selectors, for the state of the whole store.
 *
 * @template State
 * @param {(state: State) => SocketsState} slice where socketReducer's state is
 */
export function createSelectors(slice) {
  /**
   * @template Result
   * @param {(sockets: SocketsState, socket?: string) => Result} select
   * @returns {(state: State, socket?: string) => Result}
   */
  const of = (select) => (state, socket) => select(slice(state), socket);
  return {
    selectSocket: of(selectSocket),
    selectStatus: of(selectStatus),
    selectIsConnected: of(selectIsConnected),
    selectSince: of(selectSince),
    selectAttempt: of(selectAttempt),
    selectRetryAt: of(selectRetryAt),
    selectError: of(selectError),
    selectLatency: of(selectLatency),
    selectQueued: of(selectQueued),
    selectSockets: (/** @type {State} */ state) => selectSockets(slice(state)),
  };
}
