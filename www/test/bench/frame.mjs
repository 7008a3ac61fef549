// @ts-check
//
// A subject in a frame of its own, as it would have a page of its own: what the
// engine has learnt of one, and what one has done to the page, is not the
// others' business. The address says which it is, and what is behind it:
//
//   ?subject=ours           over a fake WebSocket
//   ?subject=ours&port=N    over a real one, to bench/sender.mjs

import { oldMiddleware } from "../pages/old.mjs";
import { cases } from "./cases.mjs";
import { FakeWebSocket } from "./fake-websocket.mjs";
import { bareRun, floodRun } from "./loopback.mjs";
import { middlewareSubject, plainSubject } from "./subjects.mjs";

/** @typedef {import("./subjects.mjs").Subject} Subject */

const parameters = new URL(location.href).searchParams;
const name = String(parameters.get("subject"));
const port = Number(parameters.get("port"));

/** @returns {Promise<(options: object) => any>} */
async function factory() {
  if (name === "1.1.5") return oldMiddleware();
  return (await import("bsock-wasm")).default;
}

/** @returns {Promise<Subject>} */
async function overFake() {
  // Before anything is imported: 1.1.5 looks for WebSocket then, and only once.
  globalThis.WebSocket = /** @type {any} */ (FakeWebSocket);
  if (name === "plain") return plainSubject(new FakeWebSocket("ws://fake"));
  const where = { host: "127.0.0.1", port: 5000 };
  const latest = () => FakeWebSocket.latest;
  return middlewareSubject(name, await factory(), where, latest);
}

/** How long an engine is given to compile what it runs, in milliseconds. */
const warming = { least: 500, most: 5000 };

/** So many batches in a row that are no faster mean that it is done. */
const settled = 10;

/**
 * Runs batches until they become no faster. An engine compiles beside them, so
 * how long that takes is up to what else the machine does.
 *
 * @param {() => Promise<unknown>} batch
 */
async function warmUp(batch) {
  const start = performance.now();
  let best = Infinity;
  let without = 0;
  for (;;) {
    const began = performance.now();
    await batch();
    const now = performance.now();
    without = now - began < best * 0.97 ? 0 : without + 1;
    best = Math.min(best, now - began);
    const spent = now - start;
    if (spent > warming.most) return;
    if (spent > warming.least && without >= settled) return;
  }
}

/**
 * Makes what runs one batch of a case.
 *
 * @param {string} title
 * @returns {Promise<() => Promise<number>>} microseconds for one operation
 */
export async function runnerOf(title) {
  const { operations, run } = /** @type {import("./cases.mjs").Case} */ (
    cases.find((each) => each.name === title)
  );
  const made = await (subject ??= overFake());
  await warmUp(() => run(made, operations));
  return async () => {
    const start = performance.now();
    await run(made, operations);
    return ((performance.now() - start) * 1000) / operations;
  };
}

/** @type {Promise<Subject> | undefined} */
let subject;

/**
 * Connects to bench/sender.mjs.
 *
 * @returns {Promise<(kind: string, events: number) => Promise<number>>}
 *   microseconds that so many events of a kind took
 */
export async function receiver() {
  const where = { host: "127.0.0.1", port };
  const run =
    name === "bare"
      ? await bareRun(`ws://127.0.0.1:${port}/`)
      : floodRun(
          await middlewareSubject(name, await factory(), where, () => null),
        );
  return async (kind, events) => {
    const start = performance.now();
    await run(kind, events);
    return (performance.now() - start) * 1000;
  };
}
