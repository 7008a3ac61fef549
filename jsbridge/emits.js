// @ts-check

// The emits of a store, as the module ends them, and what it does with bodies.

import { makeError } from "./errors.js";
import { Body } from "./payload.js";
import { DELIVERED, MALFORMED, THREW } from "./listeners.js";

/** @typedef {import("./waiting.js").Waiting} Waiting */

/** @type {Uint8Array[]} */
const NONE = [];

export class Emits {
  /**
   * @param {import("./store.js").Store} store
   * @param {import("./reader.js").Reader} reader
   */
  constructor(store, reader) {
    this._store = store;
    this._bodies = store.module.bodies;
    this._reader = reader;
    /** Whether answers are Socket.IO's: values, without bsock's error in front. */
    this.plain = false;
  }

  /**
   * @param {number} emit
   * @param {number} ref
   * @param {number} offset
   */
  settle(emit, ref, offset) {
    const waiting = /** @type {Waiting} */ (this._bodies.get(emit).waiting);
    if (ref === 0) {
      this._bodies.drop(emit);
      waiting.settle(undefined);
      return DELIVERED;
    }
    const args = this._reader.read(this._bodies.get(ref), offset);
    this._store.socket.drop(ref);
    if (args === null) {
      return MALFORMED;
    }
    this._bodies.drop(emit);
    return this.finish(waiting, args) ? DELIVERED : THREW;
  }

  /**
   * What an answer says, or null if Go has to look at it: there may be an error
   * in it, or no JSON.
   *
   * @param {string} text
   * @param {number} offset where the JSON begins
   */
  result(text, offset) {
    const clear = this.plain
      ? text.startsWith("[", offset)
      : text.startsWith("[null,", offset) || text.startsWith("[null]", offset);
    return clear ? this._reader.readText(text, offset, NONE) : null;
  }

  /**
   * Gives an answer to whoever waits for it.
   *
   * @param {Waiting} waiting
   * @param {unknown[]} args what it says
   * @returns {boolean} whether nothing was thrown
   */
  finish(waiting, args) {
    const values = this.plain ? args : [args[1] ?? null];
    const done = this._acknowledge(waiting, values);
    waiting.settle(values[0]);
    return done;
  }

  /**
   * @param {Waiting} waiting
   * @param {unknown[]} values
   */
  _acknowledge(waiting, values) {
    const { page } = this._store;
    const { acknowledge } = waiting.fields;
    let done = true;
    if (typeof acknowledge === "function") {
      try {
        acknowledge(...values);
      } catch (error) {
        done = page.caught(error, "acknowledge");
      }
    }
    return waiting.ack === undefined || waiting.ack === null
      ? done
      : page.send({ type: waiting.ack, payload: values[0] }) && done;
  }

  /**
   * @param {number} emit
   * @param {{message: string, name: string, type: string, code: string | number}} fields
   */
  reject(emit, fields) {
    const waiting = /** @type {Waiting} */ (this._bodies.get(emit).waiting);
    this._bodies.drop(emit);
    waiting.reject(waiting.error ?? makeError(fields, waiting));
  }

  /**
   * A body with the same in it, which nobody waits for. What the page has given
   * it may change as soon as its dispatch is over.
   *
   * @param {number} ref
   */
  copy(ref) {
    const { text, attachments } = this._bodies.get(ref);
    const copy = new Body(text);
    copy.attachments = attachments.map((data) => data.slice());
    return this._bodies.keep(copy);
  }

  /**
   * @param {number} a
   * @param {number} b
   */
  same(a, b) {
    const one = this._bodies.get(a);
    const other = this._bodies.get(b);
    return one.text === other.text && allEqual(one, other);
  }

  /**
   * What bodies have in common of which `same` is true, and few others.
   *
   * @param {number} ref
   */
  hash(ref) {
    const { text, attachments } = this._bodies.get(ref);
    let hash = 0;
    for (let i = 0; i < text.length; i++) {
      hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
    }
    for (const data of attachments) {
      for (let i = 0; i < data.length; i++) {
        hash = (Math.imul(hash, 31) + data[i]) | 0;
      }
    }
    return hash;
  }

  /**
   * The JSON of an argument, "" if there is none.
   *
   * @param {number} ref
   * @param {number} n
   * @returns {string}
   */
  argument(ref, n) {
    const args = JSON.parse(this._bodies.get(ref).text || "[]");
    return n < args.length ? JSON.stringify(args[n]) : "";
  }
}

/**
 * Whether two bodies have the same attachments.
 *
 * @param {Body} one
 * @param {Body} other
 */
function allEqual({ attachments }, other) {
  const { length } = attachments;
  return (
    length === other.attachments.length &&
    (length === 0 ||
      attachments.every((data, i) => equal(data, other.attachments[i])))
  );
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
function equal(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
