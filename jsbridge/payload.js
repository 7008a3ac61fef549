// @ts-check

// Bodies: what events, calls and answers carry. A body is a JSON array and the
// attachments that its placeholders stand for. Bodies stay on this side of the
// border, where the engine's own JSON is; Go knows them by number.

import { checkNesting } from "./nesting.js";

/** How long a string may be to be looked at letter by letter. */
const SHORT = 64;

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const TILDE = 0x7e;

/**
 * The application's Buffer, or none. webpack 4 provides it to code that names
 * it freely, as this does.
 *
 * @returns {{from(data: ArrayBuffer, offset: number, length: number): Uint8Array} | null}
 */
export function pageBuffer() {
  return typeof Buffer === "function" ? Buffer : null;
}

/** What has been received, or is to be sent. */
export class Body {
  /** @param {string} text the JSON array, or a packet that ends with it */
  constructor(text) {
    this.text = text;
    /** @type {Uint8Array[]} */
    this.attachments = [];
    /** @type {unknown[] | null} the arguments, once they have been parsed */
    this.args = null;
    /** @type {readonly any[] | null} who is told of it, once the first was */
    this.listeners = null;
    /** @type {import("./route.js").Route | null} what its text may teach */
    this.route = null;
    /** whether it answers a call, and is done with when it has been sent */
    this.answer = false;
    /** @type {import("./waiting.js").Waiting | null} who waits for this emit */
    this.waiting = null;
  }
}

/** The bodies that are held, by number. 0 is none. */
export class Bodies {
  constructor() {
    /** @type {(Body | null)[]} */
    this._held = [null];
    /** @type {number[]} */
    this._free = [];
  }

  /**
   * @param {Body} body
   * @returns {number}
   */
  keep(body) {
    const ref = this._free.pop();
    if (ref === undefined) {
      return this._held.push(body) - 1;
    }
    this._held[ref] = body;
    return ref;
  }

  /**
   * @param {number} ref
   * @returns {Body}
   */
  get(ref) {
    return /** @type {Body} */ (this._held[ref]);
  }

  /** @param {number} ref */
  has(ref) {
    return Boolean(this._held[ref]);
  }

  /** @param {number} ref */
  drop(ref) {
    if (ref !== 0 && this._held[ref]) {
      this._held[ref] = null;
      this._free.push(ref);
    }
  }

  /**
   * Lets go of all.
   *
   * @returns {Body[]} those that were held
   */
  clear() {
    const held = this._held.filter((body) => body !== null);
    this._held = [null];
    this._free = [];
    return held;
  }

  /** How many bodies are held. */
  get size() {
    return this._held.length - 1 - this._free.length;
  }
}

/**
 * The arguments in a text and its attachments. Throws a SyntaxError if they are
 * not JSON.
 *
 * @param {string} text
 * @param {number} offset where the JSON begins
 * @param {Uint8Array[]} attachments
 * @param {(data: Uint8Array) => Uint8Array} binary makes of an attachment what
 *   the application is to get
 * @returns {unknown[]}
 */
export function parse(text, offset, attachments, binary) {
  const json = offset === 0 ? text : text.slice(offset);
  checkNesting(json);
  const value = JSON.parse(json || "[]");
  const args = Array.isArray(value) ? value : [];
  if (attachments.length > 0) {
    restore(
      args,
      attachments.map((data) => binary(data)),
    );
  }
  return args;
}

/**
 * Puts the attachments in the places of their placeholders, all through what
 * has been parsed. A reviver would do it too, and make parsing many times
 * slower.
 *
 * @param {any} container an array or an object
 * @param {unknown[]} values
 */
function restore(container, values) {
  if (Array.isArray(container)) {
    for (let i = 0; i < container.length; i++) {
      container[i] = restored(container[i], values);
    }
    return;
  }
  for (const key of Object.keys(container)) {
    const value = restored(container[key], values);
    if (key === "__proto__") {
      // Assigned, it would become the object's prototype.
      Object.defineProperty(container, key, { value });
    } else {
      container[key] = value;
    }
  }
}

/**
 * @param {any} value
 * @param {unknown[]} values
 */
function restored(value, values) {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (isPlaceholder(value) && value.num < values.length) {
    return values[value.num];
  }
  restore(value, values);
  return value;
}

/**
 * bsock: lib/packet.js isPlaceholder
 *
 * @param {any} value
 */
function isPlaceholder(value) {
  return (
    typeof value === "object" &&
    value !== null &&
    value._placeholder === true &&
    value.num >>> 0 === value.num
  );
}

/**
 * Makes a body of arguments, as JSON.stringify would: toJSON is honoured, what
 * JSON has no word for becomes null. Every binary type becomes an attachment,
 * the same one once. Throws a TypeError for a cycle or a BigInt.
 *
 * @param {unknown[]} args
 * @returns {Body}
 */
export function encode(args) {
  const [type, message, response] = args;
  if (args.length <= 3 && isBare(type) && isBare(message)) {
    if (args.length === 2) {
      return new Body(`["${type}","${message}"]`);
    }
    if (isBare(response)) {
      return new Body(`["${type}","${message}","${response}"]`);
    }
  }
  if (args.every(isPlain)) {
    return new Body(JSON.stringify(args));
  }
  /** @type {Map<unknown, object>} */
  const placeholders = new Map();
  const body = new Body("");
  body.text = JSON.stringify(
    args,
    /**
     * @this {Record<string, unknown>}
     * @param {string} key
     * @param {unknown} value
     */
    function (key, value) {
      // A Buffer has a toJSON, so value is no Buffer any more.
      const original = this[key];
      const data = bytesOf(original) ?? bytesOf(value);
      if (data === null) {
        return value;
      }
      let placeholder = placeholders.get(original);
      if (placeholder === undefined) {
        placeholder = { _placeholder: true, num: body.attachments.length };
        placeholders.set(original, placeholder);
        body.attachments.push(data);
      }
      return placeholder;
    },
  );
  return body;
}

/**
 * Whether a value is a string that JSON writes as it stands. A short one is
 * looked through in a third of the time that JSON.stringify takes.
 *
 * @param {unknown} value
 */
function isBare(value) {
  if (typeof value !== "string" || value.length > SHORT) {
    return false;
  }
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < SPACE || code > TILDE || code === QUOTE || code === BACKSLASH) {
      return false;
    }
  }
  return true;
}

/** @param {unknown} value */
function isPlain(value) {
  return (
    value === null ||
    (typeof value !== "object" &&
      typeof value !== "function" &&
      typeof value !== "bigint")
  );
}

/**
 * The bytes of a binary value of any type, or null if it is none.
 *
 * @param {unknown} value
 * @returns {Uint8Array | null}
 */
export function bytesOf(value) {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  if (value instanceof ArrayBuffer) {
    return new Uint8Array(value);
  }
  // One of another frame is no instance of this frame's.
  if (Object.prototype.toString.call(value) === "[object ArrayBuffer]") {
    return new Uint8Array(/** @type {ArrayBuffer} */ (value));
  }
  return null;
}

/**
 * The bytes of a listener's ack, as Buffer.from would make them, or null if it
 * has none.
 *
 * @param {unknown} ack
 * @returns {Uint8Array | null}
 */
export function ackBytes(ack) {
  if (typeof ack === "string") {
    return new TextEncoder().encode(ack);
  }
  return Array.isArray(ack) ? Uint8Array.from(ack) : bytesOf(ack);
}
