// @ts-check

// A Redux store, as the module sees it: what its actions ask for goes in, what
// the module asks for comes out. Nothing here throws at the module: what the
// page throws is kept for dispatchThrown, and given back to the page in a fresh
// task.

import {
  argumentsOf,
  isNewKey,
  isTooLarge,
  MAX_FRAME,
  readConnect,
  readListeners,
} from "./action.js";
import { errorAction, makeError, messageOf, rethrow } from "./errors.js";
import { Key } from "./key.js";
import { Body, ackBytes, encode, pageBuffer, parse } from "./payload.js";
import { Socket } from "./socket.js";

/** @typedef {import("./waiting.js").Waiting} Waiting */

/** What became of a body, in the order of middleware.Delivery. */
const DELIVERED = 0;
const THREW = 1;
const MALFORMED = 2;

/** A Redux store and its WebSocket. */
export class Store {
  /**
   * @param {import("./create.js").Module} module
   * @param {number} number
   * @param {{dispatch: Function, next: Function, options: Record<string, any>}} page
   */
  constructor(module, number, { dispatch, next, options }) {
    this._module = module;
    this.number = number;
    this._dispatch = dispatch;
    this._next = next;
    this._options = options;
    /** @type {readonly any[]} as they were at the last CONNECT_SOCKET */
    this._listeners = [];
    this._key = new Key(module, number);
    this._socket = new Socket(module, number);
    /** @type {{value: unknown, at: string} | null} */
    this._thrown = null;
    // Looked up once: to ask for a global that is not there is slow.
    this._buffer = options?.Buffer ?? pageBuffer();
    this._binary = this._binary.bind(this);
  }

  // What the page asks for.

  /**
   * Handles an action of ours. It reports whether the action is consumed.
   *
   * @param {{type: string, bsock: Record<string, any>, meta?: any}} action
   * @param {Waiting} waiting
   * @returns {boolean}
   */
  handle(action, waiting) {
    const { guest } = this._module;
    guest.checkDepth(); // before anything is kept for it
    switch (action.type) {
      case "CONNECT_SOCKET":
        this._connect(action, waiting);
        return true;
      case "DISCONNECT_SOCKET":
        guest.handleDisconnect(this.number, this._keep(new Body(""), waiting));
        return true;
    }
    return this._emit(action, waiting);
  }

  /**
   * @param {Body} body
   * @param {Waiting} waiting
   */
  _keep(body, waiting) {
    body.waiting = waiting;
    return this._module.bodies.keep(body);
  }

  /**
   * The key and the listeners are those of this action from now on, unless it
   * is refused.
   *
   * @param {{bsock: Record<string, any>}} action
   * @param {Waiting} waiting
   */
  _connect({ bsock }, waiting) {
    const { _key, _listeners } = this;
    const last = _key.value;
    let fields;
    let listeners;
    try {
      fields = readConnect(bsock);
      listeners = readListeners(this._options.listeners);
    } catch (error) {
      this._refuse(waiting, `it cannot be read: ${messageOf(error)}`);
      return;
    }
    _key.value = fields.apiKey;
    this._listeners = listeners;
    const ref = this._keep(new Body(""), waiting);
    const newKey = isNewKey(fields.apiKey, last);
    this._module.guest.handleConnect(
      this.number,
      ref,
      newKey,
      fields,
      listeners,
    );
    // The page may have heard of it, and connected otherwise.
    if (waiting.rejected && this._listeners === listeners) {
      _key.value = last;
      this._listeners = _listeners;
    }
  }

  /**
   * @param {Waiting} waiting
   * @param {string} problem
   */
  _refuse(waiting, problem) {
    const message = `CONNECT_SOCKET: ${problem}.`;
    const error = makeError({ message, name: "TypeError", code: "BAD_ACTION" });
    this.report(error);
    waiting.reject(error);
  }

  /**
   * @param {{bsock: Record<string, any>, meta?: any}} action
   * @param {Waiting} waiting
   * @returns {boolean}
   */
  _emit({ bsock, meta }, waiting) {
    let timeout;
    let body;
    let problem = "";
    try {
      const { type, message, acknowledge } = bsock;
      waiting.fields = { type, message, acknowledge };
      timeout = meta?.timeout;
      waiting.ack = meta?.ack;
      body = encode(argumentsOf(bsock, type, message));
      if (isTooLarge(body)) {
        problem = `the arguments make a frame above the limit of ${MAX_FRAME} bytes.`;
      }
    } catch (error) {
      body = new Body("");
      problem = `the arguments cannot be written as JSON: ${messageOf(error)}.`;
    }
    const { guest, bodies } = this._module;
    const ref = this._keep(body, waiting);
    const consumed = guest.handleEmit(
      this.number,
      ref,
      body.attachments.length,
      waiting.fields,
      timeout,
      problem,
      waiting.ack,
    );
    if (!consumed) {
      bodies.drop(ref);
    }
    if (body.attachments.length > 0) {
      // It waits, and the page may change or transfer what it gave.
      body.attachments = body.attachments.map((data) => data.slice());
    }
    return consumed;
  }

  /**
   * Takes what `handle` has thrown, and returns what it is to be rejected with.
   *
   * @param {unknown} error
   * @returns {Error}
   */
  failed(error) {
    return this._module.failed(error);
  }

  /** Ends everything without the module, which has crashed. */
  abandon() {
    this._socket.abandon();
  }

  // What the module asks for: the store.

