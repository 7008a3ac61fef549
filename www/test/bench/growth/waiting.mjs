// @ts-check
//
// What an emit costs as more of them wait for the connection, and what one that
// is remembered costs as more of them are.

import { sinceTimer, stall, timed } from "./clock.mjs";

/** @typedef {import("./stand.mjs").Stand} Stand */
/** @typedef {import("./curves.mjs").Bench} Bench */

const bsock = { type: "broadcast", message: "send tx" };
const fire = { type: "EMIT_SOCKET", bsock };

/**
 * Emits while there is no connection yet. What counts is how long it takes to
 * send them when there is.
 *
 * @param {Stand} stand
 * @param {number} count
 * @returns {Promise<Bench>}
 */
export async function drained(stand, count) {
  const store = stand.store({ queueLimit: count });
  return {
    units: count,
    async run() {
      const { wire } = await enqueued(stand, store, count);
      const ms = await wire.outflow(count);
      stand.hangUp(store);
      return ms;
    },
  };
}

/**
 * The same, but what counts is how long they take to come to wait.
 *
 * @param {Stand} stand
 * @param {number} count
 * @returns {Promise<Bench>}
 */
export async function queued(stand, count) {
  const store = stand.store({ queueLimit: count });
  return {
    units: count,
    async run() {
      const { wire, ms } = await enqueued(stand, store, count);
      await wire.outflow(count);
      stand.hangUp(store);
      return ms;
    },
  };
}

/**
 * @param {Stand} stand
 * @param {import("./stand.mjs").Store} store
 * @param {number} count
 */
async function enqueued(stand, store, count) {
  const wire = stand.dial(store);
  const ms = await timed(async () => {
    for (let i = 0; i < count; i++) store.dispatch(fire);
  });
  return { wire, ms };
}

/**
 * Emits into a queue that is full, and drops its oldest.
 *
 * @param {Stand} stand
 * @param {number} limit
 * @returns {Promise<Bench>}
 */
export async function pushedOut(stand, limit) {
  const store = stand.store({ queueLimit: limit, queueFull: "dropOldest" });
  const units = Math.max(2000, limit);
  return {
    units,
    async run() {
      const { wire } = await enqueued(stand, store, limit);
      const ms = await timed(async () => {
        for (let i = 0; i < units; i++) store.dispatch(fire);
      });
      await wire.outflow(limit);
      stand.hangUp(store);
      return ms;
    },
  };
}

/**
 * Lets so many emits wait for too long.
 *
 * @param {Stand} stand
 * @param {number} count
 * @param {number} ahead as many wait in front of them, and have time
 * @returns {Promise<Bench>}
 */
async function late(stand, count, ahead) {
  const store = stand.store({ queueLimit: ahead + count });
  const soon = { ...fire, meta: { ttl: 20 } };
  return {
    units: count,
    async run() {
      stand.dial(store).calls = []; // the key is not acknowledged
      const goal = store.errors.count + count;
      for (let i = 0; i < ahead; i++) store.dispatch(fire);
      for (let i = 0; i < count; i++) store.dispatch(soon);
      stall(25);
      await store.errors.reach(goal);
      const ms = sinceTimer();
      stand.hangUp(store);
      return ms;
    },
  };
}

/** @type {import("./curves.mjs").Prepare} */
export const expired = (stand, count) => late(stand, count, 0);

/** @type {import("./curves.mjs").Prepare} */
export const expiredBehind = (stand, count) => late(stand, count, count);

/**
 * @param {(action: any) => any} dispatch
 * @param {number} count
 */
function subscribe(dispatch, count) {
  for (let i = 0; i < count; i++)
    dispatch({
      type: "EMIT_SOCKET",
      bsock: { type: "subscribe", message: `event ${i}`, responseEvent: "e" },
    });
}

/**
 * Subscribes to so many events.
 *
 * @param {Stand} stand
 * @param {number} count
 * @returns {Promise<Bench>}
 */
export async function subscribed(stand, count) {
  const store = stand.store({});
  return {
    units: count,
    async run() {
      const connected = store.connections.count + 1;
      const wire = stand.dial(store);
      await store.connections.reach(connected);
      const ms = await timed(async () => {
        const goal = wire.sent + count;
        subscribe(store.dispatch, count);
        await wire.sentAll(goal);
      });
      stand.hangUp(store);
      return ms;
    },
  };
}

/**
 * Emits so many that are to be remembered, and differ in their arguments alone.
 *
 * @param {Stand} stand
 * @param {number} count
 * @returns {Promise<Bench>}
 */
export async function persisted(stand, count) {
  const store = stand.store({});
  return {
    units: count,
    async run() {
      const connected = store.connections.count + 1;
      const wire = stand.dial(store);
      await store.connections.reach(connected);
      const ms = await timed(async () => {
        const goal = wire.sent + count;
        for (let i = 0; i < count; i++)
          store.dispatch({
            type: "EMIT_SOCKET",
            bsock: { type: "room", message: "enter", room: `room ${i}` },
            meta: { persist: true },
          });
        await wire.sentAll(goal);
      });
      stand.hangUp(store);
      return ms;
    },
  };
}

/**
 * A store with so many subscriptions, that loses its connection and gets another
 * one, over which all that is remembered is sent again.
 *
 * @param {Stand} stand
 * @param {number} count
 * @param {(again: {dispatch: (action: any) => any, wire: any, connected: () => Promise<void>}) => Promise<number>} measure
 *   what counts, in milliseconds, from when there is another WebSocket
 * @returns {Promise<Bench>}
 */
async function lostOnce(stand, count, measure) {
  const { dispatch, connections, wire, end } = await stand.connected({
    reconnect: { min: 1, max: 1 },
  });
  subscribe(dispatch, count);
  await wire.sentAll(1 + count);
  let current = wire;
  return {
    units: count,
    end,
    async run() {
      const goal = connections.count + 1;
      current.cut();
      current = await current.successor();
      const connected = async () => connections.reach(goal);
      return measure({ dispatch, wire: current, connected });
    },
  };
}

/**
 * What counts is how long it takes to send all that is remembered.
 *
 * @type {import("./curves.mjs").Prepare}
 */
export const replayed = (stand, count) =>
  lostOnce(stand, count, async ({ wire, connected }) => {
    const ms = await wire.outflow(count);
    await connected();
    return ms;
  });

/**
 * Then the application subscribes to all of them once more, as plugins do when
 * they hear SOCKET_CONNECTED. What counts is that.
 *
 * @type {import("./curves.mjs").Prepare}
 */
export const resubscribed = (stand, count) =>
  lostOnce(stand, count, async ({ dispatch, connected }) => {
    await connected();
    return timed(async () => subscribe(dispatch, count));
  });
