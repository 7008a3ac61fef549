// @ts-check
//
// What is measured: one operation each, done so many times that the clock of
// 5 µs does not show.

import { idOf } from "./fake-websocket.mjs";
import { binary, binaryHead, large, small, variety } from "./messages.mjs";
import { Counter } from "./subjects.mjs";

/** @typedef {import("./subjects.mjs").Subject} Subject */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {number} operations in one batch
 * @property {(subject: Subject, operations: number) => Promise<void>} run
 */

/**
 * @param {string} name
 * @param {number} operations
 * @param {(ws: any, i: number) => void} deliver
 * @returns {Case}
 */
function eventCase(name, operations, deliver) {
  return {
    name,
    operations,
    async run({ ws, events }, n) {
      // One after the other, as they come: a page is done with the promises of
      // one message before the browser hands it the next.
      for (let i = 0; i < n; i++) {
        const goal = events.count + 1;
        deliver(ws, i % variety);
        await events.reach(goal);
      }
    },
  };
}

// Answered in tens, as calls of an application that does not wait for each.
const together = 10;

/** @type {Case["run"]} */
async function runCalls({ ws, call }, n) {
  const answers = new Counter();
  const acknowledge = () => answers.add();
  for (let done = 0; done < n; done += together) {
    ws.calls = [];
    for (let i = 0; i < together; i++) call(acknowledge);
    for (const frame of ws.calls) ws.deliver(`43${idOf(frame)}[null,1]`);
    ws.calls = null;
    await answers.reach(done + together);
  }
}

/**
 * @param {string} name
 * @param {(subject: Subject, i: number) => unknown} emit
 * @returns {Case}
 */
function fireCase(name, emit) {
  return {
    name,
    operations: 5000,
    async run(subject, n) {
      const goal = subject.ws.sent + n;
      for (let i = 0; i < n; i++) emit(subject, i);
      await turn();
      const missing = goal - subject.ws.sent;
      if (missing) throw new Error(`${missing} of ${n} were not sent`);
    },
  };
}

// What plugins subscribe to, again and again: ours remembers each, and must
// find that it does.
const subscriptions = [
  { message: "block connect", response: "new block" },
  { message: "chain connect", response: "chain connect" },
  { message: "chain reset", response: "chain reset" },
  { message: "mempool tx", response: "mempool tx" },
];

// In bursts: what 1.1.5 promises for each is kept until the burst is over.
const burst = 10_000;

/** @type {Case["run"]} */
async function runForeign({ dispatch }, n) {
  for (let done = 0; done < n; done += burst) {
    for (let i = 0; i < burst; i++) dispatch({ type: "FOREIGN", i });
    await turn();
  }
}

// Lets everything that waits in promises come to its end.
/** @returns {Promise<void>} */
function turn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** @type {Case[]} */
export const cases = [
  eventCase("event-75b", 5000, (ws, i) => ws.deliver(small[i])),
  eventCase("event-10kb", 300, (ws, i) => ws.deliver(large[i])),
  eventCase("event-1kb-binary", 4000, (ws, i) => {
    ws.deliver(binaryHead);
    ws.deliver(binary[i]);
  }),
  fireCase("broadcast", ({ fire }) => fire("broadcast", "send tx")),
  fireCase("subscribe", ({ subscribe }, i) => {
    const { message, response } = subscriptions[i % subscriptions.length];
    subscribe(message, response);
  }),
  { name: "call", operations: 3000, run: runCalls },
  { name: "foreign", operations: 400_000, run: runForeign },
];
