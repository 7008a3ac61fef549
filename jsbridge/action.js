// @ts-check

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
export function readConnect({ port, host, ssl, namespace, protocols, apiKey }) {
  return { port, host, ssl, namespace, protocols, apiKey };
}

/** @param {unknown} listeners */
export function readListeners(listeners) {
  const all = Array.isArray(listeners) ? listeners : [listeners ?? []].flat();
  return all.map((listener) => ({
    event: listener?.event,
    actionType: listener?.actionType,
    ack: listener?.ack,
  }));
}

/**
 * Whether a key is another than the last. A function is asked at each attempt,
 * and is mostly made anew at each dispatch, so one is as good as another.
 *
 * @param {unknown} key
 * @param {unknown} last
 */
export function isNewKey(key, last) {
  return (
    key !== last && !(typeof key === "function" && typeof last === "function")
  );
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
