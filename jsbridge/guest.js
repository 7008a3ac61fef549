// @ts-check

// Calls into the module. Each method is an export of the same name; guest.go
// is the Go half.
//
// What is private here and beside this file begins with an underscore. The
// package is written down to what old bundlers can read, where a #private name
// becomes a WeakMap and an event takes four times as long.

import { ackBytes } from "./payload.js";

/** The kinds of a value, in the order of guest.go. */
const ABSENT = 0;
const NULL = 1;
const BOOL = 2;
const NUMBER = 3;
const STRING = 4;
const FUNCTION = 5;
const OBJECT = 6;

/** What becomes of a message: bsock.Reading, in its order. */
export const READ_DONE = 0;
export const READ_KEPT = 1;
export const READ_MORE = 2;
export const READ_WAITING = 3;
export const READ_BASE64 = 4;

/**
 * How deep exports and imports may nest. The page nests them by dispatching
 * from inside a dispatch; the module's stack ends somewhere above a thousand.
 */
const MAX_DEPTH = 200;

/**
 * How much of a text Go gets to see at first, in letters: the packet's head and
 * the name of any event that a node knows.
 */
const HEAD = 32;

/** How much of a text Go gets to see at most: more it does not ask for. */
const MAX_HEAD = 1 << 16;

/** How much of a value an error has to show, in letters. */
const SHOWN = 200;

/**
 * A JavaScript value as the module takes it.
 *
 * @param {unknown} value
 * @returns {{kind: number, number: number, text: string}}
 */
export function describe(value) {
  switch (typeof value) {
    case "undefined":
      return { kind: ABSENT, number: 0, text: "" };
    case "boolean":
      return { kind: BOOL, number: Number(value), text: String(value) };
    case "number":
      return { kind: NUMBER, number: value, text: String(value) };
    case "string":
      return { kind: STRING, number: 0, text: value };
    case "function":
      return { kind: FUNCTION, number: 0, text: "" };
    case "bigint":
      return { kind: OBJECT, number: 0, text: `${value}n` };
  }
  if (value === null) {
    return { kind: NULL, number: 0, text: "null" };
  }
  return { kind: OBJECT, number: 0, text: show(value) };
}

/**
 * @param {unknown} value an object or a symbol
 * @returns {string}
 */
function show(value) {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, SHOWN);
  } catch {
    return "an object"; // with a cycle, or a toJSON that throws
  }
}

export class Guest {
  /**
   * @param {Record<string, any>} exports of the module
   * @param {import("./memory.js").Memory} memory
   */
  constructor(exports, memory) {
    this._exports = exports;
    this._memory = memory;
    this._depth = 0;
  }

  /** Whether the module is in the middle of a call. */
  get busy() {
    return this._depth > 0;
  }

  /** Throws an Error of code TOO_DEEP if no call may begin. */
  checkDepth() {
    if (this._depth >= MAX_DEPTH) {
      throw Object.assign(
        new Error(
          `Dispatching to the socket from inside ${MAX_DEPTH} dispatches of its own: does a reaction to an action cause that action again?`,
        ),
        { code: "TOO_DEEP" },
      );
    }
  }

  /** Begins a call. */
  _enter() {
    this.checkDepth();
    this._depth++;
  }

  /**
   * Everything is read before the module hears of anything: a getter or a
   * toJSON of the page's may throw, or connect.
   *
   * @param {number} store
   * @param {number} ref the promise
   * @param {boolean} newKey whether the key is not that of the last time
   * @param {Record<string, unknown>} fields
   * @param {readonly any[]} listeners
   */
  handleConnect(store, ref, newKey, fields, listeners) {
    const { port, host, ssl, namespace, protocols } = fields;
    const values = [port, host, ssl, namespace].map(describe);
    values.push(describeProtocols(protocols));
    const described = listeners.map(describeListener);
    const { addField, handleConnect } = this._exports;
    this._within(() => {
      values.forEach((value, field) => this._add(addField, field, value));
      described.forEach((listener) => this._addListener(listener));
      handleConnect(store, Date.now(), ref, newKey);
    });
  }

