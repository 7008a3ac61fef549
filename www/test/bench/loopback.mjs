// @ts-check
//
// Receiving from bench/sender.mjs: as many events of a kind as are asked for.

import { eventName } from "./messages.mjs";

/** @typedef {(kind: string, events: number) => Promise<void>} Run */

/**
 * @param {import("./subjects.mjs").Subject} subject
 * @returns {Run}
 */
export function floodRun(subject) {
  return async (kind, events) => {
    const goal = subject.events.count + events;
    subject.fire(`flood ${kind}`, String(events));
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
  ws.binaryType = "arraybuffer";
  await new Promise((resolve) => ws.addEventListener("open", resolve));
  return (kind, events) => {
    let left = events;
    /** @type {Promise<void>} */
    const all = new Promise((resolve) => {
      ws.onmessage = ({ data }) => {
        // An event is over with its one text, or with the bytes after its head.
        const isLast = typeof data !== "string" || data.startsWith(whole);
        if (isLast && --left === 0) resolve();
      };
    });
    ws.send(`42["flood ${kind}","${events}"]`);
    return all;
  };
}

const whole = `42["${eventName}"`;
