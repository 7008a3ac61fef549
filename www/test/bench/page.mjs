// @ts-check
//
// The bench's half in the page: it makes the subjects and times them in turn.

import { oldMiddleware } from "../pages/old.mjs";
import { cases } from "./cases.mjs";
import { FakeWebSocket } from "./fake-websocket.mjs";
import { eventName, middlewareSubject, plainSubject } from "./subjects.mjs";

/** @typedef {Record<string, Record<string, number[]>>} Timings by case, subject */

/**
 * Times every case for every subject over a fake WebSocket, in turn, so that
 * what else the machine does hits all of them alike.
 *
 * @param {number} rounds
 * @returns {Promise<Timings>} microseconds for one operation, one a round
 */
export async function overFakeSocket(rounds) {
  globalThis.WebSocket = /** @type {any} */ (FakeWebSocket);
  // 1.1.5 looks for WebSocket once, when it is imported.
  const factories = await middlewares();
  const where = { host: "127.0.0.1", port: 5000 };
  const subjects = [plainSubject(new FakeWebSocket("ws://127.0.0.1"))];
  for (const [name, factory] of factories)
    subjects.push(
      await middlewareSubject(name, factory, where, () => FakeWebSocket.latest),
    );
  /** @type {Timings} */
  const timings = {};
  for (const { name, operations, run } of cases) {
    timings[name] = Object.fromEntries(subjects.map((s) => [s.name, []]));
    for (let round = -2; round < rounds; round++)
      for (const subject of rotated(subjects, round)) {
        const start = performance.now();
        await run(subject, operations);
        const time = performance.now() - start;
        // The first two rounds are for the engine to warm up.
        if (round >= 0)
          timings[name][subject.name].push((time * 1000) / operations);
      }
  }
  return timings;
}

/** @returns {Promise<[string, (options: object) => any][]>} */
async function middlewares() {
  const old = await oldMiddleware();
  const { default: ours } = await import("bsock-wasm");
  return [
    ["1.1.5", old],
    ["ours", ours],
  ];
}

// Nobody is always first, or always after the same one.
/**
 * @template T
 * @param {T[]} list
 * @param {number} by
 */
function rotated(list, by) {
  const at = (by + list.length * 2) % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/**
 * Counts how many events a second come from a server on this machine.
 *
 * @param {number} port of bench/sender.mjs
 * @param {number} rounds
 * @param {number} events in one round
 * @returns {Promise<Record<string, number[]>>} events a second, by subject
 */
export async function overLoopback(port, rounds, events) {
  const where = { host: "127.0.0.1", port };
  const runs = [await bareRun(`ws://127.0.0.1:${port}/`)];
  for (const [name, factory] of await middlewares()) {
    const subject = await middlewareSubject(name, factory, where, () => null);
    runs.push({
      name,
      run: async (n) => {
        const goal = subject.events.count + n;
        subject.fire("flood", String(n));
        await subject.events.reach(goal);
      },
    });
  }
  /** @type {Record<string, number[]>} */
  const rates = Object.fromEntries(runs.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++)
    for (const { name, run } of rotated(runs, round)) {
      const start = performance.now();
      await run(events);
      const seconds = (performance.now() - start) / 1000;
      if (round >= 0) rates[name].push(events / seconds);
    }
  return rates;
}

/**
 * A WebSocket that counts messages and does nothing with them.
 *
 * @param {string} url
 * @returns {Promise<{name: string, run: (n: number) => Promise<void>}>}
 */
async function bareRun(url) {
  const ws = new WebSocket(url);
  await new Promise((resolve) => ws.addEventListener("open", resolve));
  /** @param {number} n */
  const run = (n) => {
    let left = n;
    /** @type {Promise<void>} */
    const all = new Promise((resolve) => {
      ws.onmessage = ({ data }) => {
        if (data.startsWith(`42["${eventName}"`) && --left === 0) resolve();
      };
    });
    ws.send(`42["flood","${n}"]`);
    return all;
  };
  return { name: "bare WebSocket", run };
}
