import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { makeError, messageOf } from "./errors.js";
import { Waiting } from "./waiting.js";

/** @type {unknown[]} */
let unhandled;
const note = (/** @type {unknown} */ reason) => void unhandled.push(reason);

beforeEach(() => {
  unhandled = [];
  process.on("unhandledRejection", note);
});

afterEach(() => process.off("unhandledRejection", note));

const waiting = () => new Waiting(true);

/** Long enough for Node to tell of rejections that nobody handles. */
const aWhile = () => sleep(5);

test("a value that comes after the promise resolves it", async () => {
  const w = waiting();
  const { promise } = w;
  w.settle({ height: 1 });
  assert.deepEqual(await promise, { height: 1 });
});

test("a value that comes before the promise resolves it", async () => {
  const w = waiting();
  const value = { height: 1 };
  w.settle(value);
  assert.equal(await w.promise, value);
  assert.equal(await w.promise, value, "whoever asks again gets it too");
});

for (const value of [undefined, null, 0, "", false]) {
  test(`${String(value)} is a value, before and after`, async () => {
    const before = waiting();
    before.settle(value);
    assert.equal(await before.promise, value);

    const after = waiting();
    const { promise } = after;
    after.settle(value);
    assert.equal(await promise, value);
  });
}

test("it is pending until then", async () => {
  const { promise } = waiting();
  const first = await Promise.race([promise, aWhile().then(() => "nothing")]);
  assert.equal(first, "nothing");
});

test("it is an ordinary promise, whatever the state", () => {
  const fired = waiting();
  fired.settle(undefined);
  const settled = waiting();
  settled.settle(1);
  const rejected = waiting();
  rejected.reject(new Error("gone"));
  for (const { promise } of [waiting(), fired, settled, rejected]) {
    assert.ok(promise instanceof Promise);
  }
});

for (const [when, ask] of /** @type {const} */ ([
  ["before the promise", (w, error) => (w.reject(error), w.promise)],
  [
    "after the promise",
    (w, error) => {
      const { promise } = w;
      w.reject(error);
      return promise;
    },
  ],
])) {
  test(`an error that comes ${when} rejects it`, async () => {
    const error = new Error("gone");
    const w = waiting();
    assert.equal(w.rejected, false);
    await assert.rejects(ask(w, error), (thrown) => thrown === error);
    assert.equal(w.error, error);
    assert.equal(w.rejected, true);
  });

  test(`an error that comes ${when} is no news if nobody waits`, async () => {
    ask(waiting(), new Error("gone"));
    await aWhile();
    assert.deepEqual(unhandled, []);
  });

  test(`an error that comes ${when} reaches who derives a promise`, async () => {
    const error = new Error("gone");
    const derived = ask(waiting(), error).then(() => "fine");
    await assert.rejects(derived, (thrown) => thrown === error);
  });
}

test("an error that nobody ever asks for is no news", async () => {
  waiting().reject(new Error("gone"));
  await aWhile();
  assert.deepEqual(unhandled, []);
});

test("a thenable that answers is followed, as a promise does", async () => {
  const before = waiting();
  before.settle(Promise.resolve("late"));
  assert.equal(await before.promise, "late");
});

test("an error has the fields that are there", () => {
  const error = makeError({ message: "No.", name: "", type: "", code: "" });
  assert.deepEqual(Object.keys(error), []);
  assert.equal(error.name, "Error");
  assert.equal(error.message, "No.");

  const full = makeError({ message: "", name: "N", type: "T", code: -17 });
  assert.deepEqual({ ...full }, { name: "N", type: "T", code: -17 });
  assert.ok(full instanceof Error);
});

test("a code of 0 is a code", () => {
  assert.deepEqual({ ...makeError({ message: "No.", code: 0 }) }, { code: 0 });
});

test("an error names the emit that it is about, and nothing else of it", () => {
  const w = waiting();
  w.fields = { type: "dispatch", message: "get tip", acknowledge() {} };
  const error = makeError({ message: "No." }, w);
  const emit = { type: "dispatch", message: "get tip" };
  assert.deepEqual({ ...error }, { emit });
  const connect = new Waiting(false);
  assert.deepEqual({ ...makeError({ message: "No." }, connect) }, {});
  assert.deepEqual({ ...makeError({ message: "No." }, null) }, {});
});

test("anything can be thrown, and has a message", () => {
  assert.equal(messageOf(new TypeError("No.")), "No.");
  assert.equal(messageOf("No."), "No.");
  assert.equal(messageOf(undefined), "undefined");
  assert.equal(messageOf(null), "null");
  assert.equal(messageOf(Symbol("s")), "Symbol(s)");
  assert.equal(messageOf(5n), "5");
  assert.equal(messageOf({}), "[object Object]");
  assert.equal(
    messageOf(Object.create(null)),
    "something that has no text",
    "an object that cannot be made a string",
  );
});
