// @ts-check

// Which socket an action is about: the one that `meta.socket` names, going in
// and coming out. The default one is named by nothing.

import { makeError } from "../jsbridge/errors.js";
import { DEFAULT_SOCKET } from "../jsbridge/page.js";
import { shownEmit } from "../jsbridge/secret.js";

/**
 * The socket that an action of ours is for. Throws an Error of code BAD_ACTION
 * if that cannot be said.
 *
 * @param {{type: string, bsock: any, meta?: any}} action
 * @returns {string}
 */
export function socketOf(action) {
  let socket;
  try {
    socket = action.meta?.socket;
  } catch {
    throw badSocket(action, "and it cannot be read");
  }
  if (socket === undefined) {
    return DEFAULT_SOCKET;
  }
  if (typeof socket !== "string") {
    throw badSocket(action, `got ${socket === null ? "null" : typeof socket}`);
  }
  if (socket === "") {
    throw badSocket(action, "got an empty one");
  }
  return socket;
}

/**
 * @param {{type: string, bsock: any}} action
 * @param {string} got
 */
function badSocket(action, got) {
  const error = makeError({
    message: `${action.type}: meta.socket must be the name of a socket, a string, ${got}. Leave it out for the default one.`,
    name: "TypeError",
    code: "BAD_ACTION",
  });
  return Object.assign(error, emitOf(action));
}

/**
 * What an error says of the emit it is about.
 *
 * @param {{type: string, bsock: any}} action whose getters may throw
 */
function emitOf({ type, bsock }) {
  try {
    return type === "EMIT_SOCKET" ? { emit: shownEmit(bsock) } : null;
  } catch {
    return null;
  }
}

/**
 * An action that comes out, as of a socket: that of the default one says
 * nothing of it.
 *
 * @param {any} action
 * @param {string} socket
 */
export function inSocket(action, socket) {
  return socket === DEFAULT_SOCKET ? action : { ...action, meta: { socket } };
}
