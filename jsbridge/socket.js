// @ts-check

// The WebSocket of a store, one at a time, and the alarm that goes with it.
// What arrives is its receiver's.

import { messageOf } from "./errors.js";
import { FRAME_MESSAGE, Receiver } from "./receiver.js";

/** The longest time a browser's timer can be set to, in milliseconds. */
const LONGEST_TIMER = 0x7fffffff;

const WEBSOCKET_OPEN = 1;

export class Socket {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this._store = store;
    this._module = store.module;
    this._number = store.number;
    /** @type {WebSocket | null} */
    this._socket = null;
    this._receiver = new Receiver(store);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._timer = undefined;
  }

  /** Ends everything without the module, which has crashed. */
  abandon() {
    clearTimeout(this._timer);
    this._detach()?.close();
  }

  /** Tells Go what it must know before it looks at the clock. */
  catchUp() {
    this._receiver.catchUp();
  }

  /** Forgets what it has learnt of the listeners. */
  forgetRoutes() {
    this._receiver.forget();
  }

  /**
   * The route that a body teaches, if it does.
   *
   * @param {import("./payload.js").Body} body
   * @param {number} offset
   */
  routeOf(body, offset) {
    return this._receiver.routeOf(body, offset);
  }

  /**
   * Lets go of a body.
   *
   * @param {number} ref
   */
  drop(ref) {
    this._receiver.dropped(ref);
    this._module.bodies.drop(ref);
  }

  /**
   * @param {string} url
   * @param {string} protocols
   * @returns {string} what is wrong with them
   */
  dial(url, protocols) {
    try {
      const early = this._module.early?.take(url, protocols);
      this._attach(early ?? open(url, protocols));
      return "";
    } catch (error) {
      return messageOf(error) || "The WebSocket could not be made.";
    }
  }

  /** @param {WebSocket} socket */
  _attach(socket) {
    const receiver = new Receiver(this._store);
    this._store.lease.forget();
    this._socket = socket;
    this._receiver = receiver;
    socket.binaryType = "arraybuffer";
    const { guest } = this._module;
    socket.onopen = () =>
      this._module.enter(() => guest.handleOpen(this._number));
    socket.onmessage = ({ data }) => {
      try {
        receiver.receive(data);
      } catch (error) {
        this._module.failed(error);
      }
    };
    socket.onclose = ({ code, reason }) => {
      this._detach();
      this._module.enter(() => guest.handleClose(this._number, code, reason));
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
   * @param {string} head
   * @param {number} ref
   * @param {number} attachments
   */
  sendText(head, ref, attachments) {
    const body = ref === 0 ? null : this._module.bodies.get(ref);
    if (body?.answer && attachments === 0) {
      this._module.bodies.drop(ref);
    }
    return this.send(body === null ? head : head + body.text);
  }

  /**
   * @param {number} ref
   * @param {boolean} raw whether there is no frame type in front
   */
  sendBinary(ref, raw) {
    const body = this._module.bodies.get(ref);
    if (body.answer) {
      this._module.bodies.drop(ref);
    }
    const { attachments } = body;
    body.attachments = []; // a call that waits for its answer needs them no more
    return attachments.every((data) => this.send(raw ? data : framed(data)));
  }

  /** Whether messages can be sent: one that is closing drops them silently. */
  get isOpen() {
    return this._socket?.readyState === WEBSOCKET_OPEN;
  }

  /**
   * @param {string | Uint8Array<any>} message
   * @returns {boolean} whether the WebSocket took it
   */
  send(message) {
    if (!this.isOpen) {
      return false;
    }
    try {
      /** @type {WebSocket} */ (this._socket).send(message);
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
      () =>
        this._module.enter(() => {
          this.catchUp();
          this._module.guest.advance(this._number);
        }),
      delay,
    );
  }
}

/**
 * @param {string} url
 * @param {string} protocols
 */
function open(url, protocols) {
  return protocols === ""
    ? new WebSocket(url)
    : new WebSocket(url, protocols.split(","));
}

/** @param {Uint8Array} data */
function framed(data) {
  const frame = new Uint8Array(1 + data.length);
  frame[0] = FRAME_MESSAGE;
  frame.set(data, 1);
  return frame;
}
