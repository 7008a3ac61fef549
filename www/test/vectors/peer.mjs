// @ts-check
//
// One end of npm's bsock with no network under it: a real Socket on a WebSocket
// that only writes down what it is told, so that what a frame does to bsock can
// be read as a list.

import bsock from "bsock";
import { describe, tag } from "./values.mjs";

/** @typedef {{text?: string, binary?: string}} WireFrame */
/** @typedef {Record<string, unknown>} Happening */

/** The WebSocket that a Peer's Socket believes in. */
class Wire {
  protocol = "";
  binaryType = "";
  /** @type {((event: {data: unknown}) => void) | null} */
  onmessage = null;
  /** @type {(() => void) | null} */
  onopen = null;

  /** @param {(happening: Happening) => void} note */
  constructor(note) {
    this.note = note;
  }

  /** @param {string | Buffer} data */
  send(data) {
    this.note({ send: wireFrame(data) });
  }

  close() {
    this.note({ close: true });
  }
}

/**
 * Writes a WebSocket message as a vector does.
 *
 * @param {string | Buffer} data
 * @returns {WireFrame}
 */
export function wireFrame(data) {
  if (typeof data === "string") return { text: data };
  return { binary: data.toString("hex") };
}

/** A Peer is a bsock Socket and the list of what it did. */
export class Peer {
  /** @type {Happening[]} */
  #happenings = [];

  /**
   * @param {"client" | "server"} role
   * @param {{b64?: boolean}} [options] b64: the client asked for base64 frames
   */
  constructor(role, { b64 = false } = {}) {
    this.wire = new Wire((happening) => this.#happenings.push(happening));
    this.socket = new bsock.Socket();
    for (const event of ["open", "connect", "disconnect", "close"])
      this.socket.on(event, () => this.#happenings.push({ emit: event }));
    this.socket.on("error", (/** @type {Error} */ error) =>
      this.#happenings.push({ error: describe(error) }),
    );
    if (role === "server") this.#accept(b64);
    else this.#connect();
  }

  /** @param {boolean} b64 */
  #accept(b64) {
    const url = `/socket.io/?transport=websocket${b64 ? "&b64=1" : ""}`;
    const address = { remoteAddress: "127.0.0.1", remotePort: 1 };
    this.socket.accept({}, { url }, address, this.wire);
  }

  // Socket.connect makes its own WebSocket; these are the lines around that.
  #connect() {
    this.socket.binary = true;
    this.socket.ws = this.wire;
    this.socket.init();
  }

  /** Tells the Socket that its WebSocket is open. */
  open() {
    this.wire.onopen?.();
  }

  /** Brings the Socket to where both ends can talk, and forgets how. */
  async handshake() {
    this.open();
    if (!this.socket.inbound) {
      await this.receive({
        text: '0{"pingInterval":25000,"pingTimeout":60000}',
      });
      await this.receive({ text: "40" });
    }
    await this.happenings();
  }

  /**
   * Binds events, and hooks calls to the behaviours below.
   *
   * @param {{bind?: string[], hook?: string[]}} names
   */
  listen({ bind = [], hook = [] }) {
    for (const name of bind)
      this.socket.bind(name, (/** @type {unknown[]} */ ...args) =>
        this.#happenings.push({ event: name, args: tag(args) }),
      );
    for (const name of hook) this.socket.hook(name, hooks[name]);
  }

  /** @param {WireFrame} frame */
  async receive({ text, binary }) {
    const data = text ?? Buffer.from(String(binary), "hex");
    this.wire.onmessage?.({ data });
    await settle();
  }

  /** @param {unknown[]} args */
  call(args) {
    const id = this.socket.sequence;
    this.socket.call(...args).then(
      (/** @type {unknown} */ value) =>
        this.#happenings.push({ reply: id, value: tag(value) }),
      (/** @type {any} */ error) =>
        this.#happenings.push({ reject: id, ...remote(error) }),
    );
  }

  /** @returns {Promise<Happening[]>} what happened since it was last asked */
  async happenings() {
    await settle();
    return this.#happenings.splice(0);
  }

  /** Stops the Socket's timer; what that does is not written down. */
  end() {
    this.socket.destroy();
  }
}

// What a hooked call does, by its name.
/** @type {Record<string, (...args: unknown[]) => unknown>} */
const hooks = {
  echo: (...args) => args,
  first: (first) => first,
  nothing: () => undefined,
  fail: (message) => {
    throw Object.assign(new TypeError(String(message)), {
      type: "HookError",
      code: 7,
    });
  },
};

/** @param {{message: string, name: unknown, type: unknown, code: unknown}} e */
function remote({ message, name, type, code }) {
  return { message, name, type, code };
}

// bsock passes every frame through several promises before it acts on it.
function settle() {
  return new Promise((resolve) => setImmediate(resolve));
}
