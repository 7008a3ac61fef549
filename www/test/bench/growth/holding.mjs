// @ts-check
//
// Many of something, there for as long as it takes to look how much memory they
// take.

import { Counter } from "../subjects.mjs";

/** @typedef {import("./stand.mjs").Stand} Stand */
/** @typedef {(stand: Stand, count: number) => Promise<() => Promise<void>>} Holding
 *   returns what lets go of them */

/** The most that a store may have. */
const inStore = 100;

/** @type {Holding} */
async function sockets(stand, count) {
  const stores = Array.from({ length: Math.ceil(count / inStore) }, () =>
    stand.store({}),
  );
  const names = Array.from({ length: inStore }, (_, i) => `socket ${i}`);
  for (const store of stores) for (const name of names) stand.dial(store, name);
  for (const store of stores) await store.connections.reach(inStore);
  return async () => {
    for (const store of stores)
      for (const name of names) stand.hangUp(store, name);
  };
}

/**
 * @param {(i: number) => string} messageOf the i-th call
 * @returns {Holding}
 */
const callsOf = (messageOf) => async (stand, count) => {
  const { dispatch, wire, end } = await stand.connected({});
  const answers = new Counter();
  const acknowledge = () => answers.add();
  for (let i = 0; i < count; i++)
    dispatch({
      type: "EMIT_SOCKET",
      bsock: { type: "dispatch", message: messageOf(i), acknowledge },
    });
  return async () => {
    // The first call was the one that authenticates.
    for (let id = 1; id <= count; id++) wire.deliver(`43${id}[null,1]`);
    await answers.reach(count);
    end();
  };
};

const calls = callsOf(() => "get tip");

/** Calls that do not come again, of each of which the module must know. */
const others = callsOf((i) => `get ${i}`);

export const holdings = { sockets, calls, others };
