// @ts-check
//
// The site that test pages come from. It serves the package as it was built,
// the test's own modules, and Redux, with an import map and no bundler; and it
// passes WebSockets on to the app server, so that pages and socket have one
// origin and a test can cut the line between them.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { extname } from "node:path";
import { prelude } from "./browser.mjs";

const here = new URL("./", import.meta.url);
const modules = new URL("node_modules/", here);

/** @type {Record<string, URL>} */
const folders = {
  "/dist/": new URL("../dist/", here),
  "/pages/": new URL("pages/", here),
  "/bench/": new URL("bench/", here),
  "/transcripts/": new URL("transcripts/", here),
};

/** @type {Record<string, URL>} */
const files = {
  "/modules/redux.mjs": new URL("redux/dist/redux.browser.mjs", modules),
  "/modules/redux-thunk.mjs": new URL(
    "redux-thunk/dist/redux-thunk.mjs",
    modules,
  ),
  "/modules/bsock-middleware.js": new URL("bsock-middleware/index.js", modules),
};

const importMap = {
  imports: {
    "bsock-wasm": "/dist/index.mjs",
    "bsock-wasm/external": "/dist/external.mjs",
    redux: "/modules/redux.mjs",
    "redux-thunk": "/modules/redux-thunk.mjs",
  },
};

/** @type {Record<string, string>} */
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

// Isolated pages get a clock of 5 µs instead of 100.
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cache-Control": "no-store",
};

/**
 * @typedef {object} Reply
 * @property {number} [status]
 * @property {string} [type]
 * @property {Record<string, string>} [headers]
 * @property {string | Uint8Array} body
 */

/** A Site is a web server on a free port of this machine. */
export class Site {
  /** @type {Map<string, Reply>} what a test serves in place of files */
  replies = new Map();
  /** @type {Set<import("node:net").Socket>} */
  #lines = new Set();
  #server = createServer((request, response) => this.#serve(request, response));
  /** @type {URL | undefined} the app server, where WebSockets go */
  upstream;

  async open() {
    this.#server.on("upgrade", (request, socket, head) =>
      this.#pass(request, /** @type {any} */ (socket), head),
    );
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

  /** @param {string} path */
  url(path) {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** How many WebSockets are open through this site. */
  get connections() {
    return this.#lines.size;
  }

  /** Cuts every WebSocket, as a cable that is pulled would. */
  cut() {
    for (const line of this.#lines) line.destroy();
  }

  async close() {
    this.cut();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async #serve(request, response) {
    const { pathname } = new URL(String(request.url), this.url("/"));
    const reply = await this.#reply(pathname).catch(notFound);
    response.writeHead(reply.status ?? 200, {
      "Content-Type": reply.type ?? "text/plain",
      ...isolation,
      ...reply.headers,
    });
    response.end(reply.body);
  }

  /**
   * @param {string} path
   * @returns {Promise<Reply>}
   */
  async #reply(path) {
    const given = this.replies.get(path);
    if (given) return given;
    if (path === "/") return html("");
    if (path === "/favicon.ico") return { status: 204, body: "" };
    const folder = Object.keys(folders).find((name) => path.startsWith(name));
    const file =
      files[path] ??
      new URL(path.slice(String(folder).length), folders[String(folder)]);
    return { type: types[extname(path)], body: await readFile(file) };
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:net").Socket} socket
   * @param {Buffer} head
   */
  #pass(request, socket, head) {
    if (!this.upstream) return void socket.destroy();
    const { hostname, port } = this.upstream;
    const line = connect(Number(port), hostname, () => {
      line.write(requestHead(request));
      line.write(head);
      socket.pipe(line).pipe(socket);
    });
    this.#lines.add(socket);
    for (const [end, other] of [
      [socket, line],
      [line, socket],
    ]) {
      end.on("error", () => {});
      end.on("close", () => {
        // Not before what it still has to say has been said.
        other.destroySoon();
        this.#lines.delete(socket);
      });
    }
  }
}

/**
 * A page of this site; script is the source of a module in it.
 *
 * @param {string} script
 * @param {Record<string, string>} [headers]
 * @returns {Reply}
 */
export function html(script, headers) {
  const map = JSON.stringify(importMap);
  const body = `<!doctype html><meta charset="utf-8"><title>test</title>${prelude}
<script type="importmap">${map}</script><script type="module">${script}</script>`;
  return { type: types[".html"], headers, body };
}

/**
 * @param {Error} error
 * @returns {Reply}
 */
function notFound(error) {
  return { status: 404, body: error.message };
}

// The request as it came, so that the app server sees the page's own origin.
/** @param {import("node:http").IncomingMessage} request */
function requestHead({ method, url, rawHeaders }) {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let i = 0; i < rawHeaders.length; i += 2)
    lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return lines.join("\r\n") + "\r\n\r\n";
}
