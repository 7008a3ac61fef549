// @ts-check
//
// What an event costs that a window gathers, as more come within the window,
// and as more listeners have one.

import { eventName } from "../subjects.mjs";
import { inTimers, stall } from "./clock.mjs";
import { eventType } from "./stand.mjs";

/** @typedef {import("./stand.mjs").Stand} Stand */
/** @typedef {import("./curves.mjs").Bench} Bench */

/** How long it is, in milliseconds. */
const window = 20;

/**
 * So many events in one window.
 *
 * @param {Stand} stand
 * @param {number} count
 * @returns {Promise<Bench>}
 */
export async function batched(stand, count) {
  const listeners = [
    { event: eventName, actionType: eventType(0), batch: window },
  ];
  const text = `42["${eventName}",{"height":200000}]`;
  return gathered(stand, count, listeners, 1, () => text);
}

/**
 * As many windows as events.
 *
 * @param {Stand} stand
 * @param {number} count
 * @returns {Promise<Bench>}
 */
export async function manyWindows(stand, count) {
  const listeners = Array.from({ length: count }, (_, i) => ({
    event: `event ${i}`,
    actionType: eventType(i),
    batch: window,
  }));
  const texts = listeners.map(
    ({ event }) => `42["${event}",{"height":200000}]`,
  );
  return gathered(stand, count, listeners, count, (i) => texts[i]);
}

/**
 * @param {Stand} stand
 * @param {number} count of events
 * @param {object[]} listeners
 * @param {number} actions that come of the events
 * @param {(i: number) => string} textOf
 * @returns {Promise<Bench>}
 */
async function gathered(stand, count, listeners, actions, textOf) {
  const { wire, events, end } = await stand.connected({ listeners });
  return {
    units: count,
    end,
    async run() {
      const goal = events.count + actions;
      const start = performance.now();
      for (let i = 0; i < count; i++) wire.deliver(textOf(i));
      const delivering = performance.now() - start;
      stall(window + 5); // so that all of them have ended when the first timer goes off
      const before = inTimers();
      await events.reach(goal);
      await turn();
      return delivering + inTimers() - before;
    },
  };
}

// The callback in which it is reached has to end before its time is known.
function turn() {
  return new Promise((resolve) => setTimeout(resolve));
}
