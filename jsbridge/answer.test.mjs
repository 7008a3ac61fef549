import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { Answer } from "./answer.js";
import { Bodies } from "./payload.js";

/** @type {any[]} what the module was told */
let told;
/** @type {Bodies} */
let bodies;
let plain = false;

beforeEach(() => {
  told = [];
  bodies = new Bodies();
  plain = false;
});

/** @param {unknown} ack @param {unknown[]} values */
function answer(ack, ...values) {
  const guest = {
    handleAnswer: (/** @type {any[]} */ ...args) =>
      told.push(["answer", ...args]),
    handleAnswerError: (/** @type {any[]} */ ...args) =>
      told.push(["error", ...args]),
  };
  const module = { guest, bodies, enter: (/** @type {any} */ call) => call() };
  const store = /** @type {any} */ ({ module, number: 3, emits: { plain } });
  const both = new Answer(store, 7).to(ack, values);
  return { ref: both % 2 ** 32, attachments: Math.floor(both / 2 ** 32) };
}

const hole = '{"_placeholder":true,"num":0}';
const text = (/** @type {number} */ ref) => bodies.get(ref).text;

for (const [
  name,
  ack,
  json,
  bytes,
] of /** @type {[string, any, string, number[]?][]} */ ([
  ["a string is its bytes", "é", hole, [0xc3, 0xa9]],
  ["bytes are themselves", Uint8Array.of(1, 2), hole, [1, 2]],
  ["an array is the bytes of its numbers", [1, 258], hole, [1, 2]],
  ["a number is itself", 5, "5"],
  ["true is itself", true, "true"],
  ["an object is itself", { a: [1] }, '{"a":[1]}'],
  ["a function is what it returns", () => ({ a: 1 }), '{"a":1}'],
  ["a string that it returns is a string", () => "ok", '"ok"'],
  ["nothing that it returns is null", () => {}, "null"],
  ["bytes that it returns are bytes", () => Uint8Array.of(9), hole, [9]],
])) {
  test(name, () => {
    const { ref, attachments } = answer(ack);
    assert.equal(text(ref), `[null,${json}]`);
    assert.equal(attachments, bytes ? 1 : 0);
    if (bytes) {
      assert.deepEqual([...bodies.get(ref).attachments[0]], bytes);
    }
    assert.ok(bodies.get(ref).answer, "it is let go when it has been sent");
    assert.deepEqual(told, []);
  });
}

test("Socket.IO gets the value alone", () => {
  plain = true;
  assert.equal(text(answer(() => 5).ref), "[5]");
});

test("a function gets the arguments of the call", () => {
  const { ref } = answer((/** @type {any[]} */ ...args) => args, 1, "b");
  assert.equal(text(ref), '[null,[1,"b"]]');
});

test("an async function answers later", async () => {
  const { ref } = answer(async (/** @type {number} */ n) => {
    await pause(1);
    return n + 1;
  }, 1);
  assert.equal(ref, 0);
  assert.deepEqual(told, []);
  await pause(5);
  const [[what, store, call, body, attachments]] = told;
  assert.deepEqual([what, store, call, attachments], ["answer", 3, 7, 0]);
  assert.equal(text(body), "[null,2]");
});

test("a promise that never settles keeps nothing here", async () => {
  assert.equal(answer(() => new Promise(() => {})).ref, 0);
  await pause(2);
  assert.equal(bodies.size, 0);
  assert.deepEqual(told, []);
});

const failing = (/** @type {unknown} */ error) => () => {
  throw error;
};

for (const [name, error, want] of /** @type {[string, any, any][]} */ ([
  [
    "an error",
    Object.assign(new TypeError("No."), { type: "t", code: "C", more: 1 }),
    { message: "No.", name: "TypeError", type: "t", code: "C" },
  ],
  [
    "an error whose code is a number",
    Object.assign(new Error("No."), { code: -5 }),
    { message: "No.", name: "Error", code: "-5", codeIsNumber: true },
  ],
  ["a text", "No.", { message: "No." }],
  ["nothing", undefined, { message: "undefined" }],
  [
    "an error of odd fields",
    Object.assign(new Error("No."), { name: 5, type: {}, code: NaN }),
    { message: "No." },
  ],
  [
    "an object that throws",
    {
      get name() {
        throw new Error("mine");
      },
      toString: failing(new Error("mine")),
    },
    { message: "something that has no text" },
  ],
])) {
  test(`${name} that is thrown is told, now or later`, async () => {
    const all = { name: "", type: "", code: "", codeIsNumber: false, ...want };
    for (const ack of [failing(error), async () => failing(error)()]) {
      told = [];
      assert.equal(answer(ack).ref, 0);
      assert.deepEqual(told, [], "the module is told when it has asked");
      await pause(1);
      assert.deepEqual(told, [["error", 3, 7, all]]);
    }
    assert.equal(bodies.size, 0);
  });
}

test("what has no JSON is an error", async () => {
  /** @type {any} */
  const cycle = {};
  cycle.self = cycle;
  for (const ack of [5n, cycle, [1n], () => 5n, async () => cycle]) {
    told = [];
    assert.equal(answer(ack).ref, 0);
    await pause(1);
    assert.equal(told[0][0], "error");
    assert.equal(told[0][3].name, "TypeError");
  }
});
