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
const warming = 500;

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
  const until = performance.now() + warming;
  while (performance.now() < until) await run(made, operations);
  return async () => {
    const start = performance.now();
    await run(made, operations);
    return ((performance.now() - start) * 1000) / operations;
  };
}

/** @type {Promise<Subject> | undefined} */
let subject;

/**
 * Makes what receives so many events.
 *
 * @param {number} events
 * @returns {Promise<() => Promise<number>>} events a second
 */
export async function receiverOf(events) {
  const where = { host: "127.0.0.1", port };
  const run =
    name === "bare WebSocket"
      ? await bareRun(`ws://127.0.0.1:${port}/`)
      : floodRun(
          await middlewareSubject(name, await factory(), where, () => null),
        );
  return async () => {
    const start = performance.now();
    await run(events);
    return (events * 1000) / (performance.now() - start);
  };
}
