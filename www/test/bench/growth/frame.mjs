// @ts-check
//
// A subject in a frame of its own: its address says which, ?subject=ours.

import { oldMiddleware } from "../../pages/old.mjs";
import { watchTimers } from "./clock.mjs";
import { benches } from "./curves.mjs";
import { holdings } from "./holding.mjs";
import { plainMiddleware } from "./plain.mjs";
import { Stand } from "./stand.mjs";
import { Wire } from "./wire.mjs";

/** @typedef {import("./curves.mjs").Bench} Bench */

const name = String(new URL(location.href).searchParams.get("subject"));

/** @type {WebAssembly.Memory | undefined} */
let memory;

/** Keeps hold of the memory of the module that is started. */
function watchMemory() {
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = /** @type {any} */ (
    async (
      /** @type {WebAssembly.Module} */ compiled,
      /** @type {WebAssembly.Imports} */ imports,
    ) => {
      const instance = await instantiate(compiled, imports);
      memory = /** @type {any} */ (instance.exports.mem);
      return instance;
    }
  );
}

/** @returns {Promise<(options: object) => any>} */
async function factory() {
  if (name === "plain") return plainMiddleware;
  if (name === "1.1.5") return oldMiddleware();
  return (await import("bsock-wasm")).default;
}

// Before anything is imported: 1.1.5 looks for WebSocket then, and only once.
globalThis.WebSocket = /** @type {any} */ (Wire);
watchTimers();
watchMemory();
const stand = new Stand(name, await factory());
// What runs next must not have to load the module, or learn to.
(await stand.connected({})).end();

/** How large the module's memory is, in bytes. */
export function moduleMemory() {
  return memory?.buffer.byteLength ?? 0;
}

/** @type {() => Promise<void>} lets go of what is held */
export let letGo;

/**
 * @param {keyof typeof holdings} what
 * @param {number} count
 */
export async function hold(what, count) {
  letGo = await holdings[what](stand, count);
}

/**
 * Makes ready for one point of a curve.
 *
 * @param {string} curve
 * @param {number} x
 * @returns {Promise<{run: () => Promise<number>, end: () => void}>} run returns
 *   microseconds for a unit
 */
export async function prepare(curve, x) {
  const bench = await benches[curve](stand, x);
  return {
    run: async () => ((await bench.run()) * 1000) / bench.units,
    end: () => bench.end?.(),
  };
}
