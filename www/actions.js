// @ts-check

// Action creators: plain functions that make the actions the middleware takes.
// An application may as well write the actions out; nothing here is needed.

/** @typedef {import("bsock-wasm").CallAction} CallAction */
/** @typedef {import("bsock-wasm").FireAction} FireAction */

/** What makes an emit a call where nobody waits for the answer but its promise. */
const ignore = () => {};

/**
 * Makes a CONNECT_SOCKET.
 *
 * @param {import("bsock-wasm").ConnectAction["bsock"]} where
 * @param {import("bsock-wasm").SocketMeta} [meta] which socket
 * @returns {import("bsock-wasm").ConnectAction}
 */
export function connectSocket(where, meta) {
  return ofSocket({ type: "CONNECT_SOCKET", bsock: { ...where } }, meta);
}

/**
 * Makes a DISCONNECT_SOCKET.
 *
 * @param {import("bsock-wasm").SocketMeta} [meta] which socket
 * @returns {import("bsock-wasm").DisconnectAction}
 */
export function disconnectSocket(meta) {
  return ofSocket({ type: "DISCONNECT_SOCKET", bsock: {} }, meta);
}

/**
 * Nothing else is taken over: a button's `onClick` is called with an event.
 *
 * @template {import("bsock-wasm").ConnectAction |
 *   import("bsock-wasm").DisconnectAction} Action
 * @param {Action} action
 * @param {import("bsock-wasm").SocketMeta} [meta]
 * @returns {Action}
 */
function ofSocket(action, meta) {
  return meta?.socket === undefined
    ? action
    : { ...action, meta: { socket: meta.socket } };
}

/**
 * Makes an EMIT_SOCKET of any kind: the event `type`, with `message` and all
 * other values as its arguments.
 *
 * @template {import("bsock-wasm").EmitAction["bsock"]} What
 * @template {import("bsock-wasm").EmitMeta} Meta
 * @param {What} what
 * @param {Meta} [meta]
 */
export function emit(what, meta) {
  /** @type {any} */
  const action = { type: "EMIT_SOCKET", bsock: { ...what } };
  return meta === undefined ? action : withMeta(action, meta);
}

/**
 * Makes of an action the same with more in its `meta`: which socket it is for,
 * how long it may wait, whether it is remembered.
 *
 * @template {import("bsock-wasm").SocketAction} Action
 * @template {import("bsock-wasm").EmitMeta} Meta
 * @param {Action} action
 * @param {Meta} meta
 * @returns {Action & {meta: Meta}}
 */
export function withMeta(action, meta) {
  return { ...action, meta: { ...action.meta, ...meta } };
}

/**
 * Makes an EMIT_SOCKET that sends the node an event, and expects no answer.
 *
 * @param {string} message the event for the node, such as `watch chain`
 * @param {...unknown} args
 * @returns {FireAction}
 */
export function broadcast(message, ...args) {
  return relayed("broadcast", message, args);
}

/**
 * Makes an EMIT_SOCKET that calls the node. The answer comes by the promise that
 * dispatching it returns, and goes to a function, if one is the last argument.
 *
 * @param {string} message the call, such as `wallet join`
 * @param {...unknown} args
 * @returns {CallAction}
 */
export function dispatchCall(message, ...args) {
  const last = args[args.length - 1];
  const acknowledge =
    typeof last === "function"
      ? /** @type {(result: any) => unknown} */ (args.pop())
      : ignore;
  const { type, bsock } = relayed("dispatch", message, args);
  return { type, bsock: { ...bsock, acknowledge } };
}

/**
 * Makes an EMIT_SOCKET that calls the node, and whose answer comes as an action
 * `{type: actionType, payload: answer}`. There is no function in it.
 *
 * @param {string} actionType
 * @param {string} message the call, such as `wallet join`
 * @param {...unknown} args
 * @returns {import("bsock-wasm").ActionCallAction}
 */
export function dispatchCallFor(actionType, message, ...args) {
  return { ...relayed("dispatch", message, args), meta: { ack: actionType } };
}

/**
 * Makes an EMIT_SOCKET that asks the app server to pass on an event of the node.
 * It comes under another name, which a listener must listen for.
 *
 * @param {string} message the node's event, such as `block connect`
 * @param {string} responseEvent the name it comes under, such as `new block`
 * @param {import("bsock-wasm").EmitMeta} [meta]
 * @returns {FireAction}
 */
export function subscribe(message, responseEvent, meta) {
  return emit({ type: "subscribe", message, responseEvent }, meta);
}

/**
 * Makes an EMIT_SOCKET that takes a `subscribe` of the same arguments back.
 *
 * @param {string} message
 * @param {string} responseEvent
 * @param {import("bsock-wasm").EmitMeta} [meta]
 * @returns {FireAction}
 */
export function unsubscribe(message, responseEvent, meta) {
  return emit({ type: "unsubscribe", message, responseEvent }, meta);
}

/**
 * The arguments go out in the order of Object.keys, which puts keys that look
 * like numbers first; so theirs do not.
 *
 * @param {string} type
 * @param {string} message
 * @param {unknown[]} args
 * @returns {FireAction}
 */
function relayed(type, message, args) {
  /** @type {FireAction["bsock"]} */
  const bsock = { type, message };
  args.forEach((value, i) => {
    bsock[`arg${i + 1}`] = value;
  });
  return { type: "EMIT_SOCKET", bsock };
}
