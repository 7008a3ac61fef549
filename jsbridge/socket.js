// @ts-check

// The WebSocket of a store, one at a time, and the alarm that goes with it.
// What arrives is kept as a body here, and the module is given its head.

import { READ_BASE64, READ_DONE, READ_KEPT, READ_WAITING } from "./guest.js";
import { messageOf } from "./errors.js";
import { Body, bytesOf } from "./payload.js";

/** The frame type in front of an attachment. */
const FRAME_MESSAGE = 4;

/** The longest time a browser's timer can be set to, in milliseconds. */
const LONGEST_TIMER = 0x7fffffff;

const WEBSOCKET_OPEN = 1;

export class Socket {
  /**
   * @param {import("./create.js").Module} module
   * @param {number} store its number
   */
  constructor(module, store) {
    this._module = module;
    this._store = store;
    /** @type {WebSocket | null} */
    this._socket = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._timer = undefined;
    /** The body whose attachments are to come. */
    this._pending = 0;
  }

  /** Ends everything without the module, which has crashed. */
  abandon() {
    clearTimeout(this._timer);
    this._detach()?.close();
  }

  /**
   * Hears that a body is dropped.
   *
   * @param {number} ref
   */
  dropped(ref) {
    if (ref === this._pending) {
      this._pending = 0;
    }
  }

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
    socket.onopen = () =>
      this._module.enter(() => guest.handleOpen(this._store));
    socket.onmessage = ({ data }) => {
      try {
        this._receive(data);
      } catch (error) {
        this._module.failed(error);
      }
    };
    socket.onclose = ({ code, reason }) => {
      this._detach();
      this._module.enter(() => guest.handleClose(this._store, code, reason));
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

  /** @param {unknown} data */
  _receive(data) {
    if (typeof data === "string") {
      this._receiveText(data);
      return;
    }
    const bytes = bytesOf(data);
    if (bytes === null) {
      this._module.guest.handleMalformed(
        this._store,
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
    switch (guest.handleHead(this._store, text, ref)) {
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
        this._store,
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
    const reading = guest.handleBinaryHead(this._store, frameType, size);
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
      this._module.bodies.drop(ref);
    }
    return this._transmit(body === null ? head : head + body.text);
  }

  /** @param {number} ref */
  sendBinary(ref) {
    const body = this._module.bodies.get(ref);
    if (body.answer) {
      this._module.bodies.drop(ref);
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
      () => this._module.enter(() => this._module.guest.advance(this._store)),
      delay,
    );
  }
}
