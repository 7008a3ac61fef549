// @ts-check

// One Redux store's way to its sockets, whether the module runs or not. Each
// socket is a store of the module's, made when its name is heard first; what
// comes before that waits, all sockets in one order.

import { Early } from "../jsbridge/early.js";
import { errorAction, makeError, rethrow } from "../jsbridge/errors.js";
import { DEFAULT_SOCKET } from "../jsbridge/page.js";
import { Waiting } from "../jsbridge/waiting.js";
import { complain } from "./complain.js";
import { checkOptions } from "./options.js";
import { inSocket, socketOf } from "./sockets.js";

/** @typedef {import("../jsbridge/create.js").Module} Module */
/** @typedef {import("../jsbridge/store.js").Store} Store */
/** @typedef {{type: string, bsock: Record<string, any>, meta?: any}} Action */
/** @typedef {{action: Action, socket: string, waiting: Waiting}} Held */

/**
 * How many sockets a store may have. The module forgets none, so names that
 * are made up anew each time would fill it.
 */
const MOST_SOCKETS = 100;

export class Link {
  /**
   * @param {import("./loader.js").Loader} loader
   * @param {Function} dispatch
   * @param {Function} next
   * @param {any} options
   */
  constructor(loader, dispatch, next, options) {
    this._loader = loader;
    this._dispatch = dispatch;
    this._next = next;
    this._options = options ?? {};
    /** @type {Map<string, Store>} by the names of the sockets */
    this._stores = new Map();
    /** @type {Held[]} */
    this._held = [];
    /** @type {Early | null} what the first of them that connects will dial */
    this._early = null;
    /** Whether the module did not come: nothing is dialled until it does. */
    this._failed = false;
    /** Whether the console has been told of wrong options: once is enough. */
    this._blamed = false;
    this._crashed = this._crashed.bind(this);
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
        return this._takeOurs(action);
    }
    return this._next(action);
  }

  /** @param {Action} action */
  _takeOurs(action) {
    const waiting = new Waiting(action.type === "EMIT_SOCKET");
    let socket;
    try {
      socket = socketOf(action);
    } catch (error) {
      this._refuse(/** @type {Error} */ (error), DEFAULT_SOCKET, waiting);
      return waiting.promise;
    }
    const store = this._stores.get(socket);
    if (store === undefined || this._held.length > 0) {
      this._hold({ action, socket, waiting });
      return waiting.promise;
    }
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

  /** @param {Held} held */
  _hold(held) {
    this._held.push(held);
    if (held.action.type === "DISCONNECT_SOCKET") {
      this._endEarly();
    }
    if (held.action.type === "CONNECT_SOCKET") {
      // Not at once: a browser wants to know which line of the script dials, and
      // to find those of a bundle that is still running takes it 10 ms.
      queueMicrotask(() => this._dialEarly(held));
    }
    if (this._held.length === 1) {
      this._join();
    }
  }

  /** Asks for the module, on behalf of what is held. */
  _join() {
    const { module } = this._loader;
    if (module !== null && !module.guest.busy) {
      this._release(module);
      return;
    }
    if (module !== null) {
      // A store's Go half cannot be made from inside a call of another's.
      queueMicrotask(() => this._join());
      return;
    }
    this._loader.wait({
      loaded: (/** @type {Module} */ running) => this._release(running),
      failed: (/** @type {Error} */ error) => this._fail(error),
    });
  }

  /**
   * Lets the held actions go, in order; new ones queue behind them.
   *
   * @param {Module} module
   */
  _release(module) {
    let released = 0;
    this._failed = false;
    module.early = this._early;
    while (released < this._held.length && this._loader.module === module) {
      this._releaseOne(module, this._held[released++]);
    }
    module.early = null;
    this._endEarly();
    // All at once: to move up 100,000 after each would take 4 µs for each.
    this._held.splice(0, released);
    if (this._held.length > 0) {
      this._join(); // the module has crashed meanwhile
    }
  }

  /**
   * Dials what the module will dial, while it is on its way.
   *
   * @param {Held} held
   */
  _dialEarly(held) {
    const comes = this._loader.module === null && !this._failed;
    const stays = !this._held.some(
      ({ action }) => action.type === "DISCONNECT_SOCKET",
    );
    if (comes && stays && this._held.includes(held)) {
      this._early ??= Early.of(held.action.bsock);
    }
  }

  /** What the module has not dialled is not kept. */
  _endEarly() {
    this._early?.end();
    this._early = null;
  }

  /**
   * @param {Module} module
   * @param {Held} held
   */
  _releaseOne(module, { action, socket, waiting }) {
    let store;
    try {
      store = this._stores.get(socket) ?? this._make(module, socket);
    } catch (error) {
      this._refuse(/** @type {Error} */ (error), socket, waiting);
      return;
    }
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
   * Makes a socket. Throws an Error of code BAD_OPTION, or BAD_ACTION if there
   * are too many.
   *
   * @param {Module} module
   * @param {string} socket
   */
  _make(module, socket) {
    if (this._stores.size >= MOST_SOCKETS) {
      throw makeError({
        message: `meta.socket: there are ${MOST_SOCKETS} sockets already, and ${JSON.stringify(socket)} would be one more: use the names of those that are no longer needed again.`,
        name: "RangeError",
        code: "BAD_ACTION",
      });
    }
    checkOptions(this._options);
    const store = module.create({
      dispatch: this._dispatch,
      next: this._next,
      options: this._options,
      socket,
    });
    this._stores.set(socket, store);
    this._loader.onCrash.add(this._crashed);
    this._loader.followPage();
    return store;
  }

  /**
   * Tells the store, and whoever waits, why an action is not carried out.
   *
   * @param {Error} error
   * @param {string} socket
   * @param {Waiting} waiting
   */
  _refuse(error, socket, waiting) {
    this._blame(error);
    this._report(error, socket);
    waiting.reject(error);
  }

  /**
   * Tells every socket of the store, and whoever waits, that the module did
   * not come.
   *
   * @param {Error} error
   */
  _fail(error) {
    this._failed = true;
    this._endEarly();
    const held = this._held;
    this._held = [];
    for (const socket of new Set(held.map(({ socket }) => socket))) {
      this._report(error, socket);
    }
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

  /**
   * @param {Error} error
   * @param {string} socket
   */
  _report(error, socket) {
    this._tell(errorAction(error, this._options), socket);
  }

  /**
   * @param {any} action
   * @param {string} socket
   */
  _tell(action, socket) {
    try {
      this._dispatch(inSocket(action, socket));
    } catch (thrown) {
      rethrow(thrown);
    }
  }

  /**
   * Tells of every socket that it is gone, which the module cannot any more.
   *
   * @param {Error} error
   */
  _crashed(error) {
    this._loader.onCrash.delete(this._crashed);
    const sockets = [...this._stores.keys()];
    this._stores.clear();
    for (const socket of sockets) {
      this._tell(gone(), socket);
      this._report(error, socket);
    }
  }
}

/** The SOCKET_STATUS of a socket that is no more. */
function gone() {
  return {
    type: "SOCKET_STATUS",
    payload: {
      status: "disconnected",
      since: Date.now(),
      attempt: 0,
      retryAt: 0,
      latency: null,
      queued: 0,
    },
  };
}
