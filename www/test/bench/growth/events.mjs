// @ts-check
//
// What an event costs as it gets larger, as its listeners become more, and as
// the sockets do.

import { eventName } from "../subjects.mjs";
import { timed } from "./clock.mjs";
import { eventType } from "./stand.mjs";

/** @typedef {import("./stand.mjs").Stand} Stand */
/** @typedef {import("./curves.mjs").Bench} Bench */
/** @typedef {import("./wire.mjs").Wire} Wire */

/** How many bytes, and how many events, a batch has at least. */
const bytes = 2_000_000;
const events = 2000;

/** A transaction, as blocks have many. */
const item = `{"hash":"${"0123456789abcdef".repeat(4)}","index":1,"value":5000001,"confirmed":true,"outputs":[{"address":"rs1q${"x".repeat(38)}","value":1}]}`;

/**
 * An event of so many bytes.
 *
 * @param {number} size
 */
function textOf(size) {
  const head = `42["${eventName}",{"txs":[`;
  const foot = (/** @type {number} */ pad) => `],"pad":"${"x".repeat(pad)}"}]`;
  const room = size - head.length - foot(0).length;
  const count = Math.max(0, Math.floor((room + 1) / (item.length + 1)));
  const items = Array(count).fill(item).join(",");
  // Joined, so that it is one flat string as the browser's own are.
  const text = [head, items, foot(Math.max(0, room - items.length))].join("");
  if (size > 60 && text.length !== size)
    throw new Error(`${text.length} bytes instead of ${size}`);
  return text;
}

const listeners = [{ event: eventName, actionType: eventType(0) }];

/**
 * @param {Stand} stand
 * @param {number} size in bytes
 * @returns {Promise<Bench>}
 */
export async function texts(stand, size) {
  const text =
    size < 60 ? `42["${eventName}",{"height":200000}]` : textOf(size);
  return payloads(stand, size, (wire) => wire.deliver(text));
}

/**
 * @param {Stand} stand
 * @param {number} size in bytes
 * @returns {Promise<Bench>}
 */
export async function binaries(stand, size) {
  const head = `451-["${eventName}",{"_placeholder":true,"num":0}]`;
  // All in all: 100 MB is as much as a packet may have.
  const frame = new Uint8Array(Math.max(2, size - head.length));
  frame[0] = 4;
  return payloads(stand, size, (wire) => {
    wire.deliver(head);
    wire.deliver(frame.buffer);
  });
}

/**
 * @param {Stand} stand
 * @param {number} size
 * @param {(wire: Wire) => void} deliver
 * @returns {Promise<Bench>}
 */
async function payloads(stand, size, deliver) {
  const { wire, events: seen, end } = await stand.connected({ listeners });
  const count = Math.max(1, Math.min(events, Math.floor(bytes / size)));
  return {
    units: count,
    end,
    run: () =>
      timed(async () => {
        for (let i = 0; i < count; i++) {
          const goal = seen.count + 1;
          deliver(wire);
          await seen.reach(goal);
        }
      }),
  };
}

/**
 * Listeners to as many different events, which come in turn.
 *
 * @param {Stand} stand
 * @param {number} count
 * @returns {Promise<Bench>}
 */
export async function manyEvents(stand, count) {
  const names = Array.from({ length: count }, (_, i) => `event ${i}`);
  const {
    wire,
    events: seen,
    end,
  } = await stand.connected({
    listeners: names.map((event, i) => ({ event, actionType: eventType(i) })),
  });
  const all = names.map((name) => `42["${name}",{"height":200000}]`);
  const units = Math.max(events, count);
  return {
    units,
    end,
    run: () =>
      timed(async () => {
        for (let i = 0; i < units; i++) {
          const goal = seen.count + 1;
          wire.deliver(all[i % count]);
          await seen.reach(goal);
        }
      }),
  };
}

/**
 * Listeners to one event. What counts is the action that each is given.
 *
 * @param {Stand} stand
 * @param {number} count
 * @returns {Promise<Bench>}
 */
