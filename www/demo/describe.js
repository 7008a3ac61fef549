// @ts-check
// Says in one line what a frame or an action is, for the log.
//
// Whatever is said here may be seen over a shoulder or in a screenshot, so an
// API key never is. Of actions it has been taken out before; see plugins/log.js.

const REDACTED = "[redacted]";

/** How much of one entry is kept; a block's JSON can be megabytes. */
const TEXT_LIMIT = 600;

/** How much of one string inside an action is kept; raw transactions are hex. */
const STRING_LIMIT = 120;

/** Engine.IO's frame types; a message is named by its packet instead. */
const FRAMES = ["open", "close", "ping", "pong", "message", "upgrade", "noop"];

/** Socket.IO's packet types. */
const PACKETS = [
  "connect",
  "disconnect",
  "event",
  "ack",
  "error",
  "binary event",
  "binary ack",
];

/**
 * The head of a packet: type, count of attachments, namespace, id, and the
 * first string of its JSON, which in an event is its name.
 */
const PACKET = /^4([0-6])(?:\d+-)?(?:\/[^,]*,)?(\d*)(?:\["((?:[^"\\]|\\.)*)")?/;

const AUTH = /^(4[25](?:\d+-)?(?:\/[^,]*,)?\d*\["auth",)(?!null\]$).*$/s;

/**
 * @param {string} text
 * @param {number} limit
 */
export function shorten(text, limit = TEXT_LIMIT) {
  return text.length > limit
    ? `${text.slice(0, limit)}… (${text.length} characters)`
    : text;
}

/**
 * Names a text frame, and shortens it.
 *
 * @param {string} frame
 * @returns {{name: string, text: string}}
 */
export function describeFrame(frame) {
  const text = shorten(frame.replace(AUTH, `$1"${REDACTED}"]`));
  const packet = PACKET.exec(frame);
  if (packet === null) {
    if (frame.startsWith("b4")) return { name: "binary, base64", text };
    return { name: FRAMES[Number(frame[0])] ?? "unknown", text };
  }
  const [, type, id, event] = packet;
  const isEvent = type === "2" || type === "5";
  const kind = isEvent && id !== "" ? "call" : PACKETS[Number(type)];
  const parts = [kind, id, isEvent ? event : ""];
  return { name: parts.filter(Boolean).join(" "), text };
}

/**
 * A JSON.stringify replacer for what JSON has no word for. It looks at the
 * holder's own value, since a Buffer's toJSON has already run on `value`.
 *
 * @this {Record<string, unknown>}
 * @param {string} key
 * @param {unknown} value
 */
function printable(key, value) {
  const own = this[key];
  if (own instanceof ArrayBuffer || ArrayBuffer.isView(own))
    return `binary ${own.byteLength} bytes`;
  if (own instanceof Error)
    return { .../** @type {object} */ (own), message: own.message };
  if (typeof own === "function") return "function";
  if (typeof own === "bigint") return `${own}n`;
  if (typeof own === "string") return shorten(own, STRING_LIMIT);
  return value;
}

/**
 * @param {Record<string, any>} action
 * @returns {{name: string, text: string}}
 */
export function describeAction(action) {
  const { type, ...rest } = action;
  const name = String(type);
  if (Object.keys(rest).length === 0) return { name, text: "" };
  try {
    return { name, text: shorten(JSON.stringify(rest, printable)) };
  } catch (error) {
    return { name, text: `cannot be printed: ${error}` };
  }
}
