// @ts-check
//
// A page that watches itself while a server does its worst: what reached the
// store, and for how long at most nothing else could happen.

/** How often the page's heart beats, in milliseconds. */
const BEAT = 10;

/** How many errors and closings are kept; the others are only counted. */
const KEPT = 1000;

/** A Witness is a store with the middleware, and what came to it. */
export class Witness {
  /** @type {Record<string, number>} how many actions of each type came */
  counts = Object.create(null);
  /** @type {any[]} payloads of the first SOCKET_ERRORs */
  errors = [];
  /** @type {any[]} the first SOCKET_CLOSED */
  closings = [];
  /** @type {any} the payload of the last EVENT */
  last;
  /** how many EVENTs came that were not numbered as the one before, plus 1 */
  jumps = 0;
  /** the longest time without a heartbeat, in milliseconds */
  longest = 0;
  #beat = performance.now();
  #next = 0;

  /**
   * @param {(options: any) => any} bsockMiddleware
   * @param {object} [options]
   */
  constructor(bsockMiddleware, options) {
    const names = ["event", "__proto__", "constructor", "\ud800", "�"];
    const handle = bsockMiddleware({
      listeners: names.map((event) => ({ event, actionType: "EVENT" })),
      connectTimeout: 3000,
      authTimeout: 1000,
      reconnect: { min: 50, max: 200 },
      ...options,
    })({
      dispatch: (/** @type {any} */ action) => this.#dispatch(action),
      getState: () => ({}),
    });
    this.handle = handle((/** @type {any} */ action) => action);
    setInterval(() => this.#feel(), BEAT);
  }

  /** @param {{type: string, payload?: any}} action */
  #dispatch(action) {
    const { type, payload } = action;
    this.counts[type] = (this.counts[type] ?? 0) + 1;
    if (type === "EVENT") this.#note(payload);
    if (type === "SOCKET_ERROR" && this.errors.length < KEPT)
      this.errors.push(payload);
    if (type === "SOCKET_CLOSED" && this.closings.length < KEPT)
      this.closings.push(payload);
    return action;
  }

  /** @param {any[]} payload */
  #note(payload) {
    this.last = payload;
    if (typeof payload?.[0] !== "number") return;
    if (payload[0] !== this.#next) this.jumps++;
    this.#next = payload[0] + 1;
  }

  #feel() {
    const now = performance.now();
    this.longest = Math.max(this.longest, now - this.#beat - BEAT);
    this.#beat = now;
  }

  /**
   * @param {number} port
   * @param {object} [fields] more of CONNECT_SOCKET's
   */
  connect(port, fields) {
    return this.handle({
      type: "CONNECT_SOCKET",
      bsock: { host: "127.0.0.1", port, ...fields },
    });
  }

  /**
   * Calls the server, and tells how that ended.
   *
   * @param {string} type
   * @param {number} [timeout]
   */
  async call(type, timeout = 1000) {
    let answers = 0;
    try {
      const answer = await this.handle({
        type: "EMIT_SOCKET",
        bsock: { type, message: "?", acknowledge: () => answers++ },
        meta: { timeout },
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { answer, answers };
    } catch (/** @type {any} */ error) {
      return { error: { ...error, message: error.message }, answers };
    }
  }

  /**
   * Waits until the store has so many actions of a type.
   *
   * @param {string} type
   * @param {number} [count]
   * @param {number} [patience] in milliseconds
   */
  async until(type, count = 1, patience = 60_000) {
    const giveUp = performance.now() + patience;
    while ((this.counts[type] ?? 0) < count) {
      if (performance.now() > giveUp)
        throw new Error(
          `${type} did not come ${count} times: ${JSON.stringify(this.counts)} ${this.errors.slice(0, 3).join("; ")}`,
        );
      await new Promise((resolve) => setTimeout(resolve, BEAT));
    }
  }

  /**
   * Waits for an EVENT with this first argument: others may come before it.
   *
   * @param {unknown} value
   * @param {number} [patience] in milliseconds
   */
  async untilLast(value, patience = 60_000) {
    const giveUp = performance.now() + patience;
    while (this.last?.[0] !== value) {
      if (performance.now() > giveUp)
        throw new Error(
          `${value} did not come: ${JSON.stringify(this.counts)}`,
        );
      await new Promise((resolve) => setTimeout(resolve, BEAT));
    }
  }

  /** What a test may know. */
  get report() {
    return {
      counts: { ...this.counts },
      errors: this.errors.map(tell),
      closings: this.closings,
      jumps: this.jumps,
      longest: Math.round(this.longest),
      polluted: "polluted" in {} || "polluted" in Function.prototype,
    };
  }
}

/**
 * An error in words: what breaks the protocol by its message, all else with its
 * code.
 *
 * @param {any} error
 */
function tell({ message, code }) {
  return code === "PROTOCOL_ERROR" ? message : `${code}: ${message}`;
}
