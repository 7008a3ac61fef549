// @ts-check

// Leases: how an emit that comes again is sent, and its answer settled, without
// the module. Go is the authority. At the end of an emit it offers to let
// JavaScript send the next of the same kind; lease.go says what it vouches for.
//
// The law:
//
//  1. An emit of that type and message, which says nothing in its meta and has
//     no attachments, is sent as Go would send it.
//  2. A call that was sent so is known here alone. Its answer is settled here if
//     it can be read and has no error in it.
//  3. Before Go is given any other emit, it learns which id is next. The lease is
//     over then, unless Go offers it again.
//  4. Before Go is called for what may end a connection or a call, it learns of
//     every call that has no answer yet, as if it had sent it. What can end
//     neither is: an event, a call, a sign of life, the answer to another call.
//  5. Nothing is sent or settled here in the middle of a call into the module, or
//     kept of what is offered there: what has called is not done yet.

import { Body } from "./payload.js";

/**
 * How many kinds of emits are known. An application has few, but may as well
 * make up a message each time.
 */
const MOST_KINDS = 256;

/** The ids end here. Nobody gets so far; who does asks Go for each. */
const LAST_ID = 0xffffffff;

/** How many digits an id has at most. */
const MOST_DIGITS = 10;

const ZERO = 0x30;

/** What no call has for an id. */
const NO_ID = -1;

/**
 * Events, calls and signs of life, whatever else they say: no answer, and
 * nothing that ends a connection.
 */
const HARMLESS = /^(?:4[25]|[23b])/;

/** @typedef {import("./waiting.js").Waiting} Waiting */

export class Lease {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this._store = store;
    this._module = store.module;
    /** Whether emits may be sent. */
    this._held = false;
    /** Whether they may be calls. */
    this._calls = false;
    /** The id of the next call. */
    this._next = 0;
    /** @type {Map<number, Waiting>} calls that Go knows nothing of, by id */
    this._sent = new Map();
    this._kinds = new Kinds();
  }

  /** Forgets which emits it is good for: there is another connection. */
  forget() {
    this._kinds = new Kinds();
  }

  /**
   * Takes what Go offers at the end of an emit.
   *
   * @param {number} id
   * @param {boolean} calls
   */
  take(id, calls) {
    if (!this._module.guest.nested) {
      this._held = true;
      this._calls = calls;
      this._next = id;
    }
  }

  /**
   * Learns that an emit is of a kind that may be sent, if it is.
   *
   * @param {Waiting} waiting
   */
  learn({ fields: { type, message } }) {
    if (this._held) {
      this._kinds.add(type, message);
    }
  }

  /** Stops sending: Go is about to be given an emit. */
  pause() {
    if (this._held) {
      this._held = false;
      this._module.guest.endLease(this._store.number, this._next);
    }
  }

  /** Ends it, before Go does what the calls under way may end with. */
  end() {
    this.pause();
    if (this._sent.size > 0) {
      for (const [id, waiting] of this._sent) {
        this._handOver(id, waiting);
      }
      this._sent.clear();
    }
  }

  /**
   * Prepares Go for a text.
   *
   * @param {string} text
   */
  expect(text) {
    const id = text.startsWith("43") ? idIn(text) : NO_ID;
    if (id === NO_ID) {
      if (!HARMLESS.test(text)) {
        this.end();
      }
      return;
    }
    const waiting = this._sent.get(id);
    if (waiting !== undefined) {
      this._sent.delete(id);
      this._handOver(id, waiting);
    }
  }

  /**
   * Tells Go of a call that was sent.
   *
   * @param {number} id
   * @param {Waiting} waiting
   */
  _handOver(id, waiting) {
    const body = new Body(""); // it was sent, and is needed no more
    body.waiting = waiting;
    const ref = this._module.bodies.keep(body);
    this._module.guest.handleSent(this._store.number, waiting.sent, id, ref);
  }

  /**
   * Ends without the module, which has crashed.
   *
   * @returns {Waiting[]} the calls that have no answer
   */
  abandon() {
    const sent = [...this._sent.values()];
    this._held = false;
    this._sent.clear();
    return sent;
  }

  /**
   * Sends an emit that has no meta, if it may.
   *
   * @param {Body} body
   * @param {Waiting} waiting
   * @returns {boolean} whether that is all there is to do
   */
  send({ text, attachments }, waiting) {
    const { type, message, acknowledge } = waiting.fields;
    if (
      !this._held ||
      this._module.guest.busy ||
      attachments.length > 0 ||
      !this._kinds.has(type, message)
    ) {
      return false;
    }
    if (typeof acknowledge === "function") {
      return this._sendCall(text, waiting);
    }
    if (acknowledge !== undefined || !this._store.socket.send("42" + text)) {
      return false;
    }
    waiting.settle(undefined);
    return true;
  }

  /**
   * @param {string} text
   * @param {Waiting} waiting
   */
  _sendCall(text, waiting) {
    const { socket } = this._store;
    if (!this._calls || this._next >= LAST_ID || !socket.isOpen) {
      return false;
    }
    const id = this._next++;
    waiting.sent = Date.now();
    this._sent.set(id, waiting);
    if (!socket.send("42" + id + text) && this._sent.delete(id)) {
      this._next = id;
      return false;
    }
    return true;
  }

  /**
   * Settles the call that a text, which begins with 43, is the answer to.
   *
   * @param {string} text
   * @returns {boolean} whether that is all there is to do
   */
  answer(text) {
    const id = idIn(text);
    const waiting = this._sent.get(id);
    if (waiting === undefined) {
      return false;
    }
    const { emits, page } = this._store;
    const args = emits.result(text, text.indexOf("["));
    if (args === null) {
      return false;
    }
    this._sent.delete(id);
    if (!emits.finish(waiting, args)) {
      page.dispatchThrown();
    }
    return true;
  }
}

/**
 * The id of an answer, a text that begins with 43, as long as it is all that
 * stands before the array.
 *
 * @param {string} text
 */
function idIn(text) {
  let id = 0;
  let at = 2;
  for (; at < 2 + MOST_DIGITS; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) {
      break;
    }
    id = id * 10 + digit;
  }
  return at > 2 && text[at] === "[" ? id : NO_ID;
}

/** Kinds of emits: their types and messages. */
class Kinds {
  constructor() {
    /** @type {Map<string, Set<string>>} messages by type */
    this._all = new Map();
    this._size = 0;
    // Those of the emit before, which mostly are those of the next too.
    this._type = "";
    this._message = "";
  }

  /**
   * @param {string} type
   * @param {string} message
   */
  add(type, message) {
    if (this.has(type, message)) {
      return;
    }
    if (this._size >= MOST_KINDS) {
      // Not kept full of what comes once: whatever comes again is learnt again.
      this._all.clear();
      this._size = 0;
    }
    const messages = this._all.get(type) ?? new Set();
    this._all.set(type, messages.add(message));
    this._size++;
  }

  /**
   * @param {string} type
   * @param {string} message
   */
  has(type, message) {
    if (type === this._type && message === this._message) {
      return true;
    }
    if (!this._all.get(type)?.has(message)) {
      return false;
    }
    this._type = type;
    this._message = message;
    return true;
  }
}
