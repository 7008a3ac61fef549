// @ts-check

// How the module is called: never too deep, and never past a lease. guest.js
// says with what.

import { MISSING } from "./describe.js";
import { makeError } from "./errors.js";

/**
 * How deep exports and imports may nest. The page nests them by dispatching
 * from inside a dispatch; the module's stack ends somewhere above a thousand.
 */
const MAX_DEPTH = 200;

export class Entry {
  /**
   * @param {Record<string, any>} exports of the module
   * @param {import("./memory.js").Memory} memory
   * @param {(store: number) => void} entering is told of a call that may end the
   *   connection
   */
  constructor(exports, memory, entering) {
    this._exports = exports;
    this._memory = memory;
    this._entering = entering;
    this._depth = 0;
  }

  /** Whether the module is in the middle of a call. */
  get busy() {
    return this._depth > 0;
  }

  /** Whether it is in the middle of a call that was made from inside another. */
  get nested() {
    return this._depth > 1;
  }

  /** Throws an Error of code TOO_DEEP if no call may begin. */
  checkDepth() {
    if (this._depth >= MAX_DEPTH) {
      throw makeError({
        message: `Dispatching to the socket from inside ${MAX_DEPTH} dispatches of its own: does a reaction to an action cause that action again?`,
        code: "TOO_DEEP",
      });
    }
  }

  /** Begins a call. */
  _enter() {
    this.checkDepth();
    this._depth++;
  }

  /**
   * @param {Function} add the export that takes a field
   * @param {number} field its place in guest.go
   * @param {import("./describe.js").Described} value
   */
  _add(add, field, value) {
    if (value !== MISSING) {
      const size = this._put(value.text);
      add(field, value.kind, value.number, this._memory.address, size);
    }
  }

  /**
   * Puts one string into the buffer, and returns its size in bytes.
   *
   * @param {string} text
   */
  _put(text) {
    this._memory.begin(text.length);
    return this._memory.put(text);
  }

  /**
   * Makes a call. Those that every emit and message makes spell it out, for a
   * closure would cost; store.js and receiver.js prepare the lease for them.
   *
   * @param {number} store
   * @param {() => void} call
   */
  _within(store, call) {
    this._enter();
    try {
      this._entering(store);
      call();
    } finally {
      this._depth--;
    }
  }

  /**
   * Makes a call that ends no lease.
   *
   * @param {Function} call the export
   * @param {number} store
   * @param {number} [number]
   */
  _ask(call, store, number) {
    this._enter();
    try {
      return call(store, number);
    } finally {
      this._depth--;
    }
  }

  /**
   * Makes a call that needs nothing but numbers.
   *
   * @param {string} name of the export
   * @param {number} store
   * @param {...number} numbers
   */
  _call(name, store, ...numbers) {
    const call = this._exports[name];
    this._within(store, () => call(store, Date.now(), ...numbers));
  }
}
