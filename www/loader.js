// @ts-check

// Loads the module once for all stores of a page, when the first of them needs
// it or when `load` is called, and tells whoever waits.

import { BUILD } from "bsock:build";
import wasmExec from "bsock:wasm_exec";

import { Module } from "../jsbridge/create.js";
import { complain } from "./complain.js";
import { followPage } from "./lifecycle.js";
import { compile, failure } from "./source.js";
import { turn } from "./turn.js";

/** How long actions wait for a `load` that has to be called, in milliseconds. */
const PATIENCE = 10_000;

/**
 * Someone who waits for the module.
 *
 * @typedef {object} Waiter
 * @property {(module: Module) => void} loaded
 * @property {(error: Error) => void} failed
 */

export class Loader {
  /**
   * @param {(() => Promise<WebAssembly.Module>) | null} builtIn compiles the
   *   module if nobody says where it is; null if somebody must
   */
  constructor(builtIn) {
    this._builtIn = builtIn;
    /** @type {Module | null} the module, while it runs */
    this.module = null;
    /** @type {WebAssembly.Module | null} what to start again after a crash */
    this._compiled = null;
    /** @type {Set<(error: Error) => void>} who is told when the module dies */
    this.onCrash = new Set();
    /** @type {Promise<void> | null} */
    this._loading = null;
    /** @type {Set<Waiter>} */
    this._waiters = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._timer = undefined;
    /** What the console has been told last, not to hear it at every attempt. */
    this._complaint = "";
    this._following = false;
    this.load = this.load.bind(this);
  }

  /**
   * Loads the module, if it is not loaded or being loaded. A load that has
   * failed can be tried again.
   *
   * @param {{wasm?: import("./source.js").Source | PromiseLike<import("./source.js").Source>}} [options]
   * @returns {Promise<void>} resolves when the module runs
   */
  load(options) {
    if (this.module !== null) {
      return Promise.resolve();
    }
    clearTimeout(this._timer);
    this._loading ??= this._start(options?.wasm).then(
      (module) => this._started(module),
      (error) => this._failed(error),
    );
    // Whoever cares awaits it; the stores are told by SOCKET_ERROR.
    this._loading.catch(() => {});
    return this._loading;
  }

  /**
   * Has the module loaded for somebody, and tells them what came of it.
   *
   * @param {Waiter} waiter
   */
  wait(waiter) {
    this._waiters.add(waiter);
    if (this._loading !== null) {
      return;
    }
    if (this._builtIn !== null || this._compiled !== null) {
      this.load();
      return;
    }
    clearTimeout(this._timer);
    this._timer = setTimeout(() => {
      const error = failure(
        `load({ wasm }) was not called for ${PATIENCE / 1000} s, and bsock-wasm/external must be told where the module is`,
      );
      this._refuse(error);
    }, PATIENCE);
  }

  /** Has all sockets follow the page's life from now on. */
  followPage() {
    if (!this._following) {
      this._following = true;
      followPage(() => this.module?.stores ?? []);
    }
  }

  /** @param {import("./source.js").Source | PromiseLike<import("./source.js").Source>} [wasm] */
  async _start(wasm) {
    const compiled = await (wasm ? compile(wasm) : this._compileAgain());
    // The engine compiles each function when it is called first, so the first
    // store takes 10 to 20 ms, which need not come on top of the last of unpacking.
    await turn();
    const module = await Module.start(compiled, wasmExec, BUILD, (error) =>
      this._crashed(error),
    );
    this._compiled = compiled;
    return module;
  }

  /** @param {Module} module */
  _started(module) {
    this._loading = null;
    this.module = module;
    this._complaint = "";
    this._tell((each) => each.loaded(module));
  }

  /**
   * Whoever hears of it may try again at once.
   *
   * @param {Error} error
   */
  _failed(error) {
    this._loading = null;
    this._refuse(error);
    throw error;
  }

  /**
   * Tells the console, and whoever waits, why there is no module.
   *
   * @param {Error} error
   */
  _refuse(error) {
    if (error.message !== this._complaint) {
      this._complaint = error.message;
      complain(error);
    }
    this._tell((each) => each.failed(error));
  }

  /** What runs after a crash need not be compiled twice. */
  async _compileAgain() {
    if (this._compiled !== null) {
      return this._compiled;
    }
    if (this._builtIn === null) {
      throw failure(
        "load({ wasm }) must be given a URL, a Response, bytes or a WebAssembly.Module",
      );
    }
    return this._builtIn();
  }

  /** @param {(waiter: Waiter) => void} tell */
  _tell(tell) {
    const waiters = [...this._waiters];
    this._waiters.clear();
    waiters.forEach(tell);
  }

  /** @param {Error} error */
  _crashed(error) {
    if (this.module === null) {
      return;
    }
    this.module = null;
    for (const tell of [...this.onCrash]) {
      tell(error);
    }
  }
}
