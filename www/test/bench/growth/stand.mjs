// @ts-check
//
// A stand is where one subject stands to be measured: it makes Redux stores
// with the subject's middleware in them, over fake WebSockets, and counts what
// their reducers see. All subjects are given the same actions.

import { applyMiddleware, legacy_createStore as createStore } from "redux";
import { Counter } from "../subjects.mjs";
import { Wire } from "./wire.mjs";

/** @typedef {(options: any) => any} Factory */
/** @typedef {ReturnType<Stand["store"]>} Store */

/** The actions that listeners are given begin with this letter. */
const first = "E";

/** The type of the action for an event. */
export const eventType = (/** @type {number} */ i) => `${first}VENT_${i}`;

/** A Stand makes stores for one subject. */
export class Stand {
  /**
   * @param {string} name
   * @param {Factory} factory
   */
  constructor(name, factory) {
    this.name = name;
    this.factory = factory;
  }

  /**
   * A store that is not connected yet.
   *
   * @param {object} options of the middleware
   */
  store(options) {
    const [events, errors, connections] = [
      new Counter(),
      new Counter(),
      new Counter(),
    ];
    const reducer = (
      /** @type {number} */ state = 0,
      /** @type {{type: string}} */ { type },
    ) => {
      if (type[0] === first) events.add();
      else if (type === "SOCKET_ERROR") errors.add();
      else if (type === "SOCKET_CONNECTED") connections.add();
      return state;
    };
    const { dispatch } = createStore(
      reducer,
      applyMiddleware(this.factory(options)),
    );
    /** @type {(action: any) => any} */
    const send = dispatch;
    return { dispatch: send, events, errors, connections };
  }

  /**
   * Has a socket of a store dial.
   *
   * @param {Store} store
   * @param {string} [socket]
   * @returns {Wire}
   */
  dial(store, socket) {
    store.dispatch(
      about(socket, {
        type: "CONNECT_SOCKET",
        bsock: { host: "127.0.0.1", port: 5000 },
      }),
    );
    return /** @type {Wire} */ (Wire.latest);
  }

  /**
   * A store that is connected.
   *
   * @param {object} options
   */
  async connected(options) {
    const store = this.store(options);
    // Not the latest by then: what ended may still try to connect.
    const wire = this.dial(store);
    await store.connections.reach(1);
    return { ...store, wire, end: () => this.hangUp(store) };
  }

  /**
   * @param {Store} store
   * @param {string} [socket]
   */
  hangUp(store, socket) {
    store.dispatch(about(socket, { type: "DISCONNECT_SOCKET", bsock: {} }));
  }
}

/**
 * @param {string | undefined} socket
 * @param {any} action
 */
export function about(socket, action) {
  return socket === undefined ? action : { ...action, meta: { socket } };
}
