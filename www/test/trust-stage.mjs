// @ts-check
//
// What the tests of trust stand on: a page with the package as built, npm's
// bsock as its server, which keeps every frame, and a line between them that
// can be cut and mended.

import { closePage, openPage } from "./browser.mjs";
import { NpmServer } from "./npm-server.mjs";
import { html } from "./site.mjs";
import { Stage } from "./stage.mjs";

const script = `
  import * as bsock from "bsock-wasm";
  import { App, hex, pause, plain } from "/pages/app.mjs";
  const bsockMiddleware = bsock.default;
  const stateAfter = (log) => log.reduce(bsock.socketReducer, undefined);
  Object.assign(globalThis, { bsock, lib: { bsockMiddleware, App, hex, pause, plain }, stateAfter });
`;

/** A Trust is a browser, and a server that can be cut off. */
export class Trust {
  stage = new Stage();
  server = new NpmServer();
  /** @type {import("./browser.mjs").OpenPage[]} */
  #pages = [];

  async open() {
    await this.server.open();
    await this.stage.openPages();
    this.stage.site.replies.set("/trust", html(script));
    this.mend();
  }

  /**
   * Opens a page that knows where the server is, as `where`.
   *
   * @returns {Promise<import("puppeteer-core").Page>}
   */
  async page() {
    const { site, browser } = this.stage;
    const open = await openPage(browser, site.url("/trust"));
    this.#pages.push(open);
    await open.page.waitForFunction("globalThis.bsock");
    await open.page.evaluate((port) => {
      globalThis.where = { host: "127.0.0.1", port };
    }, site.port);
    return open.page;
  }

  /** Cuts the line: nobody gets through until it is mended. */
  cut() {
    this.stage.site.upstream = undefined;
    this.stage.site.cut();
  }

  mend() {
    this.stage.site.upstream = this.server.url;
  }

  /** Closes the pages of one test, and forgets what they said. */
  async closePages() {
    for (const page of this.#pages.splice(0)) await closePage(page);
    this.server.reset();
    this.mend();
  }

  async close() {
    await this.closePages();
    await this.stage.close();
    await this.server.close();
  }
}
