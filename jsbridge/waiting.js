// @ts-check

// The promises that actions of ours return.

/** The states of a promise. */
const PENDING = 0;
const FULFILLED = 1;
const REJECTED = 2;

/** @type {(value: any) => void} */
const NOTHING = () => {};

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
    /** When it was sent on lease, in milliseconds since 1970. */
    this.sent = 0;
    /** @type {Error | null} what it was rejected with, or is about to be */
    this.error = null;
    /** @type {Promise<unknown> | null} the one that was given out early */
    this._promise = null;
    this._settle = NOTHING;
    this._reject = NOTHING;
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
    this._settle(value);
  }

  /** @param {Error} error */
  reject(error) {
    this.error = error;
    this._state = REJECTED;
    if (this._promise !== null) {
      heed(this._promise);
      this._reject(error);
    }
  }

  /**
   * The promise.
   *
   * @returns {Promise<unknown>}
   */
  get promise() {
    switch (this._state) {
      case FULFILLED:
        return this._value === undefined
          ? RESOLVED
          : Promise.resolve(this._value);
      case REJECTED:
        return heed(Promise.reject(this.error));
    }
    return (this._promise ??= new Promise((settle, reject) => {
      this._settle = settle;
      this._reject = reject;
    }));
  }
}

/**
 * Has the page not hear of a rejection for which nobody waits: SOCKET_ERROR has
 * told it already. To do so while the promise is pending would make a call that
 * is answered a tenth slower.
 *
 * @param {Promise<unknown>} promise that is rejected, or about to be
 */
function heed(promise) {
  promise.catch(NOTHING);
  return promise;
}
