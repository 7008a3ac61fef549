// @ts-check
//
// What became of each emit: how its promise ended, whether its callback was
// called, how often it went out and when.

import { tagOf } from "./chaos-wire.mjs";

/**
 * An Emit is what became of one. Those without a number of their own have no id
 * on the wire, and are not counted there.
 *
 * @typedef {object} Emit
 * @property {number} id
 * @property {string} what
 * @property {boolean} tagged
 * @property {boolean} call
 * @property {number} sent how often it was handed to a WebSocket
 * @property {boolean} late whether that was after it had settled
 * @property {string[]} outcomes
 * @property {number} ended when, in ms since 1970
 * @property {number} acknowledged how often its callback was called
 * @property {boolean} wrong whether the answer was another one's
 */

/** The codes of failures that are this end's own; others are the server's. */
const local = {
  TIMEOUT: "timed out",
  QUEUE_FULL: "dropped",
  DROPPED: "dropped",
  NOT_CONNECTED: "dropped",
  CONNECTION_LOST: "lost",
  CLOSED: "lost",
};

/** Emits are all that there were. */
export class Emits {
  /** @type {Emit[]} by their ids */
  list = [];
  #dispatch;

  /** @param {(action: any) => any} dispatch */
  constructor(dispatch) {
    this.#dispatch = dispatch;
  }

  /** Reports whether each of them has come to an end. */
  get settled() {
    return this.list.every(({ outcomes }) => outcomes.length > 0);
  }

  /**
   * Notes that an emit was handed to a WebSocket.
   *
   * @param {number} id
   */
  sent(id) {
    const emit = this.list[id];
    emit.sent++;
    if (emit.outcomes.length > 0) emit.late = true;
  }

  /**
   * Has the node called, and resolves with the answer.
   *
   * @param {string} message
   * @param {Record<string, unknown>} rest
   * @param {object} meta
   * @param {(answer: any) => boolean} [isRight]
   */
  call(message, rest, meta, isRight = () => true) {
    const acknowledge = (/** @type {any} */ answer) => {
      if (!isRight(answer)) emit.wrong = true;
    };
    const bsock = { message, ...rest, acknowledge };
    const { emit, promise } = this.#emit("dispatch", bsock, meta, true);
    return promise;
  }

  /**
   * @param {string} type
   * @param {Record<string, any>} bsock
   * @param {object} [meta]
   * @param {boolean} [tagged]
   */
  emit(type, bsock, meta, tagged) {
    return this.#emit(type, bsock, meta, tagged).promise;
  }

  /**
   * @param {string} type
   * @param {Record<string, any>} bsock
   * @param {object} [meta]
   * @param {boolean} [tagged]
   */
  #emit(type, { acknowledge, ...rest }, meta, tagged = false) {
    const emit = this.#begun(type, rest.message, tagged, !!acknowledge);
    const counted = (/** @type {unknown} */ answer) => {
      emit.acknowledged++;
      acknowledge(answer);
    };
    const bsock = {
      type,
      ...rest,
      ...(tagged && { tag: tagOf(emit.id) }),
      ...(acknowledge && { acknowledge: counted }),
    };
    /** @type {Promise<any>} */
    const promise = this.#dispatch({ type: "EMIT_SOCKET", bsock, meta });
    promise.then(
      () => end(emit, emit.call ? "acknowledged" : "sent"),
      ({ code }) => end(emit, local[code] ?? "refused"),
    );
    return { emit, promise };
  }

  /**
   * @param {string} type
   * @param {string} message
   * @param {boolean} tagged
   * @param {boolean} call
   */
  #begun(type, message, tagged, call) {
    /** @type {Emit} */
    const emit = {
      id: this.list.length,
      what: `${type} ${message}`,
      tagged,
      call,
      sent: 0,
      late: false,
      outcomes: [],
      ended: 0,
      acknowledged: 0,
      wrong: false,
    };
    this.list.push(emit);
    return emit;
  }
}

/**
 * @param {Emit} emit
 * @param {string} outcome
 */
function end(emit, outcome) {
  emit.outcomes.push(outcome);
  emit.ended = Date.now();
}
