// @ts-check
//
// What a page may do from inside an action, and what it may give: nothing of
// it throws in the module, opens a second socket or leaves a body behind.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { main } from "./built.mjs";
import { Line, end, makeStore } from "./line.mjs";

const { default: bsockMiddleware, load } = main;

/** @type {unknown[]} */
let uncaught;
const note = (/** @type {unknown} */ error) => void uncaught.push(error);

beforeEach(async () => {
  uncaught = [];
  process.on("uncaughtException", note);
  process.on("unhandledRejection", note);
  await load();
});
afterEach(async () => {
  end();
  await pause();
  process.off("uncaughtException", note);
  process.off("unhandledRejection", note);
  assert.deepEqual(uncaught, []);
});

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

/** @param {any} [options] */
async function connected(options) {
  const store = makeStore(bsockMiddleware, options);
  await store.connect();
  Line.only.open().take();
  return store;
}

test("listeners may change while an event is told to several", async () => {
  const listeners = [
    { event: "e", actionType: "A" },
    { event: "e", actionType: "B" },
    { event: "e", actionType: "C" },
  ];
  const store = await connected({ listeners });
  store.react = ({ type }) => {
    if (type === "A") {
      listeners.length = 0;
      store.connect();
    }
  };
  Line.only.say('42["e",1]', '42["e",2]');
  assert.deepEqual(store.types(), ["SOCKET_CONNECTED", "A", "B", "C"]);
});

test("a hook answers with the ack it had when it was called", async () => {
  const listeners = [{ event: "h", actionType: "H", ack: "yes" }];
  const store = await connected({ listeners });
  store.react = ({ type }) => {
    if (type === "H") {
      listeners.length = 0;
      store.connect();
    }
  };
  Line.only.say('423["h",1]', '424["h",1]');
  const [head, answer, refusal] = Line.only.take();
  assert.equal(head, '461-3[null,{"_placeholder":true,"num":0}]');
  assert.deepEqual(Buffer.from(answer.slice(1)).toString(), "yes");
  assert.match(String(refusal), /^434.*Call not found: h\./);
});

test("what waits is sent as it was given", async () => {
  const store = makeStore(bsockMiddleware);
  await store.connect();
  const data = Uint8Array.of(1, 2, 3);
  const gone = Uint8Array.of(4, 5, 6);
  const sent = [store.emit({ data }), store.emit({ gone })];
  data.fill(0);
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  const line = Line.only.open();
  await Promise.all(sent);
  const frames = line.take().filter((message) => typeof message !== "string");
  assert.deepEqual(
    frames.map((frame) => [...Buffer.from(frame)]),
    [
      [4, 1, 2, 3],
      [4, 4, 5, 6],
    ],
  );
});

test("what makes a frame above the limit is refused, and not sent", async () => {
  const store = await connected();
  for (const rest of ["x".repeat(1e8), "ü".repeat(5e7), new Uint8Array(1e8)])
    await assert.rejects(store.emit({ rest }), {
      code: "BAD_ACTION",
      message: /above the limit of 100000000 bytes/,
    });
  assert.deepEqual(Line.only.take(), []);
  await store.emit({ rest: "x".repeat(9e7) });
  assert.equal(Line.only.take().length, 1);
});

test("a value whose toJSON makes it binary is sent as binary", async () => {
  const store = await connected();
  const hash = { toJSON: () => Uint8Array.of(7) };
  await store.emit({ hash });
  const [text, frame] = Line.only.take();
  assert.equal(text, '451-["broadcast","m",{"_placeholder":true,"num":0}]');
  assert.deepEqual([...Buffer.from(frame)], [4, 7]);
});

test("values that cannot be looked at are refused", async () => {
  const store = await connected();
  const { proxy: revoked, revoke } = Proxy.revocable([], {});
  revoke();
  const trap = {
    get() {
      throw new Error("mine");
    },
  };
  const throwing = new Proxy(["a"], trap);
  for (const field of ["port", "host", "ssl", "namespace", "protocols"])
    for (const value of [revoked, throwing])
      await assert.rejects(store.connect({ [field]: value }), {
        code: "BAD_ACTION",
      });
  for (const field of ["type", "message", "acknowledge", "rest"])
    for (const value of [revoked, throwing])
      await assert.rejects(store.emit({ [field]: value }), {
        code: "BAD_ACTION",
      });
  for (const field of ["type", "message", "acknowledge", "rest"]) {
    const bsock = { type: "t", message: "m" };
    Object.defineProperty(bsock, field, { ...trap, enumerable: true });
    await assert.rejects(store.dispatch({ type: "EMIT_SOCKET", bsock }), {
      code: "BAD_ACTION",
      message: /mine/,
    });
  }
  assert.equal(Line.made.length, 1, "the socket is still there");
  assert.deepEqual(Line.only.take(), []);
});

test("a key that comes twice, late or not at all is asked for once", async () => {
  const store = makeStore(bsockMiddleware);
  /** @type {((key: string) => void)[]} */
  const give = [];
  const apiKey = () => ({
    then(/** @type {(key: string) => void} */ settle) {
      give.push(settle);
    },
  });
  await store.connect({ apiKey });
  const first = Line.only;
  first.readyState = 1;
  first.onopen({});
  first.say('0{"pingInterval":25000,"pingTimeout":60000}', "40");
  await pause();
  give[0]("k");
  give[0]("k");
  await pause();
  assert.deepEqual(first.take(), ['420["auth","k"]']);
  await store.connect({ port: 2, apiKey });
  const second = Line.only;
  second.readyState = 1;
  second.onopen({});
  second.say('0{"pingInterval":25000,"pingTimeout":60000}', "40");
  await pause();
  store.disconnect();
  give[1]("k");
  await pause();
  assert.deepEqual(second.sent, []);
});

test("two stores nest in each other, and an end is told to each", async () => {
  const listeners = [{ event: "e", actionType: "E" }];
  const a = await connected({ listeners });
  const lineA = Line.made.splice(0)[0];
  const b = await connected({ listeners });
  const lineB = Line.only;
  a.react = ({ type, payload }) => {
    if (type === "E" && payload[0] > 0) lineB.say(`42["e",${payload[0] - 1}]`);
  };
  b.react = ({ type, payload }) => {
    if (type === "E" && payload[0] > 0) {
      b.emit({ n: payload[0] });
      lineA.say(`42["e",${payload[0] - 1}]`);
    }
  };
  lineA.say('42["e",20]');
  const told = (/** @type {any[]} */ log) =>
    log.filter(({ type }) => type === "E").map(({ payload }) => payload[0]);
  assert.deepEqual(told(a.log), [20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0]);
  assert.deepEqual(told(b.log), [19, 17, 15, 13, 11, 9, 7, 5, 3, 1]);
  assert.equal(lineB.take().length, 10);
});
