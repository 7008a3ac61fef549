// @ts-check
//
// An application that lives for long: it takes events, answers hooks, emits in
// every way that an emit can end, and loses its connection again and again. It
// keeps nothing, so that whatever stays was kept by the package.

/** @typedef {(options: any) => any} Factory */

/** @type {Set<unknown>} the timers that are still to go off */
const timers = new Set();
/** @type {Set<WebSocket>} */
const sockets = new Set();
/** @type {WebAssembly.Memory | undefined} */
let memory;

/** Counts what a page can be left with. It comes before anything is imported. */
export function watch() {
  const {
    setTimeout: set,
    clearTimeout: clear,
    WebSocket: Socket,
  } = globalThis;
  globalThis.setTimeout = /** @type {any} */ (
    (/** @type {(...args: any[]) => void} */ run, /** @type {number} */ ms) => {
      const timer = set(() => {
        timers.delete(timer);
        run();
      }, ms);
      timers.add(timer);
      return timer;
    }
  );
  globalThis.clearTimeout = (timer) => {
    timers.delete(timer);
    clear(timer);
  };
  globalThis.WebSocket = class extends Socket {
    /** @param {ConstructorParameters<typeof Socket>} args */
    constructor(...args) {
      super(...args);
      sockets.add(this);
    }
  };
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = /** @type {any} */ (
    async (
      /** @type {WebAssembly.Module} */ module,
      /** @type {any} */ given,
    ) => {
      const instance = await instantiate(module, given);
      memory = /** @type {any} */ (instance.exports.mem);
      return instance;
    }
  );
}

/** What there is now of what was watched. */
export function left() {
  for (const socket of sockets)
    if (socket.readyState === WebSocket.CLOSED) sockets.delete(socket);
  return {
    timers: timers.size,
    sockets: sockets.size,
    wasm: Number(memory?.buffer.byteLength),
  };
}

/** A Life is the application. */
export class Life {
  /** @type {Record<string, number>} how many actions came, by type */
  counts = {};
  #handle;
  #wake = () => {};

  /**
   * @param {Factory} factory
   * @param {number} port
   */
  constructor(factory, port) {
    const listeners = [
      { event: "new block", actionType: "BLOCK" },
      { event: "rescan", actionType: "BLOCK", ack: "ok" },
    ];
    const take = (/** @type {{type: string}} */ { type }) => {
      this.counts[type] = (this.counts[type] ?? 0) + 1;
      this.#wake();
    };
    const reconnect = { min: 1, max: 2, factor: 1 };
    const store = { dispatch: take, getState: () => ({}) };
    this.#handle = factory({ listeners, reconnect })(store)(take);
    const bsock = { host: "127.0.0.1", port };
    this.#handle({ type: "CONNECT_SOCKET", bsock });
  }

  /**
   * @param {string} type
   * @param {object} [rest]
   */
  #emit(type, rest) {
    const bsock = { type, message: "soak", ...rest };
    return this.#handle({ type: "EMIT_SOCKET", bsock });
  }

  /**
   * Waits until so many actions of a type came.
   *
   * @param {string} type
   * @param {number} count
   */
  async #until(type, count) {
    while ((this.counts[type] ?? 0) < count)
      await new Promise((resolve) => {
        this.#wake = () => resolve(undefined);
      });
  }

  /**
   * Makes garbage: Go collects none before it has some megabytes of it, so that
   * until then its memory only grows.
   *
   * @param {number} mistakes
   */
  litter(mistakes) {
    for (let i = 0; i < mistakes; i++) this.#emit("");
  }

  /** Asks what is not answered before the connection goes. */
  wait() {
    this.#emit("ignore", { acknowledge() {} });
  }

  /**
   * Lives through so many connections; the server says so many events on each.
   *
   * @param {number} connections
   * @param {number} events
   */
  async live(connections, events) {
    for (let i = 0; i < connections; i++) {
      const number = (this.counts.SOCKET_CLOSED ?? 0) + 1;
      await this.#until("SOCKET_CONNECTED", number);
      this.#emit("flood", { events });
      await this.#until("BLOCK", (this.counts.BLOCK ?? 0) + events);
      await this.#emitEveryWay();
      await this.#until("SOCKET_CLOSED", number);
    }
    await this.#until("SOCKET_CONNECTED", this.counts.SOCKET_CLOSED + 1);
    await this.#emit("ask", { acknowledge() {} });
  }

  // The last of them cuts the connection, and what was under way with it.
  async #emitEveryWay() {
    const bytes = new Uint8Array(1000);
    await this.#emit("ask", { bytes, acknowledge() {} });
    await this.#emit("refuse", { acknowledge() {} }).catch(() => {});
    this.wait();
    this.#emit("cut");
    this.#emit("ask", { bytes, acknowledge() {} });
  }
}
