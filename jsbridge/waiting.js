// @ts-check

// The promises that actions of ours return.

/** The states of a promise. */
const PENDING = 0;
const FULFILLED = 1;
const REJECTED = 2;

const RESOLVED = Promise.resolve();

/** What is known of an action whose fields are of no more use, or not yet. */
const NO_FIELDS = Object.freeze({});

/** Whoever waits for an action of ours: a promise, made when it is asked for. */
export class Waiting {
  /** @param {boolean} isEmit */
  constructor(isEmit) {
    this.isEmit = isEmit;
    /** @type {Record<string, any>} what an emit said: the page may change its action */
    this.fields = NO_FIELDS;
    /** @type {any} the type of an action that is to get the answer */
    this.ack = undefined;
    /** @type {Error | null} what it was rejected with, or is about to be */
    this.error = null;
    /** @type {{settle: (value: unknown) => void, reject: (reason: unknown) => void} | null} */
    this._promise = null;
    this._state = PENDING;
    /** @type {unknown} */
    this._value = undefined;
  }

  get rejected() {
    return this._state === REJECTED;
  }

  /** @param {unknown} value */
  settle(value) {
    this._state = FULFILLED;
    this._value = value;
    this._promise?.settle(value);
  }

  /** @param {Error} error */
  reject(error) {
    this.error = error;
    this._state = REJECTED;
    this._promise?.reject(error);
  }

  /**
   * The promise. If nobody waits for it, a rejection is no news to the page:
   * SOCKET_ERROR has told it already.
   *
   * @returns {Promise<unknown>}
   */
  get promise() {
    if (this._state === FULFILLED) {
      return this._value === undefined
        ? RESOLVED
        : Promise.resolve(this._value);
    }
    const promise =
      this._state === REJECTED
        ? Promise.reject(this.error)
        : new Promise((settle, reject) => {
            this._promise = { settle, reject };
          });
    promise.catch(() => {});
    return promise;
  }
}
