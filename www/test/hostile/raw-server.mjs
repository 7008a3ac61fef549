// @ts-check
//
// A server that may say anything at all: it writes its frames by hand, so that
// they need not be what a WebSocket, or bsock, allows.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

/** The opcodes of RFC 6455, section 5.2. */
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;

/** A Peer is the server's end of one connection. */
export class Peer {
  /** @type {string[]} texts that came */
  received = [];
  /** @type {(text: string) => void} what a test does with a text */
  onText = () => {};
  gone = false;
  /** whether it answers the client's pings */
  answers = true;
  #unread = Buffer.alloc(0);

  /** @param {import("node:net").Socket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.on("error", () => {});
    socket.on("close", () => (this.gone = true));
    socket.on("data", (data) => this.#read(data));
  }

  /**
   * Writes a frame; the promise is for a flood that is to go no faster than it
   * is read.
   *
   * @param {number} opcode
   * @param {string | Uint8Array} payload
   * @param {boolean} [last] whether it ends its message
   */
  async frame(opcode, payload, last = true) {
    const data = Buffer.from(/** @type {string} */ (payload));
    await this.raw(
      Buffer.concat([header(opcode | (last ? 0x80 : 0), data.length), data]),
    );
  }

  /** @param {string | Uint8Array} text */
  text(text) {
    return this.frame(TEXT, text);
  }

  /**
   * @param {number} [code] none if there is to be none
   * @param {string | Uint8Array} [reason]
   */
  async close(code, reason = "") {
    const payload = Buffer.alloc(code === undefined ? 0 : 2);
    if (code !== undefined) payload.writeUInt16BE(code);
    const rest = Buffer.from(/** @type {string} */ (reason));
    await this.frame(CLOSE, Buffer.concat([payload, rest]));
  }

  /** @param {Uint8Array} bytes that need be no frame */
  async raw(bytes) {
    if (this.gone || this.socket.write(bytes)) return;
    await Promise.race([
      once(this.socket, "drain"),
      once(this.socket, "close"),
    ]).catch(() => {});
  }

  /**
   * Says what a good server says first, and lets in whoever knocks.
   *
   * @param {object} [hello]
   */
  welcome(hello = { pingInterval: 25000, pingTimeout: 60000 }) {
    this.text(`0${JSON.stringify({ sid: "1", upgrades: [], ...hello })}`);
    this.text("40");
    return this.letIn();
  }

  /** Resolves when auth has been called and answered. */
  async letIn() {
    await this.until((text) => text.startsWith('420["auth"'));
    await this.text("430[null]");
  }

  /**
   * Waits for a text, or for the end.
   *
   * @param {(text: string) => boolean} is
   * @returns {Promise<string>}
   */
  until(is) {
    return new Promise((resolve) => {
      const found = this.received.find(is);
      if (found !== undefined) return resolve(found);
      const before = this.onText;
      this.onText = (text) => {
        before(text);
        if (is(text)) resolve(text);
      };
      this.socket.once("close", () => resolve(""));
    });
  }

  /** @param {Buffer} data */
  #read(data) {
    this.#unread = Buffer.concat([this.#unread, data]);
    for (;;) {
      const frame = unmask(this.#unread);
      if (!frame) return;
      this.#unread = this.#unread.subarray(frame.size);
      if (frame.opcode === CLOSE) this.socket.end();
      if (frame.opcode !== TEXT) continue;
      const text = frame.payload.toString();
      this.received.push(text);
      if (text === "2" && this.answers) this.text("3");
      this.onText(text);
    }
  }
}

/**
 * @param {number} first its first byte
 * @param {number} size
 */
function header(first, size) {
  if (size < 126) return Buffer.of(first, size);
  if (size < 1 << 16) return Buffer.of(first, 126, size >> 8, size & 0xff);
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(size), 2);
  return head;
}

/**
 * The frame of a client that bytes begin with, if all of it is there. A client
 * under test sends no long ones.
 *
 * @param {Buffer} bytes
 */
function unmask(bytes) {
  if (bytes.length < 6) return null;
  const short = bytes[1] & 0x7f;
  const at = short < 126 ? 2 : 4;
  const length = short < 126 ? short : bytes.readUInt16BE(2);
  const size = at + 4 + length;
  if (bytes.length < size) return null;
  const payload = Buffer.from(bytes.subarray(at + 4, size));
  for (let i = 0; i < length; i++) payload[i] ^= bytes[at + (i & 3)];
  return { opcode: bytes[0] & 15, payload, size };
}

/** What becomes of a request for a WebSocket, if it becomes none. */
/** @typedef {(socket: import("node:net").Socket) => void} Refusal */

/** A RawServer is on a free port of this machine. */
export class RawServer {
  /** @type {Peer[]} those that came, in order */
  peers = [];
  /** @type {(peer: Peer) => unknown} what it does to the one that came last */
  onPeer = (peer) => peer.welcome();
  /** @type {Refusal | null} what it does in place of a WebSocket */
  refuse = null;
  /** how many have asked for a WebSocket */
  asked = 0;
  #http = createServer((_request, response) => response.end("no WebSocket"));

  async open() {
    this.#http.on("upgrade", (request, socket) =>
      this.#upgrade(request, /** @type {any} */ (socket)),
    );
    await new Promise((resolve) =>
      this.#http.listen(0, "127.0.0.1", () => resolve(undefined)),
    );
    return this;
  }

  get port() {
    return /** @type {import("node:net").AddressInfo} */ (this.#http.address())
      .port;
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:net").Socket} socket
   */
  #upgrade(request, socket) {
    this.asked++;
    socket.on("error", () => {});
    if (this.refuse) return this.refuse(socket);
    socket.write(accept(request));
    const peer = new Peer(socket);
    this.peers.push(peer);
    this.onPeer(peer);
  }

  /** Becomes a good server, and forgets who was there. */
  reset() {
    for (const { socket } of this.peers) socket.destroy();
    this.peers = [];
    this.asked = 0;
    this.refuse = null;
    this.onPeer = (peer) => peer.welcome();
  }

  async close() {
    this.reset();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}

/** @param {import("node:http").IncomingMessage} request */
export function accept(request) {
  const key = request.headers["sec-websocket-key"];
  const proof = createHash("sha1")
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${proof}\r\n\r\n`;
}
