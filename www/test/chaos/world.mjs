// @ts-check
//
// All that stands between a page and a chain, and can be broken:
//
//   page -> tap -> toxiproxy -> app server -> tap -> node
//
// The servers are processes of their own. The node has a journal, and so comes
// back with the chain and the wallets that it had.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closePage, launch, openPage } from "../browser.mjs";
import { startApp, startHsd, upstreamOf } from "../servers.mjs";
import { Site, html } from "../site.mjs";
import { Tap } from "./tap.mjs";
import { Toxiproxy } from "./toxiproxy.mjs";

const apiKey = "the right key";

const script = `
  import { Wire } from "/pages/chaos-wire.mjs";
  const wire = new Wire().install();
  const { default: bsockMiddleware, load } = await import("bsock-wasm");
  const { Survivor } = await import("/pages/chaos.mjs");
  await load();
  globalThis.makeSurvivor = (seed) => new Survivor(bsockMiddleware, wire, seed);
`;

/** Which emit a call at the node was: see chaos-wire.mjs. */
const tag = /"chaos:(\d+)"/;

/** A World is a page and all that is behind it. */
export class World {
  /** @type {Map<number, number[]>} when the node was told of each emit */
  reached = new Map();
  proxy = new Toxiproxy();
  /** @type {Tap} */
  pageTap;
  /** @type {import("../browser.mjs").OpenPage} */
  open;
  #site = new Site();
  #folder = "";
  /** @type {Tap} */
  #nodeTap;
  /** @type {import("../servers.mjs").Node} */
  #node;
  /** @type {Awaited<ReturnType<typeof startApp>>} */
  #app;
  /** @type {import("puppeteer-core").Browser} */
  #browser;

  /** @param {number} seed */
  async start(seed) {
    this.#folder = await mkdtemp(join(tmpdir(), "chaos-"));
    this.#node = await startHsd(undefined, this.#journal);
    this.#nodeTap = await new Tap(Number(new URL(this.#node.node).port), (t) =>
      this.#read(t),
    ).open();
    await this.#site.open();
    this.#app = await startApp(this.#appEnvironment);
    await this.proxy.open(this.#app.url.host, seed);
    this.pageTap = await new Tap(this.proxy.port).open();
    this.#site.replies.set("/chaos", html(script));
    this.#browser = await launch();
    this.open = await openPage(this.#browser, this.#site.url("/chaos"));
    await this.open.page.waitForFunction("globalThis.makeSurvivor");
    return this;
  }

  get #journal() {
    return ["--journal", join(this.#folder, "journal")];
  }

  get #appEnvironment() {
    return {
      API_KEY: apiKey,
      ORIGINS: `127.0.0.1:${this.#site.port}`,
      ...upstreamOf(this.#node),
      NODE_URL: `http://127.0.0.1:${this.#nodeTap.port}`,
    };
  }

  /** Where the page connects to, and with what. */
  get where() {
    return { port: this.pageTap.port, apiKey };
  }

  /** @param {string} text */
  #read(text) {
    const id = text.match(tag)?.[1];
    if (id === undefined) return;
    const times = this.reached.get(Number(id)) ?? [];
    this.reached.set(Number(id), [...times, Date.now()]);
  }

  /**
   * Has the node do something, such as mine.
   *
   * @param {object} command
   */
  ask(command) {
    return this.#node.program.ask(command);
  }

  /**
   * Kills the app server and starts it again where it was.
   *
   * @param {number} away how long there is none, in milliseconds
   */
  async killApp(away) {
    await kill(this.#app.program, away);
    this.#app = await startApp({
      ...this.#appEnvironment,
      ADDR: this.#app.url.host,
    });
  }

  /**
   * Kills the node and starts it again where it was.
   *
   * @param {number} away
   */
  async killNode(away) {
    await kill(this.#node.program, away);
    this.#node = await startHsd(this.#node, this.#journal);
  }

  /** The hashes of the node's blocks by height, as it tells over HTTP. */
  async chain() {
    const { height } = await this.ask({ do: "tip" });
    const heights = Array.from({ length: height + 1 }, (_, i) => i);
    return Promise.all(heights.map((h) => this.#blockHash(h)));
  }

  /** @param {number} height */
  async #blockHash(height) {
    const { node, nodeKey } = this.#node;
    const key = Buffer.from(`x:${nodeKey}`).toString("base64");
    const response = await fetch(node, {
      method: "POST",
      headers: { Authorization: `Basic ${key}` },
      body: JSON.stringify({ method: "getblockhash", params: [height] }),
    });
    const { result, error } = /** @type {any} */ (await response.json());
    if (error) throw new Error(`getblockhash ${height}: ${error.message}`);
    return String(result);
  }

  /** What the servers complained of; the node's answers are none. */
  get complaints() {
    const { output } = this.#node.program;
    const node = output.split("\n").filter((line) => !line.startsWith("{"));
    return [this.#app.program.output, ...node].join("\n");
  }

  async stop() {
    if (this.open) await closePage(this.open);
    await this.#browser?.close();
    await this.pageTap?.close();
    await this.proxy.close();
    await this.#app?.program.stop();
    await this.#nodeTap?.close();
    await this.#node?.program.stop();
    await this.#site.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/**
 * @param {import("../process.mjs").Program} program
 * @param {number} away
 */
async function kill(program, away) {
  program.child.kill("SIGKILL");
  await program.stop();
  await new Promise((resolve) => setTimeout(resolve, away));
}
