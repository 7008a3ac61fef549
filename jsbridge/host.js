// @ts-check

// Calls out of the module. Each import is a method of the store it names;
// host.go is the Go half. An import never throws: what the page throws is kept
// for DispatchThrown, and given back to the page in a fresh task.

import { READ_BASE64, READ_DONE, READ_KEPT, READ_WAITING } from "./guest.js";
import {
  Body,
  ackBytes,
  bytesOf,
  encode,
  pageBuffer,
  parse,
} from "./payload.js";

/** What became of a body, in the order of middleware.Delivery. */
const DELIVERED = 0;
const THREW = 1;
const MALFORMED = 2;

/** The frame type in front of an attachment. */
const FRAME_MESSAGE = 4;

/** The longest time a browser's timer can be set to, in milliseconds. */
const LONGEST_TIMER = 0x7fffffff;

const WEBSOCKET_OPEN = 1;

/**
 * bsock's bound of a frame, in bytes.
 * bsock: lib/parser.js MAX_MESSAGE
 */
const MAX_FRAME = 100_000_000;

/** The states of a promise. */
const PENDING = 0;
const FULFILLED = 1;
const REJECTED = 2;

const RESOLVED = Promise.resolve();

/** What is known of an action whose fields are of no more use, or not yet. */
const NO_FIELDS = Object.freeze({});

/**
 * Gives the page back what it threw, as uncaught.
 *
 * @param {unknown} thrown
 */
export function rethrow(thrown) {
  setTimeout(() => {
    throw thrown;
  });
}

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

/**
 * @param {{message: string, name?: string, type?: string, code?: string | number}} fields
 * @param {Waiting | null} [waiting] whoever the error is about
 * @returns {Error}
 */
export function makeError({ message, name, type, code }, waiting) {
  const error = /** @type {Error & Record<string, unknown>} */ (
    new Error(message)
  );
  if (name) {
    error.name = name;
  }
  if (type) {
    error.type = type;
  }
  if (code !== undefined && code !== "") {
    error.code = code;
  }
  if (waiting?.isEmit) {
    const { type: event, message: relayed } = waiting.fields;
    error.emit = { type: event, message: relayed };
  }
  return error;
}

/**
 * What SOCKET_ERROR carries: the error, or with the option `plainErrors` an
 * object of its fields, as Redux Toolkit wants everything in an action.
 *
 * @param {Error} error
 * @param {{plainErrors?: boolean}} [options]
 * @returns {any}
 */
export function errorAction(error, options) {
  if (!options?.plainErrors) {
    return { type: "SOCKET_ERROR", payload: error };
  }
  const { name, message, code, type, emit } =
    /** @type {Error & Record<string, any>} */ (error);
  /** @type {Record<string, unknown>} */
  const payload = { name, message };
  for (const [key, value] of Object.entries({ code, type, emit })) {
    if (value !== undefined) {
      payload[key] = value;
    }
  }
  return { type: "SOCKET_ERROR", payload };
}

/**
 * The fields of a CONNECT_SOCKET, each read once: a getter may throw.
 *
 * @param {Record<string, any>} bsock
 */
function readConnect({ port, host, ssl, namespace, protocols, apiKey }) {
  return { port, host, ssl, namespace, protocols, apiKey };
}

/** @param {unknown} listeners */
function readListeners(listeners) {
  const all = Array.isArray(listeners) ? listeners : [listeners ?? []].flat();
  return all.map((listener) => ({
    event: listener?.event,
    actionType: listener?.actionType,
    ack: listener?.ack,
  }));
}

/**
 * Whether a key is another than the last. A function is asked at each attempt,
 * and is mostly made anew at each dispatch, so one is as good as another.
 *
 * @param {unknown} key
 * @param {unknown} last
 */
function isNewKey(key, last) {
  return (
    key !== last && !(typeof key === "function" && typeof last === "function")
  );
}

/**
 * What goes on the wire, in the order of Object.keys.
 * bsock-middleware: EMIT_SOCKET
 *
 * @param {Record<string, any>} bsock
 * @param {unknown} type
 * @param {unknown} message
 */
function argumentsOf(bsock, type, message) {
  const args = [type, message];
  for (const key of Object.keys(bsock)) {
    if (key !== "type" && key !== "message" && key !== "acknowledge") {
      args.push(bsock[key]);
    }
  }
  return args;
}

/**
 * Whether a frame of a body would be above the limit. A letter is up to three
 * bytes; the head of a packet is less than HEAD.
 *
 * @param {Body} body
 */
