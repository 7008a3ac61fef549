// @ts-check
//
// A WebSocket that is watched from inside the page: whether there is one at a
// time, and which emits went out on it and when. It takes the place of the
// page's own before anything is imported.

/** How an emit's number stands among its arguments. */
const tag = /"chaos:(\d+)"/;

/** @param {number} id */
export function tagOf(id) {
  return `chaos:${id}`;
}

/** What must not go out twice on one connection, however often it is emitted. */
const lasting = /^42\["subscribe",/;

/** A Wire is all the WebSockets of the page. */
export class Wire {
  connections = 0;
  /** @type {string[]} what must not have happened */
  violations = [];
  /** @type {(id: number) => void} called as an emit goes out */
  sent = () => {};
  /** @type {() => void} called for each WebSocket */
  dialled = () => {};
  /** @type {WebSocket | undefined} */
  #last;
  /** @type {Set<string>} what was asked for on the present connection */
  #asked = new Set();

  /** Takes the place of the page's WebSocket. */
  install() {
    const wire = this;
    globalThis.WebSocket = class extends WebSocket {
      /** @param {ConstructorParameters<typeof WebSocket>} args */
      constructor(...args) {
        super(...args);
        wire.#dial(this);
      }

      /** @param {Parameters<WebSocket["send"]>[0]} data */
      send(data) {
        super.send(data);
        wire.#send(this, data);
      }
    };
    return this;
  }

  /** @param {WebSocket} socket */
  #dial(socket) {
    this.connections++;
    const state = this.#last?.readyState ?? WebSocket.CLOSED;
    if (state < WebSocket.CLOSING)
      this.violations.push(
        `socket ${this.connections} was made while the one before was in state ${state}`,
      );
    this.#last = socket;
    this.#asked.clear();
    this.dialled();
  }

  /**
   * @param {WebSocket} socket
   * @param {unknown} data
   */
  #send(socket, data) {
    // Once it is closing, a WebSocket throws away what it is given.
    if (socket.readyState !== WebSocket.OPEN || typeof data !== "string")
      return;
    const id = data.match(tag)?.[1];
    if (id !== undefined) this.sent(Number(id));
    if (!lasting.test(data)) return;
    if (this.#asked.has(data))
      this.violations.push(`sent twice on one connection: ${data}`);
    this.#asked.add(data);
  }
}
