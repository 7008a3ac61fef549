// @ts-check
//
// A WebSocket with nothing behind it: it says what a bsock server says first,
// acknowledges `auth`, and hands over messages when the bench says so, at once.
// What is measured over it is the library alone.

const hello =
  '0{"sid":"0","upgrades":[],"pingInterval":25000,"pingTimeout":60000}';

/** @typedef {(event: any) => void} Listener */

/** A FakeWebSocket stands where the page's WebSocket stood. */
export class FakeWebSocket {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;

  /** @type {FakeWebSocket} the one that was made last */
  static latest;

  CONNECTING = 0;
  OPEN = 1;
  CLOSING = 2;
  CLOSED = 3;

  binaryType = "blob";
  bufferedAmount = 0;
  extensions = "";
  protocol = "";
  readyState = 0;
  /** @type {Listener | null} */ onopen = null;
  /** @type {Listener | null} */ onmessage = null;
  /** @type {Listener | null} */ onerror = null;
  /** @type {Listener | null} */ onclose = null;

  /** How many messages were sent, but for pings. */
  sent = 0;
  /** @type {string[] | null} where calls are kept, if someone answers them */
  calls = null;
  /** @type {Map<string, Set<Listener>>} */
  #listeners = new Map();

  /** @param {string | URL} url */
  constructor(url) {
    this.url = String(url);
    FakeWebSocket.latest = this;
    setTimeout(() => this.#open());
  }

  #open() {
    this.readyState = FakeWebSocket.OPEN;
    this.#tell("open", this.onopen, { type: "open", target: this });
    this.deliver(hello);
    this.deliver("40");
  }

  /**
   * Hands a message over, as the browser would have.
   *
   * @param {string | ArrayBuffer} data
   */
  deliver(data) {
    this.#tell("message", this.onmessage, {
      type: "message",
      target: this,
      data,
    });
  }

  /**
   * @param {string} type
   * @param {Listener | null} handler
   * @param {object} event
   */
  #tell(type, handler, event) {
    handler?.call(this, event);
    const listeners = this.#listeners.get(type);
    if (listeners) for (const listener of listeners) listener.call(this, event);
  }

  /** @param {string | ArrayBuffer | ArrayBufferView} data */
  send(data) {
    if (data === "2") {
      setTimeout(() => this.deliver("3"));
      return;
    }
    this.sent++;
    if (typeof data !== "string") return;
    if (this.calls) this.calls.push(data);
    else if (data.startsWith('["auth"', data.indexOf("[")))
      setTimeout(() => this.deliver(`43${idOf(data)}[null,null]`));
  }

  close() {
    this.readyState = FakeWebSocket.CLOSED;
  }

  /**
   * @param {string} type
   * @param {Listener} listener
   */
  addEventListener(type, listener) {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
  }

  /**
   * @param {string} type
   * @param {Listener} listener
   */
  removeEventListener(type, listener) {
    this.#listeners.get(type)?.delete(listener);
  }
}

/**
 * The id of a call that was sent.
 *
 * @param {string} frame
 */
export function idOf(frame) {
  return frame.slice(2, frame.indexOf("["));
}
