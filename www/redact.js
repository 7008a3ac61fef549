// @ts-check

// Actions without their secrets, for what shows them: a log, Redux DevTools.
// An action without any is itself.

/** What stands in place of a secret. */
const REDACTED = "[redacted]";

/**
 * Events whose arguments are a key: hsd's and bcoin's own, and the same by way
 * of an app server, which may be told which of the two it is for.
 * hsd: lib/node/http.js handleSocket, lib/wallet/http.js initSockets
 */
const AUTH = /^(?:(?:node|wallet) )?auth$/;

/**
 * Events whose first argument is a wallet, and the second its token.
 * hsd: lib/wallet/http.js handleSocket
 */
const JOIN = /^(?:wallet )?join$/;

/** What of an emit is not among its arguments. */
const NOT_SENT = ["type", "message", "acknowledge"];

/**
 * An action as it may be shown: the API key and the tokens in it are not.
 *
 * @template Action
 * @param {Action} action any action
 * @returns {Action}
 */
export function redact(action) {
  const { type, bsock } = /** @type {any} */ (action) ?? {};
  if (!bsock || typeof bsock !== "object") {
    return action;
  }
  const secrets = secretsOf(type, bsock).filter((key) => bsock[key] != null);
  if (secrets.length === 0) {
    return action;
  }
  const hidden = secrets.map((key) => [key, REDACTED]);
  return { ...action, bsock: { ...bsock, ...Object.fromEntries(hidden) } };
}

/**
 * @param {unknown} type
 * @param {Record<string, any>} bsock
 * @returns {string[]} the keys of what is secret
 */
function secretsOf(type, bsock) {
  switch (type) {
    case "CONNECT_SOCKET":
      return ["apiKey", "auth"];
    case "EMIT_SOCKET":
      return secretArguments(bsock);
  }
  return [];
}

/**
 * An event is what the socket is sent, or what the app server is to pass on.
 *
 * @param {Record<string, any>} bsock
 */
function secretArguments(bsock) {
  const { type, message } = bsock;
  const args = Object.keys(bsock).filter((key) => !NOT_SENT.includes(key));
  if (AUTH.test(type)) {
    return ["message", ...args];
  }
  if (AUTH.test(message) || JOIN.test(type)) {
    return args;
  }
  return JOIN.test(message) ? args.slice(1) : [];
}