function isTooLarge({ text, attachments }) {
  const HEAD = 32;
  const most = MAX_FRAME - HEAD;
  return (
    (text.length * 3 > most && new TextEncoder().encode(text).length > most) ||
    attachments.some((data) => data.length > most)
  );
}

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
    /** @type {unknown} */
    this._apiKey = undefined;
    /** @type {WebSocket | null} */
    this._socket = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._timer = undefined;
    /** The body whose attachments are to come. */
    this._pending = 0;
    /** @type {{value: unknown, at: string} | null} */
    this._thrown = null;
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
    const { _apiKey, _listeners } = this;
    let fields;
    let listeners;
    try {
      fields = readConnect(bsock);
      listeners = readListeners(this._options.listeners);
    } catch (error) {
      this._refuse(waiting, `it cannot be read: ${messageOf(error)}`);
      return;
    }
    this._apiKey = fields.apiKey;
    this._listeners = listeners;
    const ref = this._keep(new Body(""), waiting);
    const newKey = isNewKey(fields.apiKey, _apiKey);
    this._module.guest.handleConnect(
      this.number,
      ref,
      newKey,
      fields,
      listeners,
    );
    // The page may have heard of it, and connected otherwise.
    if (waiting.rejected && this._listeners === listeners) {
      this._apiKey = _apiKey;
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
    clearTimeout(this._timer);
    this._detach()?.close();
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
    const buffer = this._options.Buffer ?? pageBuffer();
    return buffer
      ? buffer.from(data.buffer, data.byteOffset, data.byteLength)
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
    if (ref === this._pending) {
      this._pending = 0;
    }
    this._module.bodies.drop(ref);
  }

  // What the module asks for: the WebSocket.

  /**
   * @param {string} url
   * @param {string} protocols
   * @returns {string} what is wrong with them
   */
  dial(url, protocols) {
    try {
      const socket =
        protocols === ""
          ? new WebSocket(url)
          : new WebSocket(url, protocols.split(","));
      this._attach(socket);
      return "";
    } catch (error) {
      return messageOf(error) || "The WebSocket could not be made.";
    }
  }

  /** @param {WebSocket} socket */
  _attach(socket) {
    this._socket = socket;
    this._pending = 0;
    socket.binaryType = "arraybuffer";
    const { guest } = this._module;
    socket.onopen = () => this._enter(() => guest.handleOpen(this.number));
    socket.onmessage = ({ data }) => {
      try {
        this._receive(data);
      } catch (error) {
        this._module.failed(error);
      }
    };
    socket.onclose = ({ code, reason }) => {
      this._detach();
      this._enter(() => guest.handleClose(this.number, code, reason));
    };
    // A close follows, and has more to say.
    socket.onerror = () => {};
  }

  /** Lets go of the WebSocket: nothing of it is reported any more. */
  _detach() {
    const socket = this._socket;
    this._socket = null;
    if (socket !== null) {
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    }
    return socket;
  }

  /**
   * Calls the module for something that nobody on this side waits for.
   *
   * @param {() => void} call
   */
  _enter(call) {
    if (this._module.crash) {
      return; // a key that came too late
    }
    try {
      call();
    } catch (error) {
      this._module.failed(error);
    }
  }

  /** @param {unknown} data */
  _receive(data) {
    if (typeof data === "string") {
      this._receiveText(data);
      return;
    }
    const bytes = bytesOf(data);
    if (bytes === null) {
      this._module.guest.handleMalformed(
        this.number,
        "Message is neither text nor binary.",
      );
      return;
    }
    this._receiveBinary(bytes[0], bytes.subarray(1), bytes.length);
  }

  /** @param {string} text */
  _receiveText(text) {
    const { guest, bodies } = this._module;
    const ref = bodies.keep(new Body(text));
    switch (guest.handleHead(this.number, text, ref)) {
      case READ_DONE:
        bodies.drop(ref);
        break;
      case READ_WAITING:
        this._pending = ref;
        break;
      case READ_BASE64:
        bodies.drop(ref);
        this._receiveBase64(text);
        break;
    }
  }

  /** @param {string} text b, the frame type, and base64 */
  _receiveBase64(text) {
    let letters;
    try {
      letters = atob(text.slice(2));
    } catch {
      this._module.guest.handleMalformed(
        this.number,
        "Binary frame is not valid base64.",
      );
      return;
    }
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    this._receiveBinary(text.charCodeAt(1) - 48, bytes, bytes.length + 1);
  }

  /**
   * @param {number} frameType
   * @param {Uint8Array} data
   * @param {number} size with the frame type
   */
  _receiveBinary(frameType, data, size) {
    const { guest, bodies } = this._module;
    const pending = this._pending;
    const body = pending === 0 ? null : bodies.get(pending);
    body?.attachments.push(data);
    const reading = guest.handleBinaryHead(this.number, frameType, size);
    if (pending === 0 || this._pending !== pending) {
      return;
    }
    if (reading === READ_KEPT) {
      this._pending = 0;
    } else if (reading === READ_DONE) {
      body?.attachments.pop();
    }
  }

  /**
   * @param {string} head
   * @param {number} ref
   * @param {number} attachments
   */
  sendText(head, ref, attachments) {
    const body = ref === 0 ? null : this._module.bodies.get(ref);
    if (body?.answer && attachments === 0) {
      this.drop(ref);
    }
    return this._transmit(body === null ? head : head + body.text);
  }

  /** @param {number} ref */
  sendBinary(ref) {
    const body = this._module.bodies.get(ref);
    if (body.answer) {
      this.drop(ref);
    }
    const { attachments } = body;
    body.attachments = []; // a call that waits for its answer needs them no more
    return attachments.every((data) => {
      const frame = new Uint8Array(1 + data.length);
      frame[0] = FRAME_MESSAGE;
      frame.set(data, 1);
      return this._transmit(frame);
    });
  }

  /**
   * A WebSocket that is closing would drop the message without a word.
   *
   * @param {string | Uint8Array<ArrayBuffer>} message
   */
  _transmit(message) {
    if (this._socket?.readyState !== WEBSOCKET_OPEN) {
      return false;
    }
    try {
      this._socket.send(message);
      return true;
    } catch {
      return false; // too large for the browser, for one
    }
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  hangup(code, reason) {
    this._detach()?.close(code, reason);
  }

  /** @param {number} time */
  wakeAt(time) {
    clearTimeout(this._timer);
    if (time === 0) {
      return;
    }
    const delay = Math.min(Math.max(time - Date.now(), 0), LONGEST_TIMER);
    this._timer = setTimeout(
      () => this._enter(() => this._module.guest.advance(this.number)),
      delay,
    );
  }

  // What the module asks for: the key.

  /** @param {number} attempt */
  askKey(attempt) {
    let key = this._apiKey;
    try {
      key = typeof key === "function" ? key() : key;
      if (typeof (/** @type {any} */ (key)?.then) === "function") {
        this._awaitKey(attempt, key);
        return;
      }
    } catch (error) {
      this._denyKey(attempt, error);
      return;
    }
    this._giveKey(attempt, key);
  }

  /**
   * @param {number} attempt
   * @param {unknown} key a promise, or something like one
   */
  _awaitKey(attempt, key) {
    Promise.resolve(key).then(
      (value) => this._enter(() => this._giveKey(attempt, value)),
      (error) => this._enter(() => this._denyKey(attempt, error)),
    );
  }

  /**
   * @param {number} attempt
   * @param {unknown} key
   */
  _giveKey(attempt, key) {
    let body;
    try {
      body = encode(["auth", key]);
    } catch (error) {
      this._denyKey(attempt, error);
      return;
    }
    this._module.guest.handleKey(
      this.number,
      attempt,
      this._module.bodies.keep(body),
    );
  }

  /**
   * @param {number} attempt
   * @param {unknown} error
   */
  _denyKey(attempt, error) {
    this._module.guest.handleKeyError(this.number, attempt, messageOf(error));
  }

  /** @param {string} message */
  log(message) {
    console.log(message);
  }
}

