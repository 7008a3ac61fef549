// @ts-check
//
// Everything these tests stand on: the package as it is installed, a site that
// serves it and what was built with it, npm's bsock as the server behind that,
// and a browser to drive it all in.

import assert from "node:assert/strict";
import { closePage, launch, openPage } from "../browser.mjs";
import { NpmServer } from "../npm-server.mjs";
import { Site } from "../site.mjs";
import { Workshop } from "./workshop.mjs";

/** What a page tells of its application. */
/** @typedef {{types: string[], bytes?: number[], echo?: number[], kind?: string, message?: string, code?: string}} Seen */

/** A Stand is the place of one test file. */
export class Stand {
  workshop = new Workshop();
  server = new NpmServer();
  site = new Site();
  /** @type {import("puppeteer-core").Browser} */
  browser;

  async open() {
    await this.workshop.open();
    await this.server.open();
    await this.site.open();
    this.site.upstream = this.server.url;
    await this.workshop.serve(
      this.site,
      "/package",
      "node_modules/bsock-wasm",
      {},
    );
    this.browser = await launch();
    this.reset();
    return this;
  }

  /** Forgets what one test has done. */
  reset() {
    this.server.reset();
    this.server.onSocket = meet;
  }

  /**
   * Serves a page.
   *
   * @param {string} path
   * @param {string} body
   * @param {Record<string, string>} headers
   */
  serve(path, body, headers) {
    this.site.replies.set(path, { type: "text/html", headers, body });
  }

  /**
   * Opens a page, and expects its application to be connected, to be told of
   * bytes, and to have left nothing behind but itself.
   *
   * @param {string} url
   * @param {{kind?: string, globals?: string[]}} [expected] what a binary
   *   argument is, and the globals that the page has
   */
  async drive(url, { kind = "Uint8Array", globals = ["app"] } = {}) {
    const open = await openPage(this.browser, url);
    const seen = await seenBy(open.page, "BLOCK");
    assert.deepEqual(seen, {
      types: ["SOCKET_CONNECTED", "BLOCK"],
      kind,
      bytes: [0, 255, 128],
      echo: [0, 255, 128],
    });
    assert.deepEqual(await addedGlobals(open.page), globals);
    const noise = open.noise.filter((line) => !line.includes("[vite]"));
    assert.deepEqual(noise, []);
    await closePage(open);
  }

  /**
   * Opens a page, and returns the error that its application is told.
   *
   * @param {string} url
   */
  async driveIntoError(url) {
    const open = await openPage(this.browser, url);
    const seen = await seenBy(open.page, "SOCKET_ERROR");
    await closePage(open);
    return seen;
  }

  async close() {
    await this.browser?.close();
    await this.site.close();
    await this.server.close();
    await this.workshop.close();
  }
}

/**
 * Has the server send bytes, once it has accepted the key.
 *
 * @param {any} socket of npm's bsock
 */
export function meet(socket) {
  socket.hook("auth", () => {
    setImmediate(() => socket.fire("block connect", Buffer.of(0, 255, 128)));
    return null;
  });
  socket.hook("echo", (_message, data) => data);
}

/**
 * What an application was told, once it has seen an action.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string} type
 * @returns {Promise<Seen>}
 */
async function seenBy(page, type) {
  await page.waitForFunction(
    (type) => globalThis.app?.log.some((action) => action.type === type),
    { timeout: 20_000 },
    type,
  );
  return page.evaluate(async (last) => {
    const { log, dispatch } = /** @type {any} */ (globalThis.app);
    const { payload } = log.find(({ type }) => type === last);
    // But for what only says how the socket stands.
    const types = log
      .map((action) => action.type)
      .filter((type) => !/^SOCKET_(STATUS|CONNECTING)$/.test(type));
    if (payload instanceof Error)
      return { types, message: payload.message, code: payload["code"] };
    const [data] = payload;
    const bsock = { type: "echo", message: "", data, acknowledge() {} };
    const echo = [...(await dispatch({ type: "EMIT_SOCKET", bsock }))];
    const kind = data._isBuffer ? "Buffer" : (data.kind ?? "Uint8Array");
    return { types, kind, bytes: [...data], echo };
  }, type);
}

/**
 * The globals of a page that an empty one has not.
 *
 * @param {import("puppeteer-core").Page} page
 * @returns {Promise<string[]>}
 */
function addedGlobals(page) {
  return page.evaluate(() => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const empty = new Set(Object.getOwnPropertyNames(frame.contentWindow));
    frame.remove();
    // Frames have numbers, and puppeteer brings its own.
    const others = /^\d+$|puppeteer|ariaQuery/;
    return Object.getOwnPropertyNames(window)
      .filter((name) => !empty.has(name) && !others.test(name))
      .sort();
  });
}