  /**
   * @param {Function} add the export that takes a field
   * @param {number} field its place in guest.go
   * @param {{kind: number, number: number, text: string}} value
   */
  _add(add, field, { kind, number, text }) {
    const size = this._put(text);
    add(field, kind, number, this._memory.address, size);
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
   * Makes a call. Those that every message makes spell it out: a closure for
   * each would cost.
   *
   * @param {() => void} call
   */
  _within(call) {
    this._enter();
    try {
      call();
    } finally {
      this._depth--;
    }
  }

  /** @param {ReturnType<typeof describeListener>} listener */
  _addListener({ event, type, ack }) {
    this._memory.begin(event.text.length + type.text.length + ack.text.length);
    const eventSize = this._memory.put(event.text);
    const eventAddress = this._memory.address;
    const typeSize = this._memory.put(type.text);
    const typeAddress = this._memory.address;
    const ackSize = this._memory.put(ack.text);
    this._exports.addListener(
      event.kind,
      eventAddress,
      eventSize,
      type.kind,
      typeAddress,
      typeSize,
      ack.kind,
      this._memory.address,
      ackSize,
    );
  }

  /**
   * @param {number} store
   * @param {number} ref the promise
   */
  handleDisconnect(store, ref) {
    this._within(() => this._exports.handleDisconnect(store, Date.now(), ref));
  }

  /**
   * @param {number} store
   * @param {number} ref the emit
   * @param {number} attachments
   * @param {Record<string, unknown>} fields
   * @param {unknown} timeout
   * @param {string} problem why there is no body, if there is none
   * @param {unknown} [ack] the type of an action that is to get the answer
   * @returns {boolean} whether the action is consumed
   */
  handleEmit(store, ref, attachments, fields, timeout, problem, ack) {
    const { type, message, acknowledge } = fields;
    const call = typeof acknowledge === "function";
    this._enter();
    try {
      if (
        typeof type !== "string" ||
        typeof message !== "string" ||
        (!call && acknowledge !== undefined) ||
        timeout !== undefined ||
        ack !== undefined ||
        problem !== ""
      ) {
        [type, message, acknowledge, timeout, ack]
          .map(describe)
          .forEach((value, field) =>
            this._add(this._exports.addEmitField, field, value),
          );
        const size = this._put(problem);
        return Boolean(
          this._exports.handleOddEmit(
            store,
            Date.now(),
            ref,
            attachments,
            this._memory.address,
            size,
          ),
        );
      }
      const size = this._put(type);
      return Boolean(
        this._exports.handleEmit(
          store,
          Date.now(),
          ref,
          attachments,
          this._memory.address,
          size,
          call,
        ),
      );
    } finally {
      this._depth--;
    }
  }

  /**
   * @param {number} store
   * @param {number} attempt
   * @param {number} ref the body ["auth", KEY]
   */
  handleKey(store, attempt, ref) {
    this._within(() =>
      this._exports.handleKey(store, Date.now(), attempt, ref),
    );
  }

  /**
   * @param {number} store
   * @param {number} attempt
   * @param {string} message why there is no key
   */
  handleKeyError(store, attempt, message) {
    this._within(() => {
      const size = this._put(message);
      const { address } = this._memory;
      this._exports.handleKeyError(store, Date.now(), attempt, address, size);
    });
  }

  /** @param {number} store */
  handleOpen(store) {
    this._within(() => this._exports.handleOpen(store, Date.now()));
  }

  /**
   * Hands over a text: its head, and more of it if the module must see more.
   *
   * @param {number} store
   * @param {string} text
   * @param {number} ref the body that keeps it
   * @returns {number} a reading
   */
  handleHead(store, text, ref) {
    this._enter();
    try {
      const letters = Math.min(text.length, HEAD);
      const reading = this._handleHead(store, text, letters, ref);
      if (reading !== READ_MORE) {
        return reading;
      }
      const most = Math.min(text.length, MAX_HEAD);
      const whole = this._handleHead(store, text, most, ref);
      this._memory.release();
      return whole;
    } finally {
      this._depth--;
    }
  }

  /**
   * @param {number} store
   * @param {string} text
   * @param {number} letters how much of it is handed over
   * @param {number} ref
   * @returns {number}
   */
  _handleHead(store, text, letters, ref) {
    this._memory.begin(letters);
    return this._exports.handleHead(
      store,
      Date.now(),
      this._memory.put(text, letters),
      letters < text.length,
      text.length,
      ref,
    );
  }

  /**
   * @param {number} store
   * @param {number} frameType
   * @param {number} size
   * @returns {number} a reading
   */
  handleBinaryHead(store, frameType, size) {
    this._enter();
    try {
      return this._exports.handleBinaryHead(store, Date.now(), frameType, size);
    } finally {
      this._depth--;
    }
  }

  /**
   * @param {number} store
   * @param {string} message what is wrong with a message that could not be read
   */
  handleMalformed(store, message) {
    this._within(() => {
      const size = this._put(message);
      this._exports.handleMalformed(store, this._memory.address, size);
    });
  }

  /**
   * @param {number} store
   * @param {number} code
   * @param {string} reason
   */
  handleClose(store, code, reason) {
    this._within(() => {
      const size = this._put(reason);
      const { address } = this._memory;
      this._exports.handleClose(store, Date.now(), code, address, size);
    });
  }

  /** @param {number} store */
  advance(store) {
    this._within(() => this._exports.advance(store, Date.now()));
  }
}

/** @param {any} listener an element of the option listeners */
function describeListener(listener) {
  return {
    event: describe(listener?.event),
    type: describe(listener?.actionType),
    ack: describeAck(listener?.ack),
  };
}

/**
 * The ack of a listener: what is not there, what has bytes, and what is wrong.
 *
 * @param {unknown} value
 */
function describeAck(value) {
  if (!value) {
    return describe(undefined);
  }
  return hasBytes(value) ? describe("bytes") : describe(value);
}

/** @param {unknown} ack */
function hasBytes(ack) {
  try {
    return ackBytes(ack) !== null;
  } catch {
    return false; // an array of what has no number, such as a BigInt
  }
}

/**
 * The option protocols: an array of strings is a string, separated by commas.
 *
 * @param {unknown} value
 */
function describeProtocols(value) {
  const names = joined(value);
  if (names !== null) {
    return describe(names);
  }
  const described = describe(value);
  if (described.kind === STRING) {
    return { kind: OBJECT, number: 0, text: `the string "${described.text}"` };
  }
  return described;
}

/** @param {unknown} value */
function joined(value) {
  try {
    const names = Array.isArray(value) ? [...value] : [null];
    return names.every(
      (name) => typeof name === "string" && !name.includes(","),
    )
      ? names.join(",")
      : null;
  } catch {
    return null; // a getter or a proxy of the page's
  }
}
