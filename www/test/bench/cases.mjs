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

/**
 * @param {string} name
 * @param {(subject: Subject, acknowledge: () => void, i: number) => unknown} call
 * @returns {Case}
 */
function callCase(name, call) {
  return {
    name,
    operations: 3000,
    async run(subject, n) {
      const { ws } = subject;
      const answers = new Counter();
      const acknowledge = () => answers.add();
      for (let done = 0; done < n; done += together) {
        ws.calls = [];
        for (let i = 0; i < together; i++) call(subject, acknowledge, done + i);
        for (const frame of ws.calls) ws.deliver(`43${idOf(frame)}[null,1]`);
        ws.calls = null;
        await answers.reach(done + together);
      }
    },
  };
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

// Emits that come again cost less than others, so that they come in kinds: the
// same each time, with an argument that is another, with a message that is one
// of many, and with one that nobody has seen.

/** Another argument for each operation of a batch: a hash, as of a transaction. */
const hashes = Array.from({ length: 5000 }, (_, i) =>
  i.toString(16).padStart(64, "0"),
);

/** More messages than an application has. */
const messages = Array.from({ length: 1000 }, (_, i) => `message ${i}`);

let unseen = 0;
const unseenMessage = () => `unseen message ${unseen++}`;

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
  fireCase("broadcast-argument", ({ fire }, i) =>
    fire("broadcast", "send tx", hashes[i % hashes.length]),
  ),
  fireCase("subscribe", ({ subscribe }, i) => {
    const { message, response } = subscriptions[i % subscriptions.length];
    subscribe(message, response);
  }),
  callCase("call", ({ call }, acknowledge) => call(acknowledge, "get tip")),
  callCase("call-argument", ({ call }, acknowledge, i) =>
    call(acknowledge, "get tx", hashes[i % hashes.length]),
  ),
  { name: "foreign", operations: 400_000, run: runForeign },
  // From here on a subject has seen more messages than it may care to keep.
  fireCase("broadcast-message", ({ fire }, i) =>
    fire("broadcast", messages[i % messages.length]),
  ),
  fireCase("broadcast-unseen", ({ fire }) =>
    fire("broadcast", unseenMessage()),
  ),
  callCase("call-message", ({ call }, acknowledge, i) =>
    call(acknowledge, messages[i % messages.length]),
  ),
  callCase("call-unseen", ({ call }, acknowledge) =>
    call(acknowledge, unseenMessage()),
  ),
  callCase("call-afterwards", ({ call }, acknowledge) =>
    call(acknowledge, "get name"),
  ),
];
