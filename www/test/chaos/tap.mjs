// @ts-check
//
// A relay on a free port that passes bytes on as they are and notes what it
// sees: when each connection came and was let go of, and which texts its client
// sent. Before toxiproxy it tells what the page did, before the node what the
// app server did.

import { connect, createServer } from "node:net";
import { Receiver } from "ws";

/**
 * A Line is a connection. It was let go of when its client sent a close frame,
 * ended it or broke it; or when the server did.
 *
 * @typedef {object} Line
 * @property {number} accepted
 * @property {number} left Infinity while it lives
 */

/** A Tap is a running relay. */
export class Tap {
  /** @type {Line[]} all that there were, as they came; the WebSockets alone */
  lines = [];
  /** @type {string[]} what was no WebSocket frame */
  malformed = [];
  #server = createServer({ allowHalfOpen: true }, (client) =>
    this.#relay(client),
  );
  /** @type {Set<import("node:net").Socket>} */
  #open = new Set();
  #port;
  #read;

  /**
   * @param {number} port of the server behind it
   * @param {(text: string) => void} [read] is given each text from a client
   */
  constructor(port, read = () => {}) {
    this.#port = port;
    this.#read = read;
  }

  async open() {
    await new Promise((resolve) =>
      this.#server.listen(0, "127.0.0.1", () => resolve(undefined)),
    );
    return this;
  }

  get port() {
    return /** @type {import("node:net").AddressInfo} */ (
      this.#server.address()
    ).port;
  }

  async close() {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** @param {import("node:net").Socket} client */
  #relay(client) {
    const server = connect({
      port: this.#port,
      host: "127.0.0.1",
      allowHalfOpen: true,
    });
    const watch = this.#watch();
    client.on("data", (bytes) => watch.take(bytes));
    client.on("end", watch.leave);
    client.pipe(server).pipe(client);
    for (const [end, other] of [
      [client, server],
      [server, client],
    ]) {
      this.#open.add(end);
      end.setNoDelay(true);
      // What breaks at one end breaks at the other, not before it ends there.
      end.on("error", () => other.resetAndDestroy());
      end.on("close", () => {
        watch.leave();
        other.destroySoon();
        this.#open.delete(end);
      });
    }
  }

  #watch() {
    const accepted = Date.now();
    /** @type {Line | undefined} */
    let line;
    const leave = () => {
      if (line?.left === Infinity) line.left = Date.now();
    };
    const reader = new Reader({
      isSocket: () => this.lines.push((line = { accepted, left: Infinity })),
      text: this.#read,
      close: leave,
      malformed: (text) => this.malformed.push(text),
    });
    return { take: (/** @type {Buffer} */ b) => reader.take(b), leave };
  }
}

/**
 * What a Reader tells of.
 *
 * @typedef {object} Ears
 * @property {() => void} isSocket it asks to be a WebSocket
 * @property {(text: string) => void} text
 * @property {() => void} close
 * @property {(text: string) => void} malformed
 */

/** A Reader reads what a WebSocket's client sends, from its request on. */
class Reader {
  #ears;
  #head = "";
  /** @type {any} */
  #receiver;

  /** @param {Ears} ears */
  constructor(ears) {
    this.#ears = ears;
  }

  /** @param {Buffer} bytes */
  take(bytes) {
    // It unmasks what it is given where it stands.
    if (this.#receiver) return void this.#receiver.write(Buffer.from(bytes));
    this.#head += bytes.toString("latin1");
    const end = this.#head.indexOf("\r\n\r\n");
    if (end < 0 || !/^upgrade: websocket\r$/im.test(this.#head)) return;
    this.#receiver = this.#receive();
    this.#ears.isSocket();
    this.#receiver.write(Buffer.from(this.#head.slice(end + 4), "latin1"));
  }

  #receive() {
    const receiver = new Receiver({ isServer: true, maxPayload: 1 << 28 });
    receiver.on(
      "message",
      (/** @type {Buffer} */ data, /** @type {boolean} */ isBinary) => {
        if (!isBinary) this.#ears.text(String(data));
      },
    );
    receiver.on("conclude", this.#ears.close);
    receiver.on("error", (/** @type {Error} */ { message }) =>
      this.#ears.malformed(message),
    );
    return receiver;
  }
}
