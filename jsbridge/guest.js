// @ts-check

// Calls into the module. Each method is an export of the same name; guest.go
// is the Go half.
//
// What is private here and beside this file begins with an underscore. The
// package is written down to what old bundlers can read, where a #private name
// becomes a WeakMap and an event takes four times as long.

import {
  describeConnect,
  describeEmit,
  describeListener,
  MISSING,
} from "./describe.js";
import { Entry } from "./entry.js";
import { READ_MORE } from "./reading.js";

/**
 * How much of a text Go gets to see at first, in letters: the packet's head and
 * the name of any event that a node knows.
 */
const HEAD = 32;

/** How much of a text Go gets to see at most: more it does not ask for. */
const MAX_HEAD = 1 << 16;

/** @param {unknown} value */
const isFunction = (value) => typeof value === "function";

export class Guest extends Entry {
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
    const values = describeConnect(fields);
    const described = listeners.map(describeListener);
    // Whoever is asked again may say another key.
    const asks = [fields.apiKey, fields.auth].some(isFunction);
    this._within(store, () => {
      values.forEach((value, field) =>
        this._add(this._exports.addField, field, value),
      );
      for (const listener of described) {
        this._addListener(store, listener);
      }
      this._exports.handleConnect(store, Date.now(), ref, newKey, asks);
    });
  }

  /**
   * @param {number} store
   * @param {import("./describe.js").Described[]} values
   */
  _addListener(store, values) {
    const { _exports, _memory } = this;
    let letters = 0;
    for (const { text } of values) {
      letters += text.length;
    }
    _memory.begin(letters);
    for (let field = 0; field < values.length; field++) {
      const value = values[field];
      if (value !== MISSING) {
        const size = _memory.put(value.text);
        const { kind, number } = value;
        _exports.addListenerField(field, kind, number, _memory.address, size);
      }
    }
    _exports.addListener(store);
  }

  /**
   * @param {number} store
   * @param {number} ref the promise
   */
  handleDisconnect(store, ref) {
    this._call("handleDisconnect", store, ref);
  }

  /**
   * @param {number} store
   * @param {number} ref the emit
   * @param {number} attachments
   * @param {Record<string, unknown>} fields
   * @param {Record<string, unknown> | null} meta what else it says, if anything
   * @param {string} problem why there is no body, if there is none
   * @returns {boolean} whether the action is consumed
   */
  handleEmit(store, ref, attachments, fields, meta, problem) {
    const { type, message, acknowledge } = fields;
    const call = typeof acknowledge === "function";
    this._enter();
    try {
      if (
        typeof type !== "string" ||
        typeof message !== "string" ||
        (!call && acknowledge !== undefined) ||
        meta !== null ||
        problem !== ""
      ) {
        return this._handleOddEmit(
          store,
          ref,
          attachments,
          { ...fields, ...meta },
          problem,
        );
      }
      const { _memory } = this;
      _memory.begin(type.length + message.length);
      const typeSize = _memory.put(type);
      const typeAddress = _memory.address;
      const messageSize = _memory.put(message);
      return Boolean(
        this._exports.handleEmit(
          store,
          Date.now(),
          ref,
          attachments,
          typeAddress,
          typeSize,
          _memory.address,
          messageSize,
          call,
        ),
      );
    } finally {
      this._depth--;
      this._memory.release();
    }
  }

  /**
   * @param {number} store
   * @param {number} ref
   * @param {number} attachments
   * @param {Record<string, unknown>} fields with those of meta
   * @param {string} problem
   */
  _handleOddEmit(store, ref, attachments, fields, problem) {
    describeEmit(fields).forEach((value, field) =>
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

  /**
   * @param {number} store
   * @param {number} ref the body that an emit has too
   * @returns {number} see again.js
   */
  again(store, ref) {
    return this._ask(this._exports.again, store, ref);
  }

  /**
   * @param {number} store
   * @param {number} ref the body that has been sent again
   */
  handleSaid(store, ref) {
    this._ask(this._exports.handleSaid, store, ref);
  }

  /**
   * Tells of a call that was sent on lease. This and endLease are part of the
   * call that they come before.
   *
   * @param {number} store
   * @param {number} time when it was sent
   * @param {number} id
   * @param {number} ref the emit
   */
  handleSent(store, time, id, ref) {
    this._exports.handleSent(store, time, id, ref);
  }

  /**
   * @param {number} store
   * @param {number} id of the next call
   */
  endLease(store, id) {
    this._exports.endLease(store, id);
  }

  /**
   * @param {number} store
   * @param {number} attempt
   * @param {number} ref the body ["auth", KEY]
   */
  handleKey(store, attempt, ref) {
    this._call("handleKey", store, attempt, ref);
  }

  /**
   * @param {number} store
   * @param {number} attempt
   * @param {string} message why there is no key
   */
  handleKeyError(store, attempt, message) {
    this._within(store, () => {
      const size = this._put(message);
      const { handleKeyError } = this._exports;
      handleKeyError(store, Date.now(), attempt, this._memory.address, size);
    });
  }

  /**
   * @param {number} store
   * @param {number} attempt
   * @param {number} ref what a namespace is joined with, 0 if there is nothing
   */
  handleAuth(store, attempt, ref) {
    this._call("handleAuth", store, attempt, ref);
  }

  /**
   * @param {number} store
   * @param {number} call
   * @param {number} ref the answer
   * @param {number} attachments
   */
  handleAnswer(store, call, ref, attachments) {
    this._call("handleAnswer", store, call, ref, attachments);
  }

  /**
   * @param {number} store
   * @param {number} call
   * @param {{message: string, name: string, type: string, code: string, codeIsNumber: boolean}} error
   */
  handleAnswerError(store, call, { message, name, type, code, codeIsNumber }) {
    this._within(store, () => {
      const strings = [message, name, type, code];
      this._memory.begin(strings.join("").length);
      const sizes = strings.map((text) => this._memory.put(text));
      this._exports.handleAnswerError(
        store,
        Date.now(),
        call,
        ...sizes,
        codeIsNumber,
      );
    });
  }

  /** @param {number} store */
  handleOpen(store) {
    this._call("handleOpen", store);
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
    this._within(store, () => {
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
    this._within(store, () => {
      const size = this._put(reason);
      const { handleClose } = this._exports;
      handleClose(store, Date.now(), code, this._memory.address, size);
    });
  }

  /** @param {number} store */
  advance(store) {
    this._call("advance", store);
  }

  /**
   * @param {number} store
   * @param {number} time of a sign of life that the module has not seen
   */
  heard(store, time) {
    this._within(store, () => this._exports.heard(store, time));
  }

  /**
   * Whether no frame type stands in front of binary messages.
   *
   * @param {number} store
   */
  rawBinary(store) {
    return Boolean(this._ask(this._exports.rawBinary, store));
  }

  /** @param {number} store */
  suspend(store) {
    this._call("suspend", store);
  }

  /** @param {number} store */
  resume(store) {
    this._call("resumeSocket", store);
  }
}
