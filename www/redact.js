// @ts-check

// Actions without their secrets, for what shows them: a log, Redux DevTools.
// An action without any is itself.

import { carriesKey, REDACTED } from "../jsbridge/secret.js";

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
  if (carriesKey(type)) {
    return ["message", ...args];
  }
  if (carriesKey(message) || carriesToken(type)) {
    return args;
  }
  return carriesToken(message) ? args.slice(1) : [];
}

/** @param {unknown} event */
function carriesToken(event) {
  return typeof event === "string" && JOIN.test(event);
}
