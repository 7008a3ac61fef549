// @ts-check

// Emits that are remembered already, and said again: Go is asked by the number
// of the body that it keeps, and need not look at this one. again.go has the
// rest.

/** The answers of Go. 0 says that the emit is to be handled as any other. */
const SEND = 1;
const SENT = 2;

/** How many texts are known here. Whatever is beyond, Go looks at. */
const MOST_TEXTS = 1 << 14;

export class Again {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this._store = store;
    this._module = store.module;
    /** @type {Map<string, {ref: number, body: import("./payload.js").Body}>} */
    this._known = new Map();
  }

  /**
   * Hears that Go remembers a body, until it drops it.
   *
   * @param {number} ref
   */
  learn(ref) {
    if (this._known.size >= MOST_TEXTS) {
      this._known.clear();
    }
    const body = this._module.bodies.get(ref);
    this._known.set(body.text, { ref, body });
  }

  /**
   * Sends an emit that has no meta, if it is remembered already.
   *
   * @param {import("./payload.js").Body} body
   * @param {import("./waiting.js").Waiting} waiting
   * @returns {boolean} whether that is all there is to do
   */
  send({ text, attachments }, waiting) {
    if (
      this._known.size === 0 ||
      waiting.fields.acknowledge !== undefined ||
      attachments.length > 0 ||
      this._module.guest.busy
    ) {
      return false;
    }
    const known = this._known.get(text);
    if (known === undefined) {
      return false;
    }
    if (this._module.bodies.get(known.ref) !== known.body) {
      this._known.delete(text); // Go has dropped it
      return false;
    }
    return this._sendKnown(known.ref, text, waiting);
  }

  /**
   * @param {number} ref
   * @param {string} text
   * @param {import("./waiting.js").Waiting} waiting
   */
  _sendKnown(ref, text, waiting) {
    const { socket, number } = this._store;
    const { guest } = this._module;
    if (!socket.isOpen) {
      return false;
    }
    const again = guest.again(number, ref);
    if (again === SEND && socket.send("42" + text)) {
      guest.handleSaid(number, ref);
    } else if (again !== SENT) {
      return false;
    }
    waiting.settle(undefined);
    return true;
  }
}
