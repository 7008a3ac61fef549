// @ts-check

// The page that `go test` links: each import of the module is written down as
// a line, and answers and reacts as the test has told it. `go run ./build exec`
// puts this behind the stock wasm_exec.js. Only what a Store does is a
// stand-in: guest.js, memory.js and the imports of host.js are those of the
// page, and are what is tested.

import { Guest } from "./guest.js";
import { hostImports } from "./host.js";
import { Memory } from "./memory.js";
import { createStore } from "./program.js";

/** What is written over borrowed memory: a letter that no test uses. */
const POISON = "~".charCodeAt(0);

class Border {
  constructor() {
    /** @type {Record<string, any>} */
    this._exports = {};
    /** @type {Memory | null} */
    this._memory = null;
    /** @type {Guest | null} */
    this._guest = null;
    this.stores = byKey((store) =>
      byKey(() =>
        byKey(
          (name) =>
            (/** @type {unknown[]} */ ...args) =>
              this._called(store, name, args),
        ),
      ),
    );
    /** @type {string[]} */
    this._lines = [];
    /** @type {Map<string, (...args: any[]) => unknown>} */
    this._reactions = new Map();
    this._poisoning = false;
    /** Whether calls are written down. */
    this.recording = true;
  }

  /** Forgets what one test has told and seen. */
  reset() {
    this._lines = [];
    this._reactions.clear();
    this._poisoning = false;
    this.recording = true;
  }

  /** @param {WebAssembly.Instance} instance whose program is about to run */
  attach(instance) {
    this._exports = instance.exports;
  }

  // Both begin when they are first used: a module has no border until it runs,
  // and those of other packages have none at all.

  get memory() {
    return (this._memory ??= new Memory(this._exports));
  }

  get guest() {
    return (this._guest ??= new Guest(this._exports, this.memory, () => {}));
  }

  /**
   * Has an import do something, and return what that returns.
   *
   * @param {string} name
   * @param {(...args: any[]) => unknown} reaction gets what the Store would get
   */
  on(name, reaction) {
    this._reactions.set(name, reaction);
  }

  /** Has every import spoil what Go may only have borrowed. */
  poison() {
    this._poisoning = true;
  }

  /** Spoils all that was put into the module's memory. */
  spoil() {
    const { _address: address, _size: size } = this.memory;
    this.memory.bytes.fill(POISON, address, address + size);
  }

  /**
   * Takes the lines: a store's number, what it was asked for, and with what.
   *
   * @returns {string}
   */
  take() {
    const lines = this._lines;
    this._lines = [];
    return lines.join("\n");
  }

  /**
   * An import never throws: as a Store does, it catches what the page throws.
   *
   * @param {string} store
   * @param {string} name
   * @param {unknown[]} args
   */
  _called(store, name, args) {
    if (this.recording) {
      this._lines.push(line(store, name, args));
    }
    try {
      return this._reactions.get(name)?.(...args);
    } catch (error) {
      const { code, message } = /** @type {any} */ (error);
      this._lines.push(line(store, "caught", [code ?? message]));
      return false;
    } finally {
      if (this._poisoning) {
        this.spoil();
      }
    }
  }
}

/**
 * @param {string} store
 * @param {string} name
 * @param {unknown[]} args
 */
function line(store, name, args) {
  return [store, name, ...args.map((arg) => JSON.stringify(arg))].join(" ");
}

/**
 * An object that has every property there is.
 *
 * @param {(key: string) => unknown} make
 * @returns {any}
 */
function byKey(make) {
  return new Proxy({}, { get: (_target, key) => make(String(key)) });
}

const border = new Border();
const page = /** @type {any} */ (globalThis);
const StockGo = page.Go;

page.border = border;
const meeting = (page.bsock = {}); // where create.go and its other half meet
page.createStore = (/** @type {unknown} */ options) =>
  createStore(border._exports, meeting, options);
page.Go = class extends StockGo {
  constructor() {
    super();
    this.importObject.bsock = hostImports(/** @type {any} */ (border));
  }

  /** @param {WebAssembly.Instance} instance */
  run(instance) {
    border.attach(instance);
    return super.run(instance);
  }
};
