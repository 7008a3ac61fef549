// @ts-check
//
// The judge of chaos finds what it is there for, and the plan has all kinds of
// faults in it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "./chaos/judge.mjs";
import { killApp, killNode, plan } from "./chaos/plan.mjs";

/** @type {import("./chaos/judge.mjs").Emit} */
const acknowledged = {
  id: 0,
  what: "dispatch get tip",
  tagged: true,
  call: true,
  sent: 1,
  late: false,
  outcomes: ["acknowledged"],
  ended: 510,
  acknowledged: 1,
  wrong: false,
};

/** @type {import("./chaos/judge.mjs").Emit} */
const dropped = {
  ...acknowledged,
  id: 1,
  sent: 0,
  outcomes: ["dropped"],
  acknowledged: 0,
};

/** @type {import("./chaos/judge.mjs").Evidence} */
const innocent = {
  emits: [acknowledged, dropped],
  violations: [],
  reached: new Map([[0, [500]]]),
  lines: [
    { accepted: 0, left: 1000 },
    { accepted: 1010, left: 2000 },
    { accepted: 2300, left: Infinity },
  ],
  malformed: [],
  storeChain: ["a", "b"],
  nodeChain: ["a", "b"],
  news: ["b", "p"],
  last: { payment: "p", block: "b" },
  socket: { status: "connected", queued: 0 },
  noise: ["console.error: WebSocket connection to 'ws://…' failed: "],
};

/** @param {Partial<import("./chaos/judge.mjs").Emit>} fields */
const emit = (fields) => ({ emits: [{ ...acknowledged, ...fields }] });

/** @type {[string, Partial<import("./chaos/judge.mjs").Evidence>, RegExp][]} */
const crimes = [
  ["an emit that hangs", emit({ outcomes: [] }), /ended not once/],
  [
    "an emit that ends twice",
    emit({ outcomes: ["acknowledged", "lost"] }),
    /ended not once/,
  ],
  [
    "a callback that is not called",
    emit({ acknowledged: 0 }),
    /does not agree/,
  ],
  [
    "a callback that is called after a failure",
    emit({ outcomes: ["timed out"] }),
    /does not agree/,
  ],
  ["an emit that is sent twice", emit({ sent: 2 }), /sent twice/],
  [
    "an emit that is sent and dropped",
    { emits: [{ ...dropped, sent: 1 }] },
    /told that it was dropped/,
  ],
  ["an emit that is sent late", emit({ late: true }), /after it had ended/],
  [
    "an emit that is executed twice",
    { reached: new Map([[0, [500, 600]]]) },
    /reached the node twice/,
  ],
  [
    "an emit that is executed and was dropped",
    { reached: new Map(innocent.reached).set(1, [500]) },
    /reached the node and was not sent/,
  ],
  ["an answer from nowhere", { reached: new Map() }, /did not reach the node/],
  ["another call's answer", emit({ wrong: true }), /another call's/],
  [
    "two connections at a time",
    {
      lines: [
        { accepted: 0, left: 1000 },
        { accepted: 800, left: 2000 },
      ],
    },
    /connection 2 came 200 ms before/,
  ],
  ["a frame that is none", { malformed: ["Invalid opcode"] }, /no frame/],
  ["a missing block", { storeChain: ["a"] }, /at height 1/],
  ["a block too many", { nodeChain: ["a"] }, /at height 1/],
  ["what the page has seen", { violations: ["came twice"] }, /came twice/],
  [
    "a subscription that did not last",
    { news: ["b"] },
    /the last payment was not heard/,
  ],
  [
    "a store that thinks it is disconnected",
    { socket: { status: "reconnecting", queued: 0 } },
    /in the end the socket is reconnecting/,
  ],
  [
    "an emit that waits for ever",
    { socket: { status: "connected", queued: 1 } },
    /in the end 1 emits wait/,
  ],
  ["an error nobody caught", { noise: ["uncaught: Error"] }, /uncaught/],
];

test("the judge lets the innocent go", () => {
  assert.deepEqual(judge(innocent), []);
});

for (const [name, evidence, expected] of crimes)
  test(`the judge finds ${name}`, () => {
    assert.match(judge({ ...innocent, ...evidence }).join("\n"), expected);
  });

test("a plan is repeated by its seed", () => {
  assert.deepEqual(plan(7, 100), plan(7, 100));
  assert.notDeepEqual(plan(7, 100), plan(8, 100));
});

test("a short plan has every kind, and both servers killed in the middle", () => {
  const kinds = plan(1, 40).map(({ kind }) => kind);
  assert.equal(kinds.length, 40);
  assert.equal(new Set(kinds).size, 9);
  assert.ok(kinds.indexOf(killApp) > 10);
  assert.ok(kinds.lastIndexOf(killNode) < 30);
});
