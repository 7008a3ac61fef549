// @ts-check

// What arrives over one WebSocket. A text is kept as a body here, and the
// module is given its head; an event that has a route is delivered at once:
// route.js has the law.

import { Body, bytesOf } from "./payload.js";
import { READ_BASE64, READ_DONE, READ_KEPT, READ_WAITING } from "./reading.js";
import { Routes } from "./route.js";

/** The frame type in front of an attachment. */
export const FRAME_MESSAGE = 4;

/** How large an event may be to take a route, in letters and bytes. */
const MOST = 1_000_000;

/**
 * How exactly the time of a sign of life is known, in milliseconds. To ask for
 * the time at each message would make a short one a seventh slower.
 */
const TICK = 100;

/** @type {Uint8Array[]} */
const NONE = [];

/** An event that awaits its attachments on this side. */
class Held {
  /**
   * @param {import("./route.js").Route} route
   * @param {string} text
   */
  constructor(route, text) {
    this.route = route;
    this.text = text;
    /** @type {Uint8Array[]} */
    this.attachments = [];
    this.size = text.length;
  }
}

export class Receiver {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this._store = store;
    this._module = store.module;
    /** The body whose attachments are to come, and Go knows of. */
    this._pending = 0;
    this._routes = new Routes();
    /** Whether Go awaits nothing: it has delivered the last message. */
    this._settled = false;
    /** Counts the messages that Go is given. */
    this._turn = 0;
    /** @type {Held | null} */
    this._held = null;
    /** @type {boolean | null} whether no frame type stands in front of binary */
    this._raw = null;
    /** When a message took a route that Go has not heard of, or 0. */
    this._heard = 0;
    /** Whether that is less than a TICK ago. */
    this._ticking = false;
  }

  /** Forgets what was learnt: there are to be other listeners. */
  forget() {
    this._release();
    this._routes = new Routes();
  }

  /** @param {import("./payload.js").Body} body @param {number} offset */
  routeOf(body, offset) {
    return this._routes.learn(body, offset);
  }

  /**
   * Tells Go what it must know before it looks at the clock: the last sign of
   * life, and what has been waiting for its attachments.
   */
  catchUp() {
    this._release();
    const heard = this._heard;
    if (heard !== 0) {
      this._heard = 0;
      this._module.guest.heard(this._store.number, heard);
    }
  }

  /**
   * Hears that a body is dropped.
   *
   * @param {number} ref
   */
  dropped(ref) {
    if (ref === this._pending) {
      this._pending = 0;
    }
  }

  /** @param {unknown} data */
  receive(data) {
    if (typeof data === "string") {
      if (!this._takeText(data)) {
        this._receiveText(data);
      }
      return;
    }
    const bytes = bytesOf(data);
    if (bytes === null) {
      this._release();
      this._module.guest.handleMalformed(
        this._store.number,
        "Message is neither text nor binary.",
      );
      return;
    }
    if (!this._takeBinary(bytes)) {
      this._receiveFrame(bytes);
    }
  }

  /**
   * Delivers a text that has a route, or holds it until it is complete. If not,
   * all that was held is Go's when this returns.
   *
   * @param {string} text
   * @returns {boolean} whether that is all there is to do
   */
  _takeText(text) {
    if (this._held !== null) {
      this._release();
      return false;
    }
    if (!this._settled || text.length > MOST || this._module.guest.busy) {
      return false;
    }
    if (text.startsWith("43")) {
      return this._takeAnswer(text);
    }
    const route = this._routes.find(text);
    if (route === null) {
      return false;
    }
    this._hear();
    if (route.attachments > 0) {
      this._raw ??= this._module.guest.rawBinary(this._store.number);
      this._held = new Held(route, text);
      return true;
    }
    return this._store.listeners.tellAll(route, text, NONE);
  }

  /**
   * @param {string} text
   * @returns {boolean} as _takeText
   */
  _takeAnswer(text) {
    const taken = this._store.lease.answer(text);
    if (taken) {
      this._hear();
    }
    return taken;
  }

  /**
   * @param {Uint8Array} frame
   * @returns {boolean} as _takeText
   */
  _takeBinary(frame) {
    const held = this._held;
    if (held === null) {
      return false;
    }
    held.size += frame.length;
    if (
      held.size > MOST ||
      (frame[0] !== FRAME_MESSAGE && !this._raw) ||
      this._module.guest.busy
    ) {
      this._release();
      return false;
    }
    this._hear();
    held.attachments.push(this._raw ? frame : frame.subarray(1));
    if (held.attachments.length === held.route.attachments) {
      this._held = null;
      const { route, text, attachments } = held;
      if (!this._store.listeners.tellAll(route, text, attachments)) {
        this._handOver(held);
      }
    }
    return true;
  }

  /** Notes a sign of life, for Go to be told of. */
  _hear() {
    if (!this._ticking) {
      this._ticking = true;
      this._heard = Date.now();
      setTimeout(() => {
        this._ticking = false;
      }, TICK);
    }
  }

  /** Hands what is held to Go. */
  _release() {
    const held = this._held;
    if (held !== null) {
      this._held = null;
      this._handOver(held);
    }
  }

  /** @param {Held} held */
  _handOver({ text, attachments }) {
    this._receiveText(text);
    const more = this._raw ? 0 : 1;
    for (const data of attachments) {
      this._receiveBinary(FRAME_MESSAGE, data, data.length + more);
    }
  }

  /** Begins to give Go a message, which is a sign of life. */
  _begin() {
    this._heard = 0;
    this._settled = false;
    return ++this._turn;
  }

  /**
   * Notes how Go has read a message, if it was given none meanwhile.
   *
   * @param {number} turn
   * @param {boolean} settled
   */
  _settle(turn, settled) {
    if (turn === this._turn) {
      this._settled = settled;
    }
  }

  /** @param {string} text */
  _receiveText(text) {
    const { guest, bodies } = this._module;
    this._store.lease.expect(text);
    const ref = bodies.keep(new Body(text));
    const turn = this._begin();
    const reading = guest.handleHead(this._store.number, text, ref);
    this._settle(turn, reading === READ_KEPT);
    switch (reading) {
      case READ_DONE:
        bodies.drop(ref);
        break;
      case READ_WAITING:
        this._pending = ref;
        break;
      case READ_BASE64:
        bodies.drop(ref);
        this._receiveBase64(text);
        break;
    }
  }

  /** @param {Uint8Array} bytes of a binary message */
  _receiveFrame(bytes) {
    if (this._module.guest.rawBinary(this._store.number)) {
      this._receiveBinary(FRAME_MESSAGE, bytes, bytes.length);
    } else {
      this._receiveBinary(bytes[0], bytes.subarray(1), bytes.length);
    }
  }

  /** @param {string} text b, the frame type unless it is raw, and base64 */
  _receiveBase64(text) {
    const { guest } = this._module;
    const raw = guest.rawBinary(this._store.number);
    let letters;
    try {
      letters = atob(text.slice(raw ? 1 : 2));
    } catch {
      guest.handleMalformed(
        this._store.number,
        "Binary frame is not valid base64.",
      );
      return;
    }
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    if (raw) {
      this._receiveBinary(FRAME_MESSAGE, bytes, bytes.length);
    } else {
      this._receiveBinary(text.charCodeAt(1) - 48, bytes, bytes.length + 1);
    }
  }

  /**
   * @param {number} frameType
   * @param {Uint8Array} data
   * @param {number} size with the frame type
   */
  _receiveBinary(frameType, data, size) {
    const { guest, bodies } = this._module;
    const pending = this._pending;
    this._store.lease.end(); // the last attachment may make it an answer
    const body = pending === 0 ? null : bodies.get(pending);
    body?.attachments.push(data);
    const turn = this._begin();
    const reading = guest.handleBinaryHead(this._store.number, frameType, size);
    this._settle(turn, reading === READ_KEPT);
    if (pending === 0 || this._pending !== pending) {
      return;
    }
    if (reading === READ_KEPT) {
      this._pending = 0;
    } else if (reading === READ_DONE) {
      body?.attachments.pop();
    }
  }
}
