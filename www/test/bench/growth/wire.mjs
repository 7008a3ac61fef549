// @ts-check
//
// A fake WebSocket that can also be cut, and that tells when what it waits for
// has been sent.

import { FakeWebSocket, idOf } from "../fake-websocket.mjs";

/** A Wire is a FakeWebSocket for the growth suite. */
export class Wire extends FakeWebSocket {
  /** @type {(made: Wire) => void} hears of the next Wire */
  static #made = () => {};

  /** When what is being delivered was handed over. */
  #began = 0;
  #left = 0;
  #start = 0;
  /** @type {(ms: number) => void} */
  #flown = () => {};
  #met = () => false;
  #resolve = () => {};

  /** @param {string | URL} url */
  constructor(url) {
    super(url);
    Wire.#made(this);
  }

  /** @param {string | ArrayBuffer} data */
  deliver(data) {
    this.#began = performance.now();
    super.deliver(data);
  }

  /** @param {any} data */
  send(data) {
    super.send(data);
    if (this.#met()) this.#resolve();
    // The call that authenticates has an id, an event has none.
    if (this.#left === 0 || !String(data).startsWith("42[")) return;
    this.#start ||= this.#began;
    if (--this.#left === 0) this.#flown(performance.now() - this.#start);
  }

  /**
   * Resolves when so many events have been sent, with the time since what set
   * them off was delivered.
   *
   * @param {number} events
   * @returns {Promise<number>} milliseconds
   */
  outflow(events) {
    this.#left = events;
    this.#start = 0;
    return new Promise((resolve) => {
      this.#flown = resolve;
    });
  }

  /**
   * Resolves when so many messages have been sent in all.
   *
   * @param {number} goal
   */
  sentAll(goal) {
    return this.#until(() => this.sent >= goal);
  }

  /**
   * Resolves when so many calls are kept.
   *
   * @param {number} count
   */
  asked(count) {
    return this.#until(() => (this.calls?.length ?? 0) >= count);
  }

  /**
   * @param {() => boolean} met
   * @returns {Promise<void> | undefined}
   */
  #until(met) {
    if (met()) return undefined;
    return new Promise((resolve) => {
      this.#met = met;
      this.#resolve = () => {
        this.#met = () => false;
        resolve();
      };
    });
  }

  /** Answers the only call that is kept. */
  acknowledge() {
    const [frame] = /** @type {string[]} */ (this.calls);
    this.calls = null;
    this.deliver(`43${idOf(frame)}[null,null]`);
  }

  /** Ends as a connection does whose cable is pulled. */
  cut() {
    this.readyState = FakeWebSocket.CLOSED;
    this.onclose?.({ type: "close", code: 1006, reason: "", wasClean: false });
  }

  /** @returns {Promise<Wire>} the one that is made next */
  successor() {
    return new Promise((resolve) => {
      Wire.#made = resolve;
    });
  }
}
