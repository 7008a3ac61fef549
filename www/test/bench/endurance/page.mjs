// @ts-check
//
// A page that takes events by the hundred thousand, over a WebSocket with
// nothing behind it, and says how long it was busy with them at a time. The
// address says with what: ?subject=ours

import { left, watch } from "../../pages/soak.mjs";
import { oldMiddleware } from "../../pages/old.mjs";
import { FakeWebSocket } from "../fake-websocket.mjs";
import { binary, binaryHead, eventName, small, variety } from "../messages.mjs";
import { middlewareSubject, plainSubject } from "../subjects.mjs";

const name = String(new URL(location.href).searchParams.get("subject"));

/** So many events come in one task, as from a socket that is kept busy. */
const together = 100;

/** @type {number[]} what the browser itself takes for too long, in ms */
const long = [];
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) long.push(duration);
}).observe({ entryTypes: ["longtask"] });

watch();
globalThis.WebSocket = /** @type {any} */ (FakeWebSocket);
const subject = await make();

async function make() {
  if (name === "plain") return plainSubject(new FakeWebSocket("ws://fake"));
  const factory =
    name === "1.1.5"
      ? await oldMiddleware()
      : (await import("bsock-wasm")).default;
  const where = { host: "127.0.0.1", port: 5000 };
  return middlewareSubject(name, factory, where, () => FakeWebSocket.latest);
}

/**
 * Takes so many events, every tenth of them with bytes.
 *
 * @param {number} events
 * @returns {Promise<number>} the longest task, in milliseconds
 */
export async function take(events) {
  let longest = 0;
  for (let done = 0; done < events; done += together) {
    const start = performance.now();
    await burst(done);
    longest = Math.max(longest, performance.now() - start);
    await turn();
  }
  return longest;
}

/** @param {number} from */
function burst(from) {
  const goal = subject.events.count + together;
  for (let i = from; i < from + together; i++) {
    if (i % 10 === 9) deliverBinary(binary[i % variety]);
    else subject.ws.deliver(small[i % variety]);
  }
  return subject.events.reach(goal);
}

/** @param {ArrayBuffer} data */
function deliverBinary(data) {
  subject.ws.deliver(binaryHead);
  subject.ws.deliver(data);
}

/** @type {Record<string, (bytes: number) => () => void>} */
const large = {
  text(bytes) {
    const tx = JSON.stringify({ hash: "0".repeat(64), value: 5e6 });
    const txs = Array(Math.round(bytes / (tx.length + 1))).fill(tx);
    const text = `42["${eventName}",[${txs.join()}]]`;
    return () => subject.ws.deliver(text);
  },
  binary(bytes) {
    const data = new Uint8Array(bytes + 1);
    data[0] = 4;
    return () => deliverBinary(data.buffer);
  },
};

/**
 * Takes one large event so many times.
 *
 * @param {"text" | "binary"} kind
 * @param {number} bytes
 * @param {number} times
 * @returns {Promise<number[]>} milliseconds
 */
export async function takeLarge(kind, bytes, times) {
  const deliver = large[kind](bytes);
  const took = [];
  for (let i = 0; i < times; i++) {
    const goal = subject.events.count + 1;
    const start = performance.now();
    deliver();
    await subject.events.reach(goal);
    took.push(performance.now() - start);
    await turn();
  }
  return took;
}

/** How much memory the module has, in bytes, and how long long tasks were. */
export async function state() {
  // The browser tells of a long task some time after it.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return { wasm: left().wasm, long: long.splice(0) };
}

/** Lets the browser do what else there is to do. */
function turn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(null);
  });
}