export async function oneEvent(stand, count) {
  const {
    wire,
    events: seen,
    end,
  } = await stand.connected({
    listeners: Array.from({ length: count }, (_, i) => ({
      event: eventName,
      actionType: eventType(i),
    })),
  });
  const text = `42["${eventName}",{"height":200000}]`;
  const times = Math.ceil(events / count);
  return {
    units: times * count,
    end,
    run: () =>
      timed(async () => {
        for (let i = 0; i < times; i++) {
          const goal = seen.count + count;
          wire.deliver(text);
          await seen.reach(goal);
        }
      }),
  };
}

/**
 * What it takes to connect with so many listeners, for each of them.
 *
 * @param {Stand} stand
 * @param {number} count
 * @returns {Promise<Bench>}
 */
export async function bindings(stand, count) {
  const listeners = Array.from({ length: count }, (_, i) => ({
    event: `event ${i}`,
    actionType: eventType(i),
  }));
  const store = stand.store({ listeners });
  return {
    units: count,
    async run() {
      const start = performance.now();
      const wire = stand.dial(store);
      const dialed = performance.now() - start;
      wire.calls = []; // the key is acknowledged here
      await wire.asked(1);
      const connected = store.connections.count + 1;
      const rest = await timed(async () => {
        wire.acknowledge();
        await store.connections.reach(connected);
      });
      stand.hangUp(store);
      return dialed + rest;
    },
  };
}

/** The sockets of a store, the first of which has no name. */
const socketNames = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, i) => (i ? `socket ${i}` : undefined));

/**
 * Sockets of one store, whose events come in turn.
 *
 * @param {Stand} stand
 * @param {number} count
 * @returns {Promise<Bench>}
 */
export async function sockets(stand, count) {
  const store = stand.store({
    listeners: [{ ...listeners[0], socket: "*" }],
  });
  const names = socketNames(count);
  const wires = names.map((name) => stand.dial(store, name));
  await store.connections.reach(count);
  const { events: seen } = store;
  const units = Math.max(events, count);
  const text = `42["${eventName}",{"height":200000}]`;
  return {
    units,
    end: () => names.forEach((name) => stand.hangUp(store, name)),
    run: () =>
      timed(async () => {
        for (let i = 0; i < units; i++) {
          const goal = seen.count + 1;
          wires[i % count].deliver(text);
          await seen.reach(goal);
        }
      }),
  };
}

/**
 * What it takes to connect the sockets of stores, so many in each; for each of
 * them. There are a hundred in all at least, or one would only see the timers
 * of the fake WebSocket.
 *
 * @param {Stand} stand
 * @param {number} count
 * @returns {Promise<Bench>}
 */
export async function connections(stand, count) {
  const names = socketNames(count);
  const stores = Array.from({ length: Math.ceil(100 / count) }, () =>
    stand.store({ listeners: [{ ...listeners[0], socket: "*" }] }),
  );
  return {
    units: stores.length * count,
    async run() {
      const ms = await timed(async () => {
        const goals = stores.map((store) => store.connections.count + count);
        for (const store of stores)
          for (const name of names) stand.dial(store, name);
        for (const [i, store] of stores.entries())
          await store.connections.reach(goals[i]);
      });
      for (const store of stores)
        for (const name of names) stand.hangUp(store, name);
      return ms;
    },
  };
}

/**
 * What an emit of so many bytes costs.
 *
 * @param {Stand} stand
 * @param {number} size
 * @returns {Promise<Bench>}
 */
export async function emitted(stand, size) {
  const { dispatch, wire, end } = await stand.connected({});
  const text = textOf(Math.max(size, 200));
  const tx = JSON.parse(text.slice(2))[1];
  const action = {
    type: "EMIT_SOCKET",
    bsock: { type: "broadcast", message: "send tx", tx },
  };
  const units = Math.max(1, Math.min(events, Math.floor(bytes / size)));
  return {
    units,
    end,
    run: () =>
      timed(async () => {
        const goal = wire.sent + units;
        for (let i = 0; i < units; i++) dispatch(action);
        await wire.sentAll(goal);
      }),
  };
}
