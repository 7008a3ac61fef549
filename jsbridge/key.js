// @ts-check

// The API key of a store: a value, or a function that is asked at each attempt
// to connect, so that the key stands in no action and no log. Go never sees it.

import { messageOf } from "./errors.js";
import { encode } from "./payload.js";

export class Key {
  /**
   * @param {import("./create.js").Module} module
   * @param {number} store its number
   */
  constructor(module, store) {
    this._module = module;
    this._store = store;
    /** @type {unknown} as it was in the last CONNECT_SOCKET */
    this.value = undefined;
  }

  /** @param {number} attempt */
  ask(attempt) {
    let key = this.value;
    try {
      key = typeof key === "function" ? key() : key;
      if (typeof (/** @type {any} */ (key)?.then) === "function") {
        this._awaitKey(attempt, key);
        return;
      }
    } catch (error) {
      this._denyKey(attempt, error);
      return;
    }
    this._giveKey(attempt, key);
  }

  /**
   * @param {number} attempt
   * @param {unknown} key a promise, or something like one
   */
  _awaitKey(attempt, key) {
    Promise.resolve(key).then(
      (value) => this._module.enter(() => this._giveKey(attempt, value)),
      (error) => this._module.enter(() => this._denyKey(attempt, error)),
    );
  }

  /**
   * @param {number} attempt
   * @param {unknown} key
   */
  _giveKey(attempt, key) {
    let body;
    try {
      body = encode(["auth", key]);
    } catch (error) {
      this._denyKey(attempt, error);
      return;
    }
    this._module.guest.handleKey(
      this._store,
      attempt,
      this._module.bodies.keep(body),
    );
  }

  /**
   * @param {number} attempt
   * @param {unknown} error
   */
  _denyKey(attempt, error) {
    this._module.guest.handleKeyError(this._store, attempt, messageOf(error));
  }
}
