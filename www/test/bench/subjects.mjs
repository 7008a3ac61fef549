// @ts-check
//
// What is compared, behind one shape: our middleware, bsock-middleware 1.1.5,
// and JavaScript that does no more than it must. Each has a Redux store of its
// own, and a reducer that counts.

import { applyMiddleware, legacy_createStore as createStore } from "redux";
import { eventName } from "./messages.mjs";

export { eventName };

/** @typedef {import("./fake-websocket.mjs").FakeWebSocket} FakeWebSocket */

/**
 * A Subject is one way to get from a WebSocket to a store and back.
 *
 * @typedef {object} Subject
 * @property {string} name
 * @property {any} ws
 * @property {Counter} events how many events reached the reducer
 * @property {(type: string, message: string, argument?: string) => unknown} fire
 * @property {(message: string, response: string) => unknown} subscribe
 * @property {(acknowledge: (result: unknown) => void, message: string, argument?: string) => unknown} call
 * @property {(action: object) => unknown} dispatch
 */

/** A Counter counts, and can be waited for. */
export class Counter {
  count = 0;
  #goal = 0;
  #reached = () => {};

  add() {
    if (++this.count === this.#goal) this.#reached();
  }

  /**
   * Resolves at once if the count is there already.
   *
   * @param {number} goal
   * @returns {Promise<void> | undefined}
   */
  reach(goal) {
    if (this.count >= goal) return undefined;
    this.#goal = goal;
    return new Promise((resolve) => {
      this.#reached = resolve;
    });
  }
}

/**
 * @param {Counter} events
 * @param {Counter} connections
 * @param {any[]} middleware
 */
function storeWith(events, connections, ...middleware) {
  const reducer = (
    /** @type {number} */ state = 0,
    /** @type {{type: string}} */ action,
  ) => {
    if (action.type === "NEW_BLOCK") events.add();
    else if (action.type === "SOCKET_CONNECTED") connections.add();
    return state;
  };
  return createStore(reducer, applyMiddleware(...middleware));
}

/**
 * A Subject that is a middleware.
 *
 * @param {string} name
 * @param {(options: object) => any} factory
 * @param {{host: string, port: number}} where
 * @param {() => any} socket the WebSocket that it made
 * @returns {Promise<Subject>}
 */
export async function middlewareSubject(name, factory, where, socket) {
  const [events, connections] = [new Counter(), new Counter()];
  const listeners = [{ event: eventName, actionType: "NEW_BLOCK" }];
  const { dispatch } = storeWith(events, connections, factory({ listeners }));
  dispatch({ type: "CONNECT_SOCKET", bsock: where });
  await connections.reach(1);
  return {
    name,
    ws: socket(),
    events,
    dispatch: /** @type {any} */ (dispatch),
    fire: (type, message, argument) =>
      dispatch(emit({ type, message }, argument)),
    subscribe: (message, response) =>
      dispatch({
        type: "EMIT_SOCKET",
        bsock: { type: "subscribe", message, response },
      }),
    call: (acknowledge, message, argument) =>
      dispatch(emit({ type: "dispatch", message, acknowledge }, argument)),
  };
}

/**
 * @param {object} bsock
 * @param {string} [argument] what is not there is no argument
 */
function emit(bsock, argument) {
  if (argument === undefined) return { type: "EMIT_SOCKET", bsock };
  return { type: "EMIT_SOCKET", bsock: { ...bsock, argument } };
}

/**
 * The Subject that shows what cannot be bettered: JSON.parse and dispatch, with
 * no check, no option and no error of its own.
 *
 * @param {any} ws
 * @returns {Subject}
 */
export function plainSubject(ws) {
  const events = new Counter();
  const { dispatch } = storeWith(events, new Counter());
  /** @type {Map<number, (result: unknown) => void>} */
  const calls = new Map();
  let sequence = 0;
  /** @type {any[]} */
  let waiting;
  const hand = (/** @type {any[]} */ [, ...payload]) =>
    dispatch(/** @type {any} */ ({ type: "NEW_BLOCK", payload }));
  ws.onmessage = (/** @type {{data: any}} */ { data }) => {
    if (typeof data !== "string") {
      waiting[1] = new Uint8Array(data, 1);
      hand(waiting);
    } else if (data.startsWith("42")) hand(JSON.parse(data.slice(2)));
    else if (data.startsWith("451-")) waiting = JSON.parse(data.slice(4));
    else if (data.startsWith("43")) {
      const at = data.indexOf("[");
      const id = Number(data.slice(2, at));
      calls.get(id)?.(JSON.parse(data.slice(at))[1]);
      calls.delete(id);
    }
  };
  return {
    name: "plain",
    ws,
    events,
    dispatch: /** @type {any} */ (dispatch),
    fire: (type, message, argument) =>
      ws.send("42" + written(type, message, argument)),
    subscribe: (message, response) =>
      ws.send("42" + JSON.stringify(["subscribe", message, response])),
    call: (acknowledge, message, argument) => {
      const id = sequence++;
      calls.set(id, acknowledge);
      ws.send("42" + id + written("dispatch", message, argument));
    },
  };
}

/**
 * @param {string} type
 * @param {string} message
 * @param {string} [argument]
 */
function written(type, message, argument) {
  return JSON.stringify(
    argument === undefined ? [type, message] : [type, message, argument],
  );
}
