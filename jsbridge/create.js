// @ts-check

// Starts the module, and makes the Go half of each store. create.go is the Go
// half.

import { Guest } from "./guest.js";
import { forbidden, makeError, messageOf, rethrow } from "./errors.js";
import { hostImports } from "./host.js";
import { Memory } from "./memory.js";
import { Bodies } from "./payload.js";
import { aboutOf, createStore, goOn, makeScope } from "./program.js";
import { Store } from "./store.js";

/** A running module. */
export class Module {
  /**
   * Runs a compiled module. Throws an Error of code BUILD_MISMATCH if it is not
   * the one this JavaScript was built with.
   *
   * @param {WebAssembly.Module} compiled
   * @param {(scope: object) => new () => import("bsock:wasm_exec").Go} wasmExec
   * @param {string} build
   * @param {(error: Error) => void} onCrash is called if the module dies
   * @returns {Promise<Module>}
   */
  static async start(compiled, wasmExec, build, onCrash) {
    const about = aboutOf(compiled);
    if (about?.build !== build) {
      throw mismatch(`its build is ${about?.build ?? "unknown"}`, build);
    }
    const scope = makeScope({});
    const go = new (wasmExec(scope))();
    const module = new Module(onCrash);
    go.importObject.bsock = hostImports(module);
    let instance;
    try {
      instance = await WebAssembly.instantiate(compiled, go.importObject);
    } catch (error) {
      throw (
        forbidden(error) ??
        mismatch(`it cannot be linked: ${messageOf(error)}`, build)
      );
    }
    goOn(go, instance, scope, about).then(
      () => module.failed(new Error("the Go program has ended")),
      (error) => module.failed(error),
    );
    module.memory = new Memory(instance.exports);
    module.guest = new Guest(instance.exports, module.memory, (store) =>
      module.stores[store].lease.end(),
    );
    module._create = (options) =>
      createStore(instance.exports, scope.bsock, options);
    return module;
  }

  /** @param {(error: Error) => void} onCrash */
  constructor(onCrash) {
    this.onCrash = onCrash;
    /** @type {Error | null} what it died of */
    this.crash = null;
    /** @type {Store[]} */
    this.stores = [];
    /** @type {import("./early.js").Early | null} what may be dialled already */
    this.early = null;
    this.bodies = new Bodies();
    this.memory = /** @type {Memory} */ (/** @type {unknown} */ (null));
    this.guest = /** @type {Guest} */ (/** @type {unknown} */ (null));
    this._create = (/** @type {unknown} */ _options) =>
      /** @type {string | null} */ (null);
  }

  /**
   * Makes the Go half of a store. Throws an Error of code BAD_OPTION.
   *
   * @param {import("./page.js").Made} page
   * @returns {Store}
   */
  create(page) {
    const store = new Store(this, this.stores.length, page);
    let options;
    try {
      options = readOptions(page.options);
    } catch (error) {
      throw badOption(`the options cannot be read: ${messageOf(error)}`);
    }
    const problem = this._create(options);
    if (problem !== null) {
      throw badOption(problem);
    }
    this.stores.push(store);
    return store;
  }

  /**
   * Takes what a call into the module has thrown, and returns what whoever made
   * it is to be rejected with. Code that nests too deep is the page's to hear
   * of; anything else means that the module has died.
   *
   * @param {unknown} error
   * @returns {Error}
   */
  failed(error) {
    if (/** @type {any} */ (error)?.code === "TOO_DEEP") {
      rethrow(error);
      return /** @type {Error} */ (error);
    }
    return this.crash ?? this._die(error);
  }

  /**
   * Calls the module for something that nobody on this side waits for.
   *
   * @param {() => void} call
   */
  enter(call) {
    if (this.crash) {
      return; // a key or an alarm that came too late
    }
    try {
      call();
    } catch (error) {
      this.failed(error);
    }
  }

  /** @param {unknown} error */
  _die(error) {
    const crash = makeError({
      message: `bsock-wasm has crashed: ${messageOf(error)}. The next action starts it again.`,
      code: "MODULE_CRASHED",
    });
    this.crash = crash;
    const sent = this.stores.flatMap((store) => store.abandon());
    this.onCrash(crash);
    for (const body of this.bodies.clear()) {
      body.waiting?.reject(crash);
    }
    for (const waiting of sent) {
      waiting.reject(crash);
    }
    return crash;
  }
}

/**
 * The options, copied for the module: what a getter throws there would skip
 * the Go frames that it crosses.
 *
 * @param {any} options
 */
function readOptions(options) {
  const copy = copyOf(options);
  if (copy?.reconnect) {
    copy.reconnect = copyOf(copy.reconnect);
  }
  return copy;
}

/**
 * @param {any} value
 * @returns {any} its properties, inherited ones too, or what is no object
 */
function copyOf(value) {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  /** @type {Record<string, unknown>} */
  const copy = {};
  for (const name in value) {
    copy[name] = value[name];
  }
  return copy;
}

/** @param {string} problem */
export function badOption(problem) {
  const message = `bsockMiddleware: ${problem}.`;
  return makeError({ message, name: "TypeError", code: "BAD_OPTION" });
}

/**
 * @param {string} what
 * @param {string} build
 */
function mismatch(what, build) {
  return makeError({
    message: `This bsock.wasm does not belong to this version of the bsock-wasm package (build ${build}): ${what}. Serve the file that came with the package, and where it is embedded, install the package again.`,
    code: "BUILD_MISMATCH",
  });
}
