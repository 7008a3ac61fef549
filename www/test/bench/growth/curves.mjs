// @ts-check
//
// The curves: what grows, and what is measured as it does.

import * as calls from "./calls.mjs";
import * as events from "./events.mjs";
import * as waiting from "./waiting.mjs";
import * as windows from "./windows.mjs";

/**
 * A Bench is a stand made ready for one x.
 *
 * @typedef {object} Bench
 * @property {number} units that one run is
 * @property {() => Promise<number>} run once; milliseconds for all units
 * @property {() => void} [end]
 */

/** @typedef {import("./stand.mjs").Stand} Stand */
/** @typedef {(stand: Stand, x: number) => Promise<Bench>} Prepare */

/** @type {Record<string, Prepare>} */
export const benches = {
  "payload-text": events.texts,
  "payload-binary": events.binaries,
  "payload-emitted": events.emitted,
  "listeners-events": events.manyEvents,
  "listeners-one-event": events.oneEvent,
  "listeners-bound": events.bindings,
  "sockets-events": events.sockets,
  "sockets-connect": events.connections,
  "calls-in-order": calls.inOrder,
  "calls-in-reverse": calls.inReverse,
  "calls-time-out": calls.timedOut,
  "calls-cut-off": calls.cutOff,
  "queue-emit": waiting.queued,
  "queue-drain": waiting.drained,
  "queue-push-out": waiting.pushedOut,
  "queue-expire": waiting.expired,
  "queue-expire-behind": waiting.expiredBehind,
  "subscriptions-emit": waiting.subscribed,
  "persist-emit": waiting.persisted,
  "subscriptions-replay": waiting.replayed,
  "subscriptions-again": waiting.resubscribed,
  "window-events": windows.batched,
  "windows-open": windows.manyWindows,
};
