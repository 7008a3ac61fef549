// @ts-check
//
// How long something takes that the page's timers set off. A timer keeps its
// own time; what counts is how long its callback takes, and what follows from
// that.

/** When the latest callback of a timer began. */
let latest = 0;

/** How long all of them have taken, in milliseconds. */
let spent = 0;

/** Has every callback of setTimeout note when it begins. */
export function watchTimers() {
  const { setTimeout } = globalThis;
  /** @type {any} */ (globalThis).setTimeout = (
    /** @type {Function} */ callback,
    /** @type {number} */ delay,
    /** @type {any[]} */ ...args
  ) =>
    setTimeout(() => {
      latest = performance.now();
      callback(...args);
      spent += performance.now() - latest;
    }, delay);
}

/** Milliseconds since the latest callback began. */
export function sinceTimer() {
  return performance.now() - latest;
}

/** Milliseconds that callbacks have taken so far. */
export function inTimers() {
  return spent;
}

/**
 * Does nothing for so long, and lets nothing else be done.
 *
 * @param {number} ms
 */
export function stall(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/**
 * @param {() => Promise<unknown>} work
 * @returns {Promise<number>} milliseconds
 */
export async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
