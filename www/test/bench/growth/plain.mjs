// @ts-check
//
// The limit: a middleware that does no more than it must with Maps, arrays and
// the engine's JSON. It checks nothing, reports nothing and bounds nothing.

/** @typedef {{event: string, actionType: string, batch?: number}} Listener */
/** @typedef {{actionType: string, payloads: unknown[][] | null, window: number}} Batch */

/** @param {{listeners?: Listener[]}} options */
export function plainMiddleware({ listeners = [] }) {
  return (/** @type {{dispatch: Function}} */ { dispatch }) =>
    (/** @type {Function} */ next) => {
      /** @type {Map<string | undefined, PlainSocket>} */
      const sockets = new Map();
      return (/** @type {any} */ action) => {
        if (!action.bsock) return next(action);
        const name = action.meta?.socket;
        let socket = sockets.get(name);
        if (!socket) {
          socket = new PlainSocket(dispatch, listeners, name);
          sockets.set(name, socket);
        }
        return socket.take(action);
      };
    };
}

class PlainSocket {
  #ready = false;
  #wanted = false;
  #sequence = 0;
  /** @type {WebSocket | any} */
  #ws = null;
  /** @type {any[]} */
  #waiting = [];
  /** @type {string[]} */
  #queue = [];
  /** @type {Map<string, string>} */
  #subscriptions = new Map();
  /** @type {Map<number, (result: unknown) => void>} */
  #calls = new Map();
  /** @type {Map<string, string[]>} */
  #types = new Map();
  /** @type {Map<string, Batch>} */
  #batches = new Map();

  /**
   * @param {Function} dispatch
   * @param {Listener[]} listeners
   * @param {string | undefined} name
   */
  constructor(dispatch, listeners, name) {
    this.dispatch = dispatch;
    this.meta = name === undefined ? null : { socket: name };
    for (const { event, actionType, batch } of listeners) {
      if (batch) {
        this.#batches.set(event, { actionType, payloads: null, window: batch });
      } else {
        const types = this.#types.get(event) ?? [];
        types.push(actionType);
        this.#types.set(event, types);
      }
    }
  }

  /** @param {any} action */
  take({ type, bsock }) {
    if (type === "CONNECT_SOCKET") this.#connect();
    else if (type === "DISCONNECT_SOCKET") this.#disconnect();
    else this.#emit(bsock);
  }

  #connect() {
    this.#wanted = true;
    const ws = new WebSocket("ws://fake");
    this.#ws = ws;
    ws.onmessage = ({ data }) => this.#receive(data);
    ws.onclose = () => {
      this.#ready = false;
      if (this.#wanted) setTimeout(() => this.#connect(), 1);
    };
  }

  #disconnect() {
    this.#wanted = this.#ready = false;
    this.#subscriptions.clear();
    this.#ws.onmessage = this.#ws.onclose = null;
    this.#ws.close();
    this.dispatch({ type: "SOCKET_DISCONNECTED" });
  }

  /** @param {{type: string, message: string, acknowledge?: (result: unknown) => void}} bsock */
  #emit({ type, message, acknowledge, ...rest }) {
    const json = JSON.stringify([type, message, ...Object.values(rest)]);
    let frame = "42" + json;
    if (type === "subscribe") this.#subscriptions.set(message, frame);
    if (acknowledge) {
      const id = this.#sequence++;
      this.#calls.set(id, acknowledge);
      frame = "42" + id + json;
    }
    if (this.#ready) this.#ws.send(frame);
    else this.#queue.push(frame);
  }

  /** @param {any} data */
  #receive(data) {
    if (typeof data !== "string") {
      this.#waiting[1] = new Uint8Array(data, 1);
      this.#tell(this.#waiting);
    } else if (data.startsWith("42")) this.#tell(JSON.parse(data.slice(2)));
    else if (data.startsWith("451-")) this.#waiting = JSON.parse(data.slice(4));
    else if (data.startsWith("43")) this.#answered(data);
    else if (data === "40") this.#authenticate();
  }

  /** @param {any[]} args */
  #tell([event, ...payload]) {
    const { meta } = this;
    for (const type of this.#types.get(event) ?? [])
      this.dispatch(meta ? { type, payload, meta } : { type, payload });
    const batch = this.#batches.get(event);
    if (!batch) return;
    if (!batch.payloads) {
      batch.payloads = [];
      setTimeout(() => {
        const { actionType: type, payloads } = batch;
        batch.payloads = null;
        this.dispatch({ type, payload: payloads });
      }, batch.window);
    }
    batch.payloads.push(payload);
  }

  /** @param {string} data */
  #answered(data) {
    const at = data.indexOf("[");
    const id = Number(data.slice(2, at));
    const acknowledge = this.#calls.get(id);
    this.#calls.delete(id);
    acknowledge?.(JSON.parse(data.slice(at))[1]);
  }

  #authenticate() {
    const id = this.#sequence++;
    this.#calls.set(id, () => {
      this.#ready = true;
      for (const frame of this.#subscriptions.values()) this.#ws.send(frame);
      this.dispatch({ type: "SOCKET_CONNECTED" });
      const queue = this.#queue;
      this.#queue = [];
      for (const frame of queue) this.#ws.send(frame);
    });
    this.#ws.send(`42${id}["auth",null]`);
  }
}
