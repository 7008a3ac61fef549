// @ts-check

import { makeError } from "./errors.js";
import { DEFAULT_SOCKET } from "./page.js";

// What is read of the actions and the options that the page gives: each field
// once, because it may be a getter.

/**
 * bsock's bound of a frame, in bytes.
 * bsock: lib/parser.js MAX_MESSAGE
 */
export const MAX_FRAME = 100_000_000;

/**
 * The fields of a CONNECT_SOCKET, each read once: a getter may throw.
 *
 * @param {Record<string, any>} bsock
 */
export function readConnect(bsock) {
  const { port, host, ssl, namespace, protocols, apiKey } = bsock;
  const { protocol, nsps, auth } = bsock;
  const where = { port, host, ssl, namespace, protocols };
  return { ...where, protocol, nsps, apiKey, auth };
}

/**
 * Whether a protocol's answers are values, without bsock's error in front.
 *
 * @param {unknown} protocol
 */
export function hasPlainAcks(protocol) {
  return typeof protocol === "string" && protocol.startsWith("socket.io");
}

/**
 * The listeners of a socket. Throws an Error of code BAD_OPTION if one of them
 * is for something that is none: no socket would have it.
 *
 * @param {any} listeners
 * @param {string} socket its name
 */
export function readListeners(listeners, socket) {
  const all = Array.isArray(listeners) ? listeners : [listeners ?? []].flat();
  return all
    .filter((listener, i) => {
      const named = listener?.socket ?? DEFAULT_SOCKET;
      if (typeof named !== "string" || named === "") {
        throw badSocket(i, named);
      }
      return named === socket || named === "*";
    })
    .map((listener) => ({
      event: listener?.event,
      actionType: listener?.actionType,
      ack: listener?.ack,
      nsp: listener?.nsp,
      throttle: listener?.throttle,
      latest: listener?.latest,
      batch: listener?.batch,
      filter: listener?.filter,
      map: listener?.map,
    }));
}

/**
 * @param {number} place of the listener
 * @param {unknown} named
 */
function badSocket(place, named) {
  const got = named === "" ? "an empty one" : `a ${typeof named}`;
  return makeError({
    message: `listeners[${place}].socket must be the name of a socket, or "*" for all of them, got ${got}.`,
    code: "BAD_OPTION",
  });
}

/**
 * What an emit says of itself beside what it sends, or null if that is nothing.
 *
 * @param {Record<string, any> | null | undefined} meta
 */
export function readMeta(meta) {
  if (meta === undefined || meta === null) {
    return null;
  }
  const { timeout, ack, nsp, queue, ttl, persist, forget } = meta;
  const said = { timeout, ack, nsp, queue, ttl, persist, forget };
  return Object.values(said).some((value) => value !== undefined) ? said : null;
}

/**
 * Whether a key is another than the last. A function is asked at each attempt,
 * and is mostly made anew at each dispatch, so one is as good as another; an
 * object is made anew too, and is what is in it.
 *
 * @param {unknown} key
 * @param {unknown} last
 */
export function isNewKey(key, last) {
  if (typeof key !== typeof last) {
    return true;
  }
  return key !== last && typeof key !== "function" && !looksLike(key, last);
}

/**
 * @param {unknown} key
 * @param {unknown} last
 */
function looksLike(key, last) {
  try {
    return (
      typeof key === "object" && JSON.stringify(key) === JSON.stringify(last)
    );
  } catch {
    return false; // what has no JSON is refused when it is asked for
  }
}

/**
 * What goes on the wire, in the order of Object.keys.
 * bsock-middleware: EMIT_SOCKET
 *
 * @param {Record<string, any>} bsock
 * @param {unknown} type
 * @param {unknown} message
 */
export function argumentsOf(bsock, type, message) {
  const args = [type, message];
  for (const key of Object.keys(bsock)) {
    if (key !== "type" && key !== "message" && key !== "acknowledge") {
      args.push(bsock[key]);
    }
  }
  return args;
}

/**
 * Whether a frame of a body would be above the limit. A letter is up to three
 * bytes; the head of a packet is less than HEAD.
 *
 * @param {import("./payload.js").Body} body
 */
export function isTooLarge({ text, attachments }) {
  const HEAD = 32;
  const most = MAX_FRAME - HEAD;
  return (
    (text.length * 3 > most && new TextEncoder().encode(text).length > most) ||
    attachments.some((data) => data.length > most)
  );
}
