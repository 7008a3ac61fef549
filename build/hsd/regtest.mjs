// @ts-check
// One real hsd full node on regtest, in memory, with its wallet plugin.
//
// hsd is told to use the JavaScript half of its crypto libraries, which must be
// said before any of them is loaded. Its database library loads LevelDB even for
// databases in memory; LevelDB is native, so its module is replaced by a class
// that nothing here ever constructs.

import { createRequire } from "node:module";
import { Journal } from "./journal.mjs";

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
    Block: require("hsd/lib/primitives/block"),
    FullNode: require("hsd/lib/node/fullnode"),
    Mnemonic: require("hsd/lib/hd/mnemonic"),
    walletPlugin: require("hsd/lib/wallet/plugin"),
  };
}

/**
 * @typedef {object} RegtestOptions
 * @property {number} nodePort 0 takes a free one
 * @property {number} walletPort 0 takes a free one
 * @property {string} nodeKey
 * @property {string} walletKey
 * @property {string} [journal] the file that chain and wallets are kept in; none
 *   if left out
 */

/**
 * A Regtest is a running node and its wallets. Its methods are not to be
 * overlapped: await one before calling the next.
 */
export class Regtest {
  /** @type {any} */ #node;
  /** @type {any} */ #wdb;
  /** @type {any} */ #walletHttp;
  #hsd = loadHsd();
  /** @type {Journal | undefined} */ #journal;

  /** @param {RegtestOptions} options */
  constructor({ nodePort, walletPort, nodeKey, walletKey, journal }) {
    const { FullNode, walletPlugin } = this.#hsd;
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
    if (journal) this.#journal = new Journal(journal);
  }

  async open() {
    if (this.#journal) await this.#reopen(this.#journal);
    else await this.#node.open();
  }

  async close() {
    if (this.#node.opened) await this.#node.close();
    this.#journal?.close();
  }

  /**
   * Opens the node with what the journal holds. Until it is there nobody can
   * connect: old blocks are no news.
   *
   * @param {Journal} journal
   */
  async #reopen(journal) {
    const wallets = new Map();
    for (const entry of journal.entries)
      if ("wallet" in entry) wallets.set(entry.wallet, entry.mnemonic);
    this.#keepMnemonics(journal, wallets);
    const servers = [this.#walletHttp, this.#node.http];
    for (const server of servers) server.open = async () => {};
    const synced = new Promise((resolve) =>
      this.#wdb.once("sync done", resolve),
    );
    await this.#node.open();
    await synced; // until then it does not look at blocks
    for (const entry of journal.entries)
      if ("wallet" in entry) await this.#wdb.ensure({ id: entry.wallet });
      else await this.#add(entry.block);
    await this.#synced();
    this.#node.chain.on("block", (/** @type {any} */ block) =>
      journal.add({ block: block.toHex() }),
    );
    for (const server of servers) {
      delete server.open;
      await server.open();
    }
  }

  /**
   * Has wallets made with the mnemonics that they had, and others written down.
   *
   * @param {Journal} journal
   * @param {Map<string, string>} wallets
   */
  #keepMnemonics(journal, wallets) {
    const create = this.#wdb.create;
    const make = (/** @type {string} */ id) => {
      const mnemonic = new this.#hsd.Mnemonic().getPhrase();
      journal.add({ wallet: id, mnemonic });
      return mnemonic;
    };
    this.#wdb.create = (/** @type {{id: string}} */ { id }) =>
      create.call(this.#wdb, { id, mnemonic: wallets.get(id) ?? make(id) });
  }

  /** @param {string} block */
  async #add(block) {
    const { Block } = this.#hsd;
    const added = await this.#node.chain.add(Block.fromHex(block));
    if (!added) throw new Error("the journal has a block without its parent");
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
