// @ts-check
//
// npm's socket.io, of either generation, as the server behind a page. It notes
// what it hears and can be told to say anything.

import { createServer } from "node:http";
import { load } from "./peers/socketio.mjs";

/** A SocketIOServer is one on a free port of this machine. */
export class SocketIOServer {
  /** @type {any[]} the sockets that came, in order, of all namespaces */
  sockets = [];
  /** @type {string[]} the URLs they came with */
  urls = [];
  /** @type {[string, string, ...unknown[]][]} namespace, event, arguments */
  heard = [];
  #http = createServer();
  /** @type {any} */
  #io;

  /**
   * @param {"2" | "4"} generation
   * @param {object} options Socket.IO's own
   */
  constructor(generation, options) {
    const settings = { serveClient: false, ...options };
    const socketio = load("socket.io", generation);
    this.#io =
      generation === "2"
        ? socketio(this.#http, settings)
        : new socketio.Server(this.#http, settings);
    for (const nsp of ["/", "/admin"])
      this.#io
        .of(nsp)
        .on("connection", (/** @type {any} */ s) => this.#meet(s));
    this.#io.of("/closed").use(refuse);
    this.#http.prependListener("upgrade", ({ url = "" }) =>
      this.urls.push(url),
    );
  }

  async open() {
    await new Promise((resolve) =>
      this.#http.listen(0, "127.0.0.1", () => resolve(undefined)),
    );
    return this;
  }

  /** @param {any} socket */
  #meet(socket) {
    this.sockets.push(socket);
    socket.use((/** @type {unknown[]} */ packet, /** @type {any} */ next) => {
      const values = packet.filter((value) => typeof value !== "function");
      this.heard.push([socket.nsp.name, .../** @type {[string]} */ (values)]);
      next();
    });
    socket.on("echo", (/** @type {any[]} */ ...args) => args.pop()(...args));
  }

  /**
   * The socket of a namespace that came last.
   *
   * @param {string} nsp
   */
  socket(nsp = "/") {
    return this.sockets.findLast((socket) => socket.nsp.name === nsp);
  }

  get url() {
    const { port } = /** @type {import("node:net").AddressInfo} */ (
      this.#http.address()
    );
    return new URL(`http://127.0.0.1:${port}`);
  }

  async close() {
    await new Promise((resolve) => this.#io.close(resolve));
  }
}

/**
 * @param {any} _socket
 * @param {(error: Error) => void} next
 */
function refuse(_socket, next) {
  next(new Error("not authorized"));
}
