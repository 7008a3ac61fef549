// @ts-check
//
// Chaos, for real: a page works with a node through an app server while the line
// is slowed, cut up, cut off, reset and silenced, and the servers are killed.
// Afterwards every emit must be accounted for, and the store's chain must be the
// node's.
//
//   node www/test/chaos.mjs          FAULTS=500, SEED= to repeat a run

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { judge } from "./chaos/judge.mjs";
import { Miner } from "./chaos/miner.mjs";
import { disable, killApp, killNode, plan } from "./chaos/plan.mjs";
import { figures } from "./chaos/figures.mjs";
import { World } from "./chaos/world.mjs";
import { Random } from "./pages/chaos-random.mjs";

/** @typedef {import("./chaos/plan.mjs").Fault} Fault */

/**
 * How long the store may take to catch up once all is well again, and then the
 * emits to end, in milliseconds.
 */
const patience = 30_000;

/** The seed that the environment gives, or else another one each time. */
export function someSeed() {
  return Number(process.env.SEED || Date.now() % 2 ** 32);
}

/**
 * @param {{faults: number, seed: number, say: (line: string) => void}} how
 */
export async function chaos({ faults, seed, say }) {
  say(`SEED=${seed}`);
  const began = performance.now();
  const planned = plan(seed, faults);
  const world = new World();
  try {
    await world.start(seed);
    const evidence = await live(world, planned, seed);
    const seconds = (performance.now() - began) / 1000;
    for (const line of figures(planned, evidence, seconds)) say(line);
    const broken = judge(evidence);
    assert.equal(broken.length, 0, report(broken, world.complaints));
  } finally {
    await world.stop();
  }
}

/**
 * @param {World} world
 * @param {Fault[]} planned
 * @param {number} seed
 */
async function live(world, planned, seed) {
  const { page, noise } = world.open;
  const miner = await new Miner(world, new Random(seed + 1)).open();
  await page.evaluate(
    (seed, { port, apiKey }) => {
      globalThis.survivor = makeSurvivor(seed);
      return survivor.start(port, apiKey);
    },
    seed + 2,
    world.where,
  );
  for (const fault of planned) await commit(world, fault);
  await miner.stop();
  await page.evaluate((patience) => survivor.finish(patience), patience);
  // Those that do not end are the judge's business.
  await page
    .waitForFunction("survivor.emits.settled", { timeout: patience })
    .catch(() => {});
  const last = await lastWords(world);
  // The store hears of the queue four times a second at most.
  await page
    .waitForFunction("survivor.evidence().socket.queued === 0", {
      timeout: 5000,
    })
    .catch(() => {});
  const seen = await page.evaluate(() => survivor.evidence());
  return {
    ...seen,
    storeChain: seen.chain.hashes,
    nodeChain: await world.chain(),
    reached: world.reached,
    lines: world.pageTap.lines,
    malformed: world.pageTap.malformed,
    coinsSent: miner.sent,
    last,
    noise,
  };
}

/**
 * A payment and a block that the page must hear of, because it asked for that
 * once, long ago: it asks for nothing any more.
 *
 * @param {World} world
 */
async function lastWords(world) {
  const { page } = world.open;
  const payment = await world.ask({ do: "send", wallet: "alice", value: 1e6 });
  const block = await world.ask({ do: "mine" });
  const last = { payment: payment.hash, block: block.hashes[0] };
  await page
    .waitForFunction((news) => survivor.hasHeard(news), { timeout: patience }, [
      last.payment,
      last.block,
    ])
    .catch(() => {});
  return last;
}

/**
 * @param {string[]} broken
 * @param {string} complaints
 */
function report(broken, complaints) {
  const some = broken.slice(0, 20).join("\n");
  return `${broken.length} times a law was broken:\n${some}\n\n${complaints}`;
}

/**
 * Has one fault happen, undoes it, and leaves everybody some time.
 *
 * @param {World} world
 * @param {Fault} fault
 */
async function commit(world, { kind, hold, calm, toxics }) {
  if (kind === killApp) await world.killApp(hold);
  else if (kind === killNode) await world.killNode(hold);
  else {
    if (kind === disable) await world.proxy.disable();
    for (const toxic of toxics) await world.proxy.add(toxic);
    await pause(hold);
    await world.proxy.heal();
  }
  await pause(calm);
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once("SIGINT", () => process.exit(130));
  const faults = Number(process.env.FAULTS || 500);
  await chaos({ faults, seed: someSeed(), say: console.log });
}
