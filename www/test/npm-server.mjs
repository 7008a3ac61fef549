// @ts-check
//
// npm's bsock as the server behind a page: it keeps every frame that came in,
// and can be told to say anything, sense or nonsense.

import { createServer } from "node:http";
import bsock from "bsock";

/** An NpmServer is a bsock server on a free port of this machine. */
export class NpmServer {
  /** @type {any[]} the sockets that came, in order */
  sockets = [];
  /** @type {import("node:http").IncomingMessage[]} their requests */
  requests = [];
  /** @type {string[]} text frames from all of them, in order */
  frames = [];
  /** @type {string[]} what bsock reported */
  errors = [];
  /** @type {(socket: any) => void} what a test does to a new socket */
  onSocket = () => {};
  #http = createServer();
  // A browser that offers protocols insists on one of them.
  #server = bsock.attach(this.#http, { protocols: ["b"] });

  async open() {
    this.#http.prependListener("upgrade", (r) => this.requests.push(r));
    this.#server.on("socket", (/** @type {any} */ s) => this.#meet(s));
    await new Promise((resolve) =>
      this.#http.listen(0, "127.0.0.1", () => resolve(undefined)),
    );
    return this;
  }

  /** @param {any} socket */
  #meet(socket) {
    this.sockets.push(socket);
    const feed = socket.parser.feedString.bind(socket.parser);
    socket.parser.feedString = (/** @type {string} */ text) => {
      this.frames.push(text);
      feed(text);
    };
    socket.on("error", (/** @type {Error} */ e) => this.errors.push(e.message));
    this.onSocket(socket);
    if (!socket.hooks.has("auth")) socket.hook("auth", () => null);
  }

  /** The socket that came last. */
  get socket() {
    return this.sockets[this.sockets.length - 1];
  }

  get url() {
    const { port } = /** @type {import("node:net").AddressInfo} */ (
      this.#http.address()
    );
    return new URL(`http://127.0.0.1:${port}`);
  }

  /** Forgets everything of the test before. */
  reset() {
    for (const socket of this.sockets) socket.destroy();
    this.sockets = [];
    this.requests = [];
    this.frames = [];
    this.errors = [];
    this.onSocket = () => {};
  }

  async close() {
    this.reset();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}
