// @ts-check

// What of an emit is a key, and is shown to nobody: not in the error that is
// about the emit, not in an action made to be looked at.

/** What stands in place of a secret. */
export const REDACTED = "[redacted]";

/**
 * Events whose arguments are a key: hsd's and bcoin's own, and the same by way
 * of an app server, which may be told which of the two it is for.
 * hsd: lib/node/http.js handleSocket, lib/wallet/http.js initSockets
 */
const AUTH = /^(?:(?:node|wallet) )?auth$/;

/**
 * Whether an event's arguments are a key.
 *
 * @param {unknown} event
 */
export function carriesKey(event) {
  return typeof event === "string" && AUTH.test(event);
}

/**
 * What an error says of the emit it is about.
 *
 * @param {Record<string, any>} fields of the emit
 */
export function shownEmit({ type, message }) {
  return { type, message: carriesKey(type) ? REDACTED : message };
}
