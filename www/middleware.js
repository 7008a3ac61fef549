// @ts-check

// The Redux middleware as the page sees it: what is ours goes to the socket it
// is for; everything else goes on, untouched.

import { Link } from "./link.js";

/** @typedef {{dispatch: Function, getState: Function}} StoreAPI */

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
