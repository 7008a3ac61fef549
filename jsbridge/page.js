// @ts-check

// The store as the module dispatches to it. Nothing here throws: what the page
// throws is kept for dispatchThrown, and given back to it in a fresh task.

import { errorAction, makeError, messageOf, rethrow } from "./errors.js";

/** What SOCKET_STATUS says, in the order of middleware.Status. */
const STATUSES = [
  "disconnected",
  "connecting",
  "connected",
  "reconnecting",
  "failed",
];

/** The socket that an action means if it names none. */
export const DEFAULT_SOCKET = "default";

/**
 * What a middleware was made with; `socket` is the name of the one it is for.
 *
 * @typedef {{dispatch: Function, next: Function, options: Record<string, any>, socket?: string}} Made
 */

export class Page {
  /**
   * @param {import("./create.js").Module} module
   * @param {Made} made
   */
  constructor(module, { dispatch, next, options, socket }) {
    this._module = module;
    this._dispatch = dispatch;
    this._next = next;
    this._options = options;
    this.socket = socket ?? DEFAULT_SOCKET;
    /** What every action of a socket says that is not the default one. */
    this._meta =
      this.socket === DEFAULT_SOCKET ? null : { socket: this.socket };
    /** @type {{value: unknown, at: string} | null} */
    this._thrown = null;
  }

  /**
   * @param {any} action ours to add to
   * @returns {boolean} whether nothing was thrown
   */
  send(action) {
    if (this._meta !== null) {
      action.meta = { ...this._meta };
    }
    try {
      this._dispatch(action);
      return true;
    } catch (error) {
      return this.caught(error, action.type);
    }
  }

  /**
   * @param {unknown} value
   * @param {string} at what
   * @returns {false}
   */
  caught(value, at) {
    this._thrown = { value, at };
    rethrow(value);
    return false;
  }

  /** @param {string} type */
  dispatch(type) {
    return this.send({ type });
  }

  /** @param {number} attempt */
  dispatchConnecting(attempt) {
    return this.send({ type: "SOCKET_CONNECTING", payload: { attempt } });
  }

  /**
   * @param {number} code
   * @param {string} reason
   * @param {boolean} willRetry
   */
  dispatchClosed(code, reason, willRetry) {
    const payload = { code, reason, willRetry };
    return this.send({ type: "SOCKET_CLOSED", payload });
  }

  /**
   * @param {number} attempt
   * @param {number} delay
   * @param {number} at
   */
  dispatchReconnecting(attempt, delay, at) {
    const payload = { attempt, delay, at };
    return this.send({ type: "SOCKET_RECONNECTING", payload });
  }

  /** @param {number} attempts */
  dispatchFailed(attempts) {
    return this.send({ type: "SOCKET_FAILED", payload: { attempts } });
  }

  /**
   * @param {number} gap
   * @param {number} attempts
   */
  dispatchResumed(gap, attempts) {
    return this.send({ type: "SOCKET_RESUMED", payload: { gap, attempts } });
  }

  /**
   * @param {number} status
   * @param {number} since
   * @param {number} attempt
   * @param {number} retryAt 0 if no attempt is planned
   * @param {number} latency below 0 if it is not known
   * @param {number} queued
   */
  dispatchStatus(status, since, attempt, retryAt, latency, queued) {
    const payload = {
      status: STATUSES[status],
      since,
      attempt,
      retryAt,
      latency: latency < 0 ? null : latency,
      queued,
    };
    return this.send({ type: "SOCKET_STATUS", payload });
  }

  /**
   * @param {number} emit
   * @param {{message: string, name: string, type: string, code: string | number}} fields
   */
  dispatchError(emit, fields) {
    const waiting = emit === 0 ? null : this._module.bodies.get(emit).waiting;
    const error = makeError(fields, waiting);
    if (waiting !== null) {
      waiting.error = error;
    }
    return this.report(error);
  }

  /** @param {Error} error */
  report(error) {
    return this.send(errorAction(error, this._options));
  }

  /** A SOCKET_ERROR at which the application throws is not followed by another. */
  dispatchThrown() {
    const thrown = this._thrown;
    this._thrown = null;
    if (thrown === null || thrown.at === "SOCKET_ERROR") {
      return;
    }
    const error = makeError({
      message: `The application threw at ${thrown.at}: ${messageOf(thrown.value)}`,
      code: "APPLICATION_ERROR",
    });
    this.report(Object.assign(error, { cause: thrown.value }));
  }

  /** The action is the application's: it is copied, if something is added. */
  forward() {
    try {
      const action = this._options.disconnectedAction;
      const named =
        this._meta !== null && typeof action === "object"
          ? { ...action, meta: { ...action.meta, ...this._meta } }
          : action;
      this._next(named);
      return true;
    } catch (error) {
      return this.caught(error, "disconnectedAction");
    }
  }

  /** @param {string} message */
  log(message) {
    console.log(message);
  }
}