/**
 * @param {unknown} error anything that can be thrown
 * @returns {string}
 */
export function messageOf(error) {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "something that has no text";
  }
}

/**
 * The imports of the module, by name. Strings come as an address and a size.
 *
 * @param {import("./create.js").Module} module
 */
export function hostImports(module) {
  const at = (/** @type {number} */ store) => {
    if (module.crash) {
      throw module.crash; // out of the frames that were under way then
    }
    return module.stores[store];
  };
  const text = (/** @type {number} */ address, /** @type {number} */ size) =>
    module.memory.get(address, size);
  /** @param {number[]} strings addresses and sizes of four, then whether the code is a number */
  const error = (...strings) => {
    const [message, name, type, code] = [0, 2, 4, 6].map((i) =>
      text(strings[i], strings[i + 1]),
    );
    return { message, name, type, code: strings[8] ? Number(code) : code };
  };
  /** @type {Record<string, (...args: any[]) => any>} */
  const imports = {
    dispatch: (store, address, size) => at(store).dispatch(text(address, size)),
    dispatchClosed: (store, code, address, size, willRetry) =>
      at(store).dispatchClosed(code, text(address, size), Boolean(willRetry)),
    dispatchError: (store, emit, ...strings) =>
      at(store).dispatchError(emit, error(...strings)),
    dispatchThrown: (store) => at(store).dispatchThrown(),
    forward: (store) => at(store).forward(),
    deliver: (store, listener, ref, offset, last) =>
      at(store).deliver(listener, ref, offset, Boolean(last)),
    answer: (store, listener) => at(store).answer(listener),
    settle: (store, emit, ref, offset) => at(store).settle(emit, ref, offset),
    reject: (store, emit, ...strings) =>
      at(store).reject(emit, error(...strings)),
    drop: (store, ref) => at(store).drop(ref),
    dial: (store, url, urlSize, protocols, protocolsSize) => {
      const problem = at(store).dial(
        text(url, urlSize),
        text(protocols, protocolsSize),
      );
      module.memory.begin(problem.length);
      return module.memory.put(problem);
    },
    sendText: (store, head, headSize, ref, attachments) =>
      at(store).sendText(text(head, headSize), ref, attachments),
    sendBinary: (store, ref) => at(store).sendBinary(ref),
    hangup: (store, code, address, size) =>
      at(store).hangup(code, text(address, size)),
    wakeAt: (store, time) => at(store).wakeAt(time),
    askKey: (store, attempt) => at(store).askKey(attempt),
    log: (store, address, size) => at(store).log(text(address, size)),
  };
  return imports;
}
