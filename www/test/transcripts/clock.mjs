// @ts-check
//
// A clock that a transcript moves: minutes pass in no time, and what a timer
// sets off has run its course before the next goes off.

/** @typedef {{due: number, every: number | null, run: () => void}} Timer */

/** A Clock stands where the page's timers and its time of day stood. */
export class Clock {
  now = 1_600_000_000_000;
  /** @type {Map<number, Timer>} in the order they were set */
  #timers = new Map();
  #last = 0;
  #channel = new MessageChannel();

  install() {
    const set =
      (/** @type {boolean} */ again) =>
      (
        /** @type {(...args: any[]) => void} */ run,
        delay = 0,
        /** @type {any[]} */ ...args
      ) => {
        const wait = Math.max(Math.trunc(delay) || 0, 0);
        this.#timers.set(++this.#last, {
          due: this.now + wait,
          every: again ? Math.max(wait, 1) : null,
          run: () => run(...args),
        });
        return this.#last;
      };
    const clear = (/** @type {number} */ id) => void this.#timers.delete(id);
    Object.assign(globalThis, {
      setTimeout: set(false),
      setInterval: set(true),
      clearTimeout: clear,
      clearInterval: clear,
    });
    Date.now = () => this.now;
    return this;
  }

  /** Forgets what was to happen. */
  clear() {
    this.#timers.clear();
  }

  /**
   * Lets time pass, timer by timer.
   *
   * @param {number} ms
   */
  async pass(ms) {
    const end = this.now + ms;
    await this.settle();
    for (let next = this.#next(); next && next[1].due <= end;) {
      this.now = Math.max(this.now, next[1].due);
      this.#fire(next);
      await this.settle();
      next = this.#next();
    }
    this.now = end;
  }

  /** Runs what is due by now, and whatever promises make of it. */
  async settle() {
    do await this.#tasks();
    while (this.#fireDue());
  }

  #fireDue() {
    const next = this.#next();
    if (!next || next[1].due > this.now) return false;
    this.#fire(next);
    return true;
  }

  /** @param {[number, Timer]} entry */
  #fire([id, timer]) {
    if (timer.every === null) this.#timers.delete(id);
    else timer.due += timer.every;
    try {
      timer.run();
    } catch (error) {
      reportError(error);
    }
  }

  #next() {
    /** @type {[number, Timer] | undefined} */
    let first;
    for (const entry of this.#timers)
      if (!first || entry[1].due < first[1].due) first = entry;
    return first;
  }

  // A task of the page's own queue comes after all that promises had to do; a
  // few, because a rejection that nobody handled is told in a task as well.
  async #tasks() {
    for (let i = 0; i < 3; i++)
      await new Promise((resolve) => {
        this.#channel.port1.onmessage = resolve;
        this.#channel.port2.postMessage(0);
      });
  }
}
