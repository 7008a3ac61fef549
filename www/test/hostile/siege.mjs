// @ts-check
//
// What every attack on a page is measured by: how much memory the page's process
// took at most, for how long at most nothing else could happen in it, what
// reached the store; and that a good server finds it as good as new.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { html } from "../site.mjs";
import { Stage } from "../stage.mjs";
import { RawServer } from "./raw-server.mjs";

const script = `
  import bsockMiddleware, { load } from "bsock-wasm";
  import { Witness } from "/pages/hostile.mjs";
  await load(); // or the page is measured while it starts
  globalThis.lib = { bsockMiddleware };
  globalThis.Witness = Witness;
`;

/** What the browser itself writes into the console of a page. */
const chromiumSays = /^console\.(error|warn): WebSocket connection to /;

/**
 * @typedef {ReturnType<import("../pages/hostile.mjs").Witness["report"]["valueOf"]>} Report
 */

/**
 * An Attack is what a server does, and what must come of it.
 *
 * @typedef {object} Attack
 * @property {(peer: import("./raw-server.mjs").Peer, nth: number) => unknown} [onPeer]
 *   what it does to each connection, counted from 0
 * @property {import("./raw-server.mjs").Refusal} [refuse] what it does instead
 * @property {object} [options] of the middleware
 * @property {object} [fields] of CONNECT_SOCKET
 * @property {string} [until] source of what the page waits for
 * @property {number} [block] how long the page may stand still, in milliseconds; 15 s
 *   if nothing is said, for a machine may be busy with other things
 * @property {number} [memory] how much its process may grow by, in MB
 */

/** A Siege is a browser and a server that attacks its pages. */
export class Siege {
  stage = new Stage();
  server = new RawServer();
  /** @type {import("puppeteer-core").CDPSession} */
  #browser;

  async open() {
    await this.server.open();
    await this.stage.openPages();
    this.stage.site.replies.set("/app", html(script));
    this.#browser = await this.stage.browser.target().createCDPSession();
    return this;
  }

  /** Ends what a test has begun. */
  async lift() {
    await this.stage.closePages();
    this.server.reset();
  }

  async close() {
    await this.stage.close();
    await this.server.close();
  }

  /**
   * Lets a page connect to a server that attacks it, and returns what came of it
   * once the page has seen `until`.
   *
   * @param {import("node:test").TestContext} t
   * @param {Attack} attack
   */
  async attack(t, { onPeer, refuse, options, fields, until, block, memory }) {
    let nth = 0;
    if (onPeer) this.server.onPeer = (peer) => onPeer(peer, nth++);
    this.server.refuse = refuse ?? null;
    const { page, noise } = await this.stage.page();
    await page.waitForFunction("globalThis.Witness");
    const before = await this.#memory(true);
    await page.evaluate(async ([given, port, more]) => {
      globalThis.witness = new Witness(lib.bsockMiddleware, given);
      witness.connect(port, more);
    }, /** @type {const} */ ([options, this.server.port, fields]));
    const seen = await page.evaluate(
      `(async () => { ${until ?? ""}; return witness.report; })()`,
    );
    const peak = (await this.#memory(false)) - before;
    const report = /** @type {any} */ (seen);
    t.diagnostic(`longest block ${report.longest} ms, ${peak} MB more at most`);
    await this.#recovers(page);
    const loud = noise.filter((line) => !chromiumSays.test(line));
    assert.deepEqual(loud, [], "nothing is uncaught");
    assert.equal(report.polluted, false, "no prototype was changed");
    assert.ok(
      report.longest <= (block ?? 15_000),
      `stood still ${report.longest} ms`,
    );
    assert.ok(peak <= (memory ?? 120), `grew by ${peak} MB`);
    return { ...report, peers: nth };
  }

  // The server becomes a good one, and is found to be one.
  /** @param {import("puppeteer-core").Page} page */
  async #recovers(page) {
    const connected = await page.evaluate(
      () => witness.counts.SOCKET_CONNECTED ?? 0,
    );
    this.server.reset();
    this.server.onPeer = (peer) => {
      peer.onText = (text) => {
        const call = text.match(/^42(\d+)\["are you well"/);
        if (call) peer.text(`43${call[1]}[null,"yes"]`);
      };
      peer.welcome();
    };
    await page.evaluate((port) => void witness.connect(port), this.server.port);
    await page.evaluate(
      (count) => witness.until("SOCKET_CONNECTED", count, 20_000),
      connected + 1,
    );
    const events = await page.evaluate(() => witness.counts.EVENT ?? 0);
    this.server.peers.at(-1)?.text('42["event","still here"]');
    await page.evaluate((count) => witness.until("EVENT", count), events + 1);
    const { answer, last } = await page.evaluate(async () => ({
      ...(await witness.call("are you well")),
      last: witness.last,
    }));
    assert.deepEqual(last, ["still here"], "events come again");
    assert.equal(answer, "yes", "and calls are answered");
    assert.equal(this.server.peers.length, 1, "on one connection");
  }

  /**
   * How much the processes of pages have taken at most since the last time that
   * was to begin anew, in MB.
   *
   * @param {boolean} anew
   */
  async #memory(anew) {
    const { processInfo } = await this.#browser.send(
      "SystemInfo.getProcessInfo",
    );
    const pages = processInfo.filter(({ type }) => type === "renderer");
    let kilobytes = 0;
    for (const { id } of pages) {
      if (anew) await writeFile(`/proc/${id}/clear_refs`, "5");
      const status = await readFile(`/proc/${id}/status`, "utf8");
      kilobytes += Number(status.match(/VmHWM:\s+(\d+)/)?.[1] ?? 0);
    }
    return Math.round(kilobytes / 1024);
  }
}
