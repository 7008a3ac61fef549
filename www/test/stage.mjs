// @ts-check
//
// Everything an end-to-end test stands on: a browser, the site its pages come
// from, our app server and, where it is asked for, a real node.

import { closePage, launch, openPage } from "./browser.mjs";
import { startApp, startHsd, upstreamOf } from "./servers.mjs";
import { Site, html } from "./site.mjs";

/** The key that pages must show to the app server. */
export const apiKey = "the right key";

// The page's half: the package as built, and what applications are made of.
const script = `
  import bsockMiddleware, { load } from "bsock-wasm";
  import { App, hex, pause, plain, readEntry } from "/pages/app.mjs";
  import * as plugins from "/pages/plugins.mjs";
  globalThis.lib = { bsockMiddleware, load, App, hex, pause, plain, readEntry, plugins };
`;

/** A Stage is a browser with servers behind it. */
export class Stage {
  /** @type {import("puppeteer-core").Browser} */
  browser;
  /** @type {import("./servers.mjs").Node} */
  node;
  site = new Site();
  /** @type {import("./process.mjs").Program} */
  #app;
  /** @type {import("./browser.mjs").OpenPage[]} */
  #pages = [];

  /**
   * @param {{hsd?: boolean}} [options] hsd: a real node in place of the simulated
   */
  async open({ hsd = false } = {}) {
    await this.openPages();
    const env = { API_KEY: apiKey };
    if (hsd) {
      this.node = await startHsd();
      Object.assign(env, upstreamOf(this.node));
    }
    const { url, program } = await startApp(env);
    this.#app = program;
    this.site.upstream = url;
    return this;
  }

  /** Opens the browser and the site alone: pages, but nothing behind them. */
  async openPages() {
    await this.site.open();
    this.site.replies.set("/app", html(script));
    this.browser = await launch();
    return this;
  }

  /** Opens a page in which `lib` is there and no store yet. */
  async page() {
    const open = await openPage(this.browser, this.site.url("/app"));
    this.#pages.push(open);
    await open.page.waitForFunction("globalThis.lib");
    return open;
  }

  /** Closes the pages of one test. */
  async closePages() {
    for (const page of this.#pages.splice(0)) await closePage(page);
  }

  /** Where a page connects to: CONNECT_SOCKET's `bsock`. */
  get where() {
    return { host: "127.0.0.1", port: this.site.port, apiKey };
  }

  /** What the app server said and complained about. */
  get appOutput() {
    return this.#app.output;
  }

  async close() {
    await this.closePages();
    await this.browser?.close();
    await this.#app?.stop();
    await this.node?.program.stop();
    await this.site.close();
  }
}
