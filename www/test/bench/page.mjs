// @ts-check
//
// The bench's half in the page: it gives each subject a frame and has them run
// in turn.

import { inTurn } from "./turns.mjs";

/** @typedef {typeof import("./frame.mjs")} Frame */
/** @typedef {Record<string, number[]>} Numbers by subject, one a round */

/**
 * @param {string} query of frame.mjs
 * @returns {Promise<Frame>}
 */
async function openFrame(query) {
  const frame = document.createElement("iframe");
  frame.src = `/frame?${query}`;
  document.body.append(frame);
  await new Promise((resolve) => {
    frame.onload = resolve;
  });
  return /** @type {any} */ (frame.contentWindow).frame;
}

/**
 * Times cases over a fake WebSocket.
 *
 * @param {string[]} names of cases
 * @param {string[]} subjects
 * @param {number} rounds
 * @returns {Promise<Record<string, Numbers>>} microseconds for one operation,
 *   by case
 */
export async function overFakeSocket(names, subjects, rounds) {
  /** @type {Record<string, Frame>} */
  const frames = {};
  for (const name of subjects)
    frames[name] = await openFrame(`subject=${name}`);
  /** @type {Record<string, Numbers>} */
  const timings = {};
  for (const name of names) {
    /** @type {Record<string, () => Promise<number>>} */
    const run = {};
    for (const subject of subjects)
      run[subject] = await frames[subject].runnerOf(name);
    timings[name] = await inTurn(subjects, { rounds }, (subject) =>
      run[subject](),
    );
  }
  return timings;
}

/**
 * Connects a subject to a server on this machine. What it is to receive is said
 * from outside, where the page's own work can be measured too.
 *
 * @param {string} subject
 * @param {number} port of bench/sender.mjs
 */
export async function connect(subject, port) {
  const frame = await openFrame(`subject=${subject}&port=${port}`);
  receivers.set(subject, await frame.receiver());
}

/** @type {Map<string, (kind: string, events: number) => Promise<number>>} */
const receivers = new Map();

/**
 * @param {string} subject
 * @param {string} kind of events
 * @param {number} events
 * @returns {Promise<number>} microseconds for all of them
 */
export async function receive(subject, kind, events) {
  return /** @type {any} */ (receivers.get(subject))(kind, events);
}
