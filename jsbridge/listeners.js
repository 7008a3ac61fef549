// @ts-check

// The listeners of a store: what is made of an event for each of them, and
// what they answer.

import { Answer } from "./answer.js";
import { lettersIn } from "./reader.js";

/** What became of a body, in the order of middleware.Delivery. */
export const DELIVERED = 0;
export const THREW = 1;
export const MALFORMED = 2;
export const FILTERED = 3;

/** @typedef {ReturnType<typeof import("./action.js").readListeners>[number]} Listener */

export class Listeners {
  /**
   * @param {import("./store.js").Store} store
   * @param {import("./reader.js").Reader} reader
   */
  constructor(store, reader) {
    this._store = store;
    this._bodies = store.module.bodies;
    this._reader = reader;
    /** @type {readonly Listener[]} as they were at the last CONNECT_SOCKET */
    this.all = [];
    /** @type {Map<number, {listener: Listener, latest: boolean, payloads: unknown[]}>} */
    this._gathered = new Map();
  }

  /**
   * Lets the texts that begin as this one does be delivered without the module.
   * It is asked for before the listeners are told of the body.
   *
   * @param {number} ref
   * @param {number} offset
   */
  route(ref, offset) {
    const body = this._bodies.get(ref);
    body.route = this._store.socket.routeOf(body, lettersIn(body.text, offset));
  }

  /**
   * @param {number} place of the listener
   * @param {number} ref
   * @param {number} offset
   * @param {boolean} last
   */
  deliver(place, ref, offset, last) {
    const body = this._bodies.get(ref);
    const listener = this._listener(body, place);
    const args = this._read(body, ref, offset, last);
    if (args === null) {
      return MALFORMED;
    }
    body.route?.leadTo(listener, last);
    return this.tell(listener, args);
  }

  /**
   * The page may connect with others before the last of them is told.
   *
   * @param {import("./payload.js").Body} body
   * @param {number} place
   */
  _listener(body, place) {
    return (body.listeners ??= this.all)[place];
  }

  /**
   * @param {import("./payload.js").Body} body
   * @param {number} ref
   * @param {number} offset
   * @param {boolean} last
   */
  _read(body, ref, offset, last) {
    const args = this._reader.read(body, offset);
    if (last) {
      this._store.socket.drop(ref);
    }
    return args;
  }

  /**
   * Delivers what has taken a route, as Go has it done.
   *
   * @param {import("./route.js").Route} route
   * @param {string} text
   * @param {Uint8Array[]} attachments
   * @returns {boolean} whether it could be read; nothing is done if not
   */
  tellAll({ offset, listeners }, text, attachments) {
    const args = this._reader.readText(text, offset, attachments);
    if (args === null) {
      return false;
    }
    for (const listener of listeners) {
      if (this.tell(listener, args) === THREW) {
        this._store.page.dispatchThrown();
      }
    }
    return true;
  }

  /**
   * Dispatches the action of a listener.
   *
   * @param {Listener} listener
   * @param {unknown[]} args the name, then what the event carries
   */
  tell(listener, args) {
    const { actionType: type, ack, filter, map } = listener;
    if (ack || filter || map) {
      const made = this._payload(listener, args);
      return made.delivery === DELIVERED
        ? this._send({ type, payload: made.payload })
        : made.delivery;
    }
    return this._send({ type, payload: args.slice(1) });
  }

  /** @param {{type: string, payload: unknown}} action */
  _send(action) {
    return this._store.page.send(action) ? DELIVERED : THREW;
  }

  /**
   * What a listener is to get, unless its filter says no. One that answers gets
   * the first argument, and nothing of a call without.
   * bsock-middleware: socket.hook
   *
   * @param {Listener} listener
   * @param {unknown[]} args
   * @returns {{delivery: number, payload: unknown}}
   */
  _payload({ actionType, ack, filter, map }, args) {
    const values = args.slice(1);
    if (ack && (values.length === 0 || values[0] === null)) {
      return { delivery: FILTERED, payload: undefined };
    }
    let step = "filter";
    try {
      if (filter && !filter(...values)) {
        return { delivery: FILTERED, payload: undefined };
      }
      step = "map";
      const payload = map ? map(...values) : ack ? values[0] : values;
      return { delivery: DELIVERED, payload };
    } catch (error) {
      this._store.page.caught(error, `the ${step} of ${actionType}`);
      return { delivery: THREW, payload: undefined };
    }
  }

  /**
   * Keeps the payload for a listener until deliverGathered. When that is, the
   * module knows: such an event goes through it each time.
   *
   * @param {number} place
   * @param {number} ref
   * @param {number} offset
   * @param {boolean} last
   * @param {boolean} latest whether it takes the place of what was kept
   */
  gather(place, ref, offset, last, latest) {
    const body = this._bodies.get(ref);
    body.route = null;
    const listener = this._listener(body, place);
    const args = this._read(body, ref, offset, last);
    if (args === null) {
      return MALFORMED;
    }
    const { delivery, payload } = this._payload(listener, args);
    if (delivery === DELIVERED) {
      const kept = this._gathered.get(place);
      if (kept === undefined || latest) {
        this._gathered.set(place, { listener, latest, payloads: [payload] });
      } else {
        kept.payloads.push(payload);
      }
    }
    return delivery;
  }

  /** @param {number} place */
  deliverGathered(place) {
    const kept = this._gathered.get(place);
    if (kept === undefined) {
      return DELIVERED;
    }
    this._gathered.delete(place);
    const { listener, latest, payloads } = kept;
    const payload = latest ? payloads[0] : payloads;
    return this._send({ type: listener.actionType, payload });
  }

  /**
   * What a listener answers to a call: a body, or 0 if that is yet to come. The
   * number of attachments comes in front of its number, 32 bits to the left.
   *
   * @param {number} place
   * @param {number} call
   * @param {number} ref
   * @param {number} offset
   * @returns {number}
   */
  answer(place, call, ref, offset) {
    const body = this._bodies.get(ref);
    const { ack } = this._listener(body, place);
    const args = this._read(body, ref, offset, true) ?? [];
    return new Answer(this._store, call).to(ack, args.slice(1));
  }
}
