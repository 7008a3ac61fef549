// @ts-check
//
// What a call costs as more of them are under way.

import { idOf } from "../fake-websocket.mjs";
import { Counter } from "../subjects.mjs";
import { sinceTimer, stall, timed } from "./clock.mjs";

/** @typedef {import("./stand.mjs").Stand} Stand */
/** @typedef {import("./curves.mjs").Bench} Bench */

/** How many calls a batch has at least. */
const least = 1000;

/**
 * Emits so many calls, and then answers them all.
 *
 * @param {(frames: string[]) => string[]} order in which they are answered
 * @returns {(stand: Stand, count: number) => Promise<Bench>}
 */
const answered = (order) => async (stand, count) => {
  const { dispatch, wire, end } = await stand.connected({});
  const answers = new Counter();
  const acknowledge = () => answers.add();
  const times = Math.ceil(least / count);
  const once = async () => {
    wire.calls = [];
    emit(dispatch, count, acknowledge);
    await wire.asked(count);
    const goal = answers.count + count;
    for (const frame of order(wire.calls))
      wire.deliver(`43${idOf(frame)}[null,1]`);
    wire.calls = null;
    await answers.reach(goal);
  };
  return {
    units: times * count,
    end,
    run: () =>
      timed(async () => {
        for (let i = 0; i < times; i++) await once();
      }),
  };
};

export const inOrder = answered((frames) => frames);
export const inReverse = answered((frames) => frames.reverse());

/**
 * @param {(action: any) => any} dispatch
 * @param {number} count
 * @param {(result: unknown) => void} acknowledge
 */
function emit(dispatch, count, acknowledge) {
  for (let i = 0; i < count; i++)
    dispatch({
      type: "EMIT_SOCKET",
      bsock: { type: "dispatch", message: "get tip", acknowledge },
    });
}

/**
 * Has so many calls time out, all at once. What counts is that alone.
 *
 * @param {Stand} stand
 * @param {number} count
 * @returns {Promise<Bench>}
 */
export async function timedOut(stand, count) {
  const { dispatch, wire, errors, end } = await stand.connected({
    ackTimeout: 20,
  });
  return {
    units: count,
    end,
    async run() {
      const goal = errors.count + count;
      wire.calls = [];
      emit(dispatch, count, () => {});
      stall(25);
      await errors.reach(goal);
      wire.calls = null;
      return sinceTimer();
    },
  };
}

/**
 * Cuts the line while so many calls are under way. What counts is how long it
 * takes to tell all who wait.
 *
 * @param {Stand} stand
 * @param {number} count
 * @returns {Promise<Bench>}
 */
export async function cutOff(stand, count) {
  const store = stand.store({ reconnect: { min: 1, max: 1 } });
  return {
    units: count,
    async run() {
      const connected = store.connections.count + 1;
      const wire = stand.dial(store);
      await store.connections.reach(connected);
      wire.calls = [];
      emit(store.dispatch, count, () => {});
      const goal = store.errors.count + count;
      const ms = await timed(async () => {
        wire.cut();
        await store.errors.reach(goal);
      });
      stand.hangUp(store);
      return ms;
    },
  };
}
