// @ts-check
//
// bsock/native, in Go, beside npm's bsock on Node: a client's events, fires and
// calls a second, and a server's broadcasts to one and to ten thousand.

import { Clients } from "../native/client.mjs";
import { allocationRows } from "../native/allocations.mjs";
import { build } from "../native/halves.mjs";
import { curveOf, measure, rowsOf } from "../native/servers.mjs";

/** @typedef {import("../result.mjs").Row} Row */
/** @typedef {import("../result.mjs").Curve} Curve */

/**
 * @param {import("../result.mjs").Context} context
 * @returns {Promise<import("../result.mjs").Result>}
 */
export async function run({ quick, say }) {
  build();
  say("clients");
  const { rows, curve } = await clients(quick);
  /** @type {Awaited<ReturnType<typeof servers>>} */
  const all = await servers(quick, say);
  for (const [connections, figures] of all)
    rows.push(...rowsOf(connections, figures));
  say("allocations");
  rows.push(...allocationRows());
  return { rows, curves: [curveOf(all), curve] };
}

/** @param {boolean} quick */
async function clients(quick) {
  const clients = new Clients();
  try {
    await clients.connect();
    const rows = await clients.rows(quick ? 3 : 6, quick ? 0.7 : 2);
    const curve = quick
      ? await clients.sizes([50, 1e3, 1e5], 1e6)
      : await clients.sizes([50, 1e3, 1e4, 1e5, 1e6, 1e7], 2e7);
    return { rows, curve };
  } finally {
    await clients.close();
  }
}

/**
 * How many rounds, and how much there is to do in each.
 *
 * @param {number} connections
 * @param {boolean} quick
 * @returns {[number, number]}
 */
function roundsOf(connections, quick) {
  if (connections === 10_000) return [2, 1]; // they take so long
  if (quick) return [3, 0.5];
  return [5, 2];
}

/**
 * @param {boolean} quick
 * @param {(line: string) => void} say
 */
async function servers(quick, say) {
  /** @type {[number, Awaited<ReturnType<typeof measure>>][]} */
  const all = [];
  for (const connections of [1, 100, 1000, ...(quick ? [] : [10_000])]) {
    say(`servers, ${connections} connections`);
    all.push([
      connections,
      await measure(connections, ...roundsOf(connections, quick)),
    ]);
  }
  return all;
}
