// @ts-check
// One real hsd full node on regtest, in memory, with its wallet plugin.
//
// hsd is told to use the JavaScript half of its crypto libraries, which must be
// said before any of them is loaded. Its database library loads LevelDB even for
// databases in memory; LevelDB is native, so its module is replaced by a class
// that nothing here ever constructs.

import { createRequire } from "node:module";

process.env.NODE_BACKEND = "js";

const require = createRequire(import.meta.url);

class NoLevelDB {
  constructor() {
    throw new Error(
      "this node keeps everything in memory: LevelDB is not installed",
    );
  }
}

/** Loads hsd with LevelDB left out. */
function loadHsd() {
  let level;
  try {
    level = require.resolve("bdb/lib/level.js");
  } catch {
    throw new Error("hsd is not installed: run `npm ci` in build/hsd");
  }
  require.cache[level] = /** @type {any} */ ({
    id: level,
    filename: level,
    loaded: true,
    exports: NoLevelDB,
  });
  return {
    FullNode: require("hsd/lib/node/fullnode"),
    walletPlugin: require("hsd/lib/wallet/plugin"),
  };
}

/**
 * @typedef {object} RegtestOptions
 * @property {number} nodePort 0 takes a free one
 * @property {number} walletPort 0 takes a free one
 * @property {string} nodeKey
 * @property {string} walletKey
 */

/**
 * A Regtest is a running node and its wallets. Its methods are not to be
 * overlapped: await one before calling the next.
 */
export class Regtest {
  /** @type {any} */ #node;
  /** @type {any} */ #wdb;
  /** @type {any} */ #walletHttp;

  /** @param {RegtestOptions} options */
  constructor({ nodePort, walletPort, nodeKey, walletKey }) {
    const { FullNode, walletPlugin } = loadHsd();
    this.#node = new FullNode({
      network: "regtest",
      memory: true,
      workers: false,
      listen: false,
      noDns: true,
      logLevel: "none",
      httpHost: "127.0.0.1",
      httpPort: nodePort,
      apiKey: nodeKey,
      walletHttpHost: "127.0.0.1",
      walletHttpPort: walletPort,
      walletApiKey: walletKey,
      plugins: [walletPlugin],
    });
    const plugin = this.#node.require("walletdb");
    this.#wdb = plugin.wdb;
    this.#walletHttp = plugin.http;
  }

  async open() {
    await this.#node.open();
  }

  async close() {
    if (this.#node.opened) await this.#node.close();
  }

  get nodeUrl() {
    return `http://127.0.0.1:${this.#node.http.address().port}`;
  }

  get walletUrl() {
    return `http://127.0.0.1:${this.#walletHttp.address().port}`;
  }

  get tip() {
    const { hash, height } = this.#node.chain.tip;
    return { hash: hash.toString("hex"), height };
  }

  /**
   * Mines blocks one after the other, and returns when the wallets have seen them.
   *
   * @param {number} blocks
   * @param {string} [address] who is paid; the primary wallet if left out
   */
  async mine(blocks, address) {
    const to = address ?? (await this.address("primary"));
    const hashes = await this.#node.rpc.generateToAddress([blocks, to]);
    await this.#synced();
    return { height: this.tip.height, hashes };
  }

  /**
   * Throws away the blocks above height.
   *
   * @param {number} height
   */
  async reset(height) {
    await this.#node.chain.reset(height);
    return this.tip;
  }

  /**
   * Opens a wallet, making it if it is new.
   *
   * @param {string} id
   */
  async wallet(id) {
    const found = await this.#wdb.get(id);
    if (!found) await this.#wdb.create({ id });
    return { id, address: await this.address(id) };
  }

  /**
   * The address at which a wallet next receives.
   *
   * @param {string} id
   */
  async address(id) {
    const wallet = await this.#existing(id);
    return (await wallet.receiveAddress()).toString("regtest");
  }

  /**
   * Pays value (in dollarydoos, a millionth of a coin) from one wallet to an address.
   *
   * @param {string} from
   * @param {string} address
   * @param {number} value
   */
  async send(from, address, value) {
    const wallet = await this.#existing(from);
    const tx = await wallet.send({ outputs: [{ address, value }] });
    return { hash: tx.txid(), fee: tx.getFee(await wallet.getCoinView(tx)) };
  }

  /** @param {string} id */
  async #existing(id) {
    const wallet = await this.#wdb.get(id);
    if (!wallet)
      throw new Error(
        `no wallet ${JSON.stringify(id)}: make it with {"do":"wallet"}`,
      );
    return wallet;
  }

  /** The wallets follow the chain by events: wait until they have caught up. */
  async #synced() {
    while (this.#wdb.height < this.#node.chain.height) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
