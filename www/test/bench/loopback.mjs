// @ts-check
//
// Receiving from bench/sender.mjs: as many events as are asked for.

import { eventName } from "./subjects.mjs";

/** @typedef {(events: number) => Promise<void>} Run */

/**
 * @param {import("./subjects.mjs").Subject} subject
 * @returns {Run}
 */
export function floodRun(subject) {
  return async (events) => {
    const goal = subject.events.count + events;
    subject.fire("flood", String(events));
    await subject.events.reach(goal);
  };
}

/**
 * A WebSocket that counts messages and does nothing with them.
 *
 * @param {string} url
 * @returns {Promise<Run>}
 */
export async function bareRun(url) {
  const ws = new WebSocket(url);
  await new Promise((resolve) => ws.addEventListener("open", resolve));
  return (events) => {
    let left = events;
    /** @type {Promise<void>} */
    const all = new Promise((resolve) => {
      ws.onmessage = ({ data }) => {
        if (data.startsWith(`42["${eventName}"`) && --left === 0) resolve();
      };
    });
    ws.send(`42["flood","${events}"]`);
    return all;
  };
}