  /**
   * @param {{type: string}} action
   * @returns {boolean} whether nothing was thrown
   */
  _send(action) {
    try {
      this._dispatch(action);
      return true;
    } catch (error) {
      return this._caught(error, action.type);
    }
  }

  /**
   * @param {unknown} value
   * @param {string} at what
   * @returns {false}
   */
  _caught(value, at) {
    this._thrown = { value, at };
    rethrow(value);
    return false;
  }

  /** @param {string} type */
  dispatch(type) {
    return this._send({ type });
  }

  /**
   * @param {number} code
   * @param {string} reason
   * @param {boolean} willRetry
   */
  dispatchClosed(code, reason, willRetry) {
    return this._send(
      /** @type {any} */ ({
        type: "SOCKET_CLOSED",
        payload: { code, reason, willRetry },
      }),
    );
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
    return this._send(errorAction(error, this._options));
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

  forward() {
    try {
      this._next(this._options.disconnectedAction);
      return true;
    } catch (error) {
      return this._caught(error, "disconnectedAction");
    }
  }

  /**
   * @param {number} listener
   * @param {number} ref
   * @param {number} offset
   * @param {boolean} last
   */
  deliver(listener, ref, offset, last) {
    const body = this._module.bodies.get(ref);
    // The page may connect with others before the last of them is told.
    const listeners = (body.listeners ??= this._listeners);
    const args = this._parse(ref, offset);
    if (last) {
      this.drop(ref);
    }
    if (args === null) {
      return MALFORMED;
    }
    const { actionType, ack } = listeners[listener];
    if (!ack) {
      return this._send(
        /** @type {any} */ ({ type: actionType, payload: args.slice(1) }),
      )
        ? DELIVERED
        : THREW;
    }
    if (args.length < 2 || args[1] === null) {
      return DELIVERED;
    }
    return this._send(
      /** @type {any} */ ({ type: actionType, payload: args[1] }),
    )
      ? DELIVERED
      : THREW;
  }

  /**
   * @param {number} ref
   * @param {number} offset
   * @returns {unknown[] | null}
   */
  _parse(ref, offset) {
    try {
      return parse(this._module.bodies.get(ref), offset, this._binary);
    } catch {
      return null;
    }
  }

  /**
   * What the application gets for an attachment.
   *
   * @param {Uint8Array} data
   * @returns {Uint8Array}
   */
  _binary(data) {
    if (this._options.binary) {
      try {
        return this._options.binary(data);
      } catch (error) {
        rethrow(error); // the server has done nothing wrong
      }
    }
    return this._buffer
      ? this._buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : data;
  }

  /** @param {number} listener */
  answer(listener) {
    const body = new Body('[null,{"_placeholder":true,"num":0}]');
    body.attachments.push(
      ackBytes(this._listeners[listener].ack) ?? new Uint8Array(),
    );
    body.answer = true;
    return this._module.bodies.keep(body);
  }

  /**
   * @param {number} emit
   * @param {number} ref
   * @param {number} offset
   */
  settle(emit, ref, offset) {
    const { bodies } = this._module;
    const waiting = /** @type {Waiting} */ (bodies.get(emit).waiting);
    if (ref === 0) {
      bodies.drop(emit);
      waiting.settle(undefined);
      return DELIVERED;
    }
    const args = this._parse(ref, offset);
    this.drop(ref);
    if (args === null) {
      return MALFORMED;
    }
    bodies.drop(emit);
    const result = args[1] ?? null;
    const done = this._acknowledge(waiting, result);
    waiting.settle(result);
    return done ? DELIVERED : THREW;
  }

  /**
   * @param {Waiting} waiting
   * @param {unknown} result
   */
  _acknowledge(waiting, result) {
    const { acknowledge } = waiting.fields;
    let done = true;
    if (typeof acknowledge === "function") {
      try {
        acknowledge(result);
      } catch (error) {
        done = this._caught(error, "acknowledge");
      }
    }
    return waiting.ack === undefined || waiting.ack === null
      ? done
      : this._send(
          /** @type {any} */ ({ type: waiting.ack, payload: result }),
        ) && done;
  }

  /**
   * @param {number} emit
   * @param {{message: string, name: string, type: string, code: string | number}} fields
   */
  reject(emit, fields) {
    const { bodies } = this._module;
    const waiting = /** @type {Waiting} */ (bodies.get(emit).waiting);
    bodies.drop(emit);
    waiting.reject(waiting.error ?? makeError(fields, waiting));
  }

  /** @param {number} ref */
  drop(ref) {
    this._socket.dropped(ref);
    this._module.bodies.drop(ref);
  }

  // What the module asks for: the WebSocket, and the key for it.

  /**
   * @param {string} url
   * @param {string} protocols
   */
  dial(url, protocols) {
    return this._socket.dial(url, protocols);
  }

  /**
   * @param {string} head
   * @param {number} ref
   * @param {number} attachments
   */
  sendText(head, ref, attachments) {
    return this._socket.sendText(head, ref, attachments);
  }

  /** @param {number} ref */
  sendBinary(ref) {
    return this._socket.sendBinary(ref);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  hangup(code, reason) {
    this._socket.hangup(code, reason);
  }

  /** @param {number} time */
  wakeAt(time) {
    this._socket.wakeAt(time);
  }

  /** @param {number} attempt */
  askKey(attempt) {
    this._key.ask(attempt);
  }

  /** @param {string} message */
  log(message) {
    console.log(message);
  }
}
