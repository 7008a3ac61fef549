// @ts-check

// The Redux middleware as the page sees it: what is ours goes to the module,
// or waits for it in order; everything else goes on, untouched.

import { errorAction, rethrow } from "../jsbridge/errors.js";
import { Waiting } from "../jsbridge/waiting.js";
import { complain } from "./complain.js";
import { checkOptions } from "./options.js";

/** @typedef {import("../jsbridge/store.js").Store} Store */
/** @typedef {{dispatch: Function, getState: Function}} StoreAPI */
/** @typedef {{type: string, bsock: Record<string, any>, meta?: any}} Action */
/** @typedef {{action: Action, waiting: Waiting}} Held */

/**
 * Makes a `bsockMiddleware` around a loader.
 *
 * @param {import("./loader.js").Loader} loader
 */
export function makeFactory(loader) {
  /**
   * @param {any} [options] or, where it is passed to applyMiddleware uncalled,
   *   the store
   * @returns {any} the middleware, or what it makes of the store
   */
  function bsockMiddleware(options) {
    if (isStore(options)) {
      return middleware({}, options);
    }
    return (/** @type {StoreAPI} */ store) => middleware(options, store);
  }

  /**
   * @param {any} options
   * @param {StoreAPI} store
   */
  const middleware = (options, store) => (/** @type {Function} */ next) => {
    const link = new Link(loader, store.dispatch, next, options);
    return (/** @type {any} */ action) =>
      action?.bsock ? link.take(action) : next(action);
  };

  return bsockMiddleware;
}

/** @param {any} value */
function isStore(value) {
  return (
    typeof value?.dispatch === "function" &&
    typeof value.getState === "function"
  );
}

/** One store's way to the module, whether that is loaded or not. */
class Link {
  /**
   * @param {import("./loader.js").Loader} loader
   * @param {Function} dispatch
   * @param {Function} next
   * @param {any} options
   */
  constructor(loader, dispatch, next, options) {
    this._loader = loader;
    this._next = next;
    /** @type {Store | null} */
    this._store = null;
    /** @type {Held[]} */
    this._held = [];
    /** Whether the console has been told of wrong options: once is enough. */
    this._blamed = false;
    this._crashed = this._crashed.bind(this);
    this._page = { dispatch, next, options: options ?? {} };
  }

  /**
   * Takes an action that has a `bsock`.
   *
   * @param {Action} action
   */
  take(action) {
    switch (action.type) {
      case "CONNECT_SOCKET":
      case "DISCONNECT_SOCKET":
      case "EMIT_SOCKET":
        return this._store !== null && this._held.length === 0
          ? this._handle(this._store, action)
          : this._hold(action);
    }
    return this._next(action);
  }

  /**
   * @param {Store} store
   * @param {Action} action
   */
  _handle(store, action) {
    const waiting = new Waiting(action.type === "EMIT_SOCKET");
    return this._consumes(store, action, waiting)
      ? waiting.promise
      : this._next(action);
  }

  /**
   * @param {Store} store
   * @param {Action} action
   * @param {Waiting} waiting
   */
  _consumes(store, action, waiting) {
    try {
      const consumed = store.handle(action, waiting);
      this._blame(waiting.error); // a wrong listener shows when connecting
      return consumed;
    } catch (error) {
      // Too deep, or the module has crashed.
      waiting.reject(store.failed(error));
      return true;
    }
  }

  /** @param {Action} action */
  _hold(action) {
    const waiting = new Waiting(action.type === "EMIT_SOCKET");
    this._held.push({ action, waiting });
    if (this._held.length === 1) {
      this._join();
    }
    return waiting.promise;
  }

  /** Asks for the module, on behalf of what is held. */
  _join() {
    const { module } = this._loader;
    if (module !== null && !module.guest.busy) {
      this._loaded(module);
      return;
    }
    if (module !== null) {
      // A store's Go half cannot be made from inside a call of another's.
      queueMicrotask(() => this._join());
      return;
    }
    this._loader.wait({
      loaded: (/** @type {any} */ running) => this._loaded(running),
      failed: (/** @type {Error} */ error) => this._fail(error),
    });
  }

  /** @param {import("../jsbridge/create.js").Module} module */
  _loaded(module) {
    try {
      checkOptions(this._page.options);
      this._store ??= module.create(this._page);
    } catch (error) {
      this._blame(/** @type {Error} */ (error));
      this._fail(/** @type {Error} */ (error));
      return;
    }
    this._loader.onCrash.add(this._crashed);
    this._release();
  }

  /** Lets the held actions go, in order; new ones queue behind them. */
  _release() {
    while (this._store !== null && this._held.length > 0) {
      const { action, waiting } = this._held[0];
      this._releaseOne(this._store, action, waiting);
      this._held.shift();
    }
    if (this._held.length > 0) {
      this._join(); // the module has crashed meanwhile
    }
  }

  /**
   * @param {Store} store
   * @param {Action} action
   * @param {Waiting} waiting
   */
  _releaseOne(store, action, waiting) {
    if (this._consumes(store, action, waiting)) {
      return;
    }
    try {
      waiting.settle(this._next(action));
    } catch (error) {
      waiting.reject(/** @type {Error} */ (error));
      rethrow(error);
    }
  }

  /**
   * Tells the store, and whoever waits, that the module did not come.
   *
   * @param {Error} error
   */
  _fail(error) {
    const held = this._held;
    this._held = [];
    this._report(error);
    for (const { waiting } of held) {
      waiting.reject(error);
    }
  }

  /**
   * Tells the console of wrong options.
   *
   * @param {(Error & {code?: string}) | null} error
   */
  _blame(error) {
    if (error?.code === "BAD_OPTION" && !this._blamed) {
      this._blamed = true;
      complain(error);
    }
  }

  /** @param {Error} error */
  _report(error) {
    try {
      this._page.dispatch(errorAction(error, this._page.options));
    } catch (thrown) {
      rethrow(thrown);
    }
  }

  /** @param {Error} error */
  _crashed(error) {
    this._loader.onCrash.delete(this._crashed);
    this._store = null;
    this._report(error);
  }
}
