// @ts-check

// What a store proves itself with: a value, or a function that is asked at each
// attempt to connect, so that the secret stands in no action and no log. Go
// never sees it.

import { messageOf } from "./errors.js";
import { Body, encode } from "./payload.js";

/** A secret, and how it is handed over. */
class Secret {
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
  _ask(attempt) {
    let secret = this.value;
    try {
      secret = typeof secret === "function" ? secret() : secret;
      if (typeof (/** @type {any} */ (secret)?.then) === "function") {
        this._await(attempt, secret);
        return;
      }
    } catch (error) {
      this._deny(attempt, error);
      return;
    }
    this._give(attempt, secret);
  }

  /**
   * @param {number} attempt
   * @param {unknown} secret a promise, or something like one
   */
  _await(attempt, secret) {
    Promise.resolve(secret).then(
      (value) => this._module.enter(() => this._give(attempt, value)),
      (error) => this._module.enter(() => this._deny(attempt, error)),
    );
  }

  /**
   * @param {number} attempt
   * @param {unknown} secret
   */
  _give(attempt, secret) {
    let ref;
    try {
      const body = this._bodyOf(secret);
      ref = body === null ? 0 : this._module.bodies.keep(body);
    } catch (error) {
      this._deny(attempt, error);
      return;
    }
    this._hand(attempt, ref);
  }

  /**
   * @param {number} attempt
   * @param {unknown} error
   */
  _deny(attempt, error) {
    this._module.guest.handleKeyError(this._store, attempt, messageOf(error));
  }

  /**
   * @abstract
   * @param {unknown} _secret
   * @returns {Body | null} null if there is nothing to hand over
   */
  _bodyOf(_secret) {
    return null;
  }

  /**
   * @abstract
   * @param {number} _attempt
   * @param {number} _ref of the body, 0 if there is none
   */
  _hand(_attempt, _ref) {}
}

/** bsock's API key: the argument of the call that authenticates. */
export class Key extends Secret {
  /** @param {number} attempt */
  askKey(attempt) {
    this._ask(attempt);
  }

  /** @param {unknown} secret */
  _bodyOf(secret) {
    return encode(["auth", secret]);
  }

  /**
   * @param {number} attempt
   * @param {number} ref
   */
  _hand(attempt, ref) {
    this._module.guest.handleKey(this._store, attempt, ref);
  }
}

/** What Socket.IO 3 and later join a namespace with. */
export class Auth extends Secret {
  /** @param {number} attempt */
  askAuth(attempt) {
    this._ask(attempt);
  }

  /** @param {unknown} secret */
  _bodyOf(secret) {
    const json = secret == null ? undefined : JSON.stringify(secret);
    return json === undefined ? null : new Body(json);
  }

  /**
   * @param {number} attempt
   * @param {number} ref
   */
  _hand(attempt, ref) {
    this._module.guest.handleAuth(this._store, attempt, ref);
  }
}
