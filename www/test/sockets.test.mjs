// @ts-check
//
// Several sockets in one middleware: each action finds its own, and each socket
// knows nothing of the others. Over WebSockets that are the test's.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { main } from "./built.mjs";
import { Line, end, makeStore, newsOf } from "./line.mjs";

const { default: bsockMiddleware, broadcast, withMeta } = main;

afterEach(end);

/**
 * What the store was told by a socket.
 *
 * @param {any} store
 * @param {string} socket
 */
const told = (store, socket) =>
  newsOf(
    store.log.filter((/** @type {any} */ { meta }) => meta?.socket === socket),
  );

/**
 * Connects sockets, and opens their lines.
 *
 * @param {any} store
 * @param {...string} sockets
 */
async function connect(store, ...sockets) {
  for (const [i, socket] of sockets.entries())
    await store.dispatch({
      type: "CONNECT_SOCKET",
      bsock: { port: 1000 + i },
      meta: socket === "default" ? undefined : { socket },
    });
  return sockets.map((_, i) =>
    /** @type {Line} */ (
      Line.made.find(({ url }) => url.includes(`:${1000 + i}/`))
    ).open(),
  );
}

test("each emit goes to its own socket, and nothing to the others", async () => {
  const store = makeStore(bsockMiddleware);
  const lines = await connect(store, "default", "a", "b");
  for (const line of lines) line.take();
  await store.dispatch(broadcast("to nobody in particular"));
  await store.emit({ message: "to the default" }, { socket: "default" });
  await store.emit({ message: "to a" }, { socket: "a" });
  await store.dispatch(withMeta(broadcast("to b"), { socket: "b" }));
  assert.deepEqual(
    lines.map((line) => line.take()),
    [
      [
        '42["broadcast","to nobody in particular"]',
        '42["broadcast","to the default"]',
      ],
      ['42["broadcast","to a"]'],
      ['42["broadcast","to b"]'],
    ],
  );
});

test("what comes from a socket says so, but from the default one", async () => {
  const listeners = [
    { event: "e", actionType: "DEFAULT" },
    { event: "e", actionType: "A", socket: "a" },
    { event: "e", actionType: "ALL", socket: "*" },
  ];
  const store = makeStore(bsockMiddleware, { listeners });
  const [first, second] = await connect(store, "default", "a");
  store.log.length = 0;
  first.say('42["e",1]');
  second.say('42["e",2]');
  const a = { meta: { socket: "a" } };
  assert.deepEqual(store.log, [
    { type: "DEFAULT", payload: [1] },
    { type: "ALL", payload: [1] },
    { type: "A", payload: [2], ...a },
    { type: "ALL", payload: [2], ...a },
  ]);
});

for (const socket of /** @type {any[]} */ (["", 7, {}, ["a"]]))
  test(`no listener is for the socket ${JSON.stringify(socket)}`, async (t) => {
    t.mock.method(console, "error", () => {});
    const listeners = [
      { event: "e", actionType: "DEFAULT" },
      { event: "e", actionType: "LOST", socket },
    ];
    const store = makeStore(bsockMiddleware, { listeners });
    await assert.rejects(store.connect(), {
      code: "BAD_OPTION",
      message: /^listeners\[1\]\.socket must be the name of a socket/,
    });
    assert.deepEqual(store.types(), ["SOCKET_ERROR"]);
    assert.deepEqual(Line.made, []);
  });

test("one is disconnected, the other goes on", async () => {
  const store = makeStore(bsockMiddleware);
  const [first, second] = await connect(store, "default", "a");
  await store.disconnect({ socket: "a" });
  assert.deepEqual([first, second].map(isOpen), [true, false]);
  assert.deepEqual(told(store, "a"), [
    "SOCKET_CONNECTED",
    "SOCKET_DISCONNECTED",
  ]);
  await store.disconnect();
  assert.equal(isOpen(first), false);
});

/** @param {Line} line */
const isOpen = ({ readyState }) => readyState < 2;

test("what waits for the module is let go in one order", async () => {
  // A copy of its own, which is not loaded yet.
  const { default: fresh } = await import(
    new URL("../dist/index.mjs?sockets", import.meta.url).href
  );
  const store = makeStore(fresh);
  /** @type {string[]} */
  const passed = [];
  store.react = ({ type, bsock }) => {
    if (type === "EMIT_SOCKET") passed.push(bsock.message);
  };
  // Nobody has connected those, so they are passed on, in order.
  const sockets = ["b", undefined, "a", "b", "default", "c", "a"];
  const promises = sockets.map((socket, i) =>
    store.emit({ message: String(i) }, socket && { socket }),
  );
  assert.deepEqual(passed, []);
  await Promise.all(promises);
  assert.deepEqual(passed, ["0", "1", "2", "3", "4", "5", "6"]);
});

test("a socket may be connected from inside what another says", async () => {
  const store = makeStore(bsockMiddleware);
  store.react = ({ type, meta }) => {
    if (type !== "SOCKET_CONNECTED" || meta) return;
    const socket = { socket: "inside" };
    store.dispatch({
      type: "CONNECT_SOCKET",
      bsock: { port: 7 },
      meta: socket,
    });
    store.emit({ message: "first" }, socket);
    store.emit({ message: "second" }, socket);
  };
  const [first] = await connect(store, "default");
  await null;
  const inside = Line.made.find((line) => line !== first);
  assert.deepEqual(inside?.open().take(), [
    '420["auth",null]',
    '42["broadcast","first"]',
    '42["broadcast","second"]',
  ]);
});

for (const [socket, got] of /** @type {[any, RegExp][]} */ ([
  ["", /an empty one/],
  [2, /number/],
  [null, /null/],
  [{}, /object/],
]))
  test(`a socket is not called ${JSON.stringify(socket)}`, async () => {
    const store = makeStore(bsockMiddleware);
    const wrong = { code: "BAD_ACTION", message: got, name: "TypeError" };
    await assert.rejects(store.emit({ type: "x" }, { socket }), {
      ...wrong,
      emit: { type: "x", message: "m" },
    });
    await assert.rejects(
      store.dispatch({
        type: "CONNECT_SOCKET",
        bsock: { port: 1 },
        meta: { socket },
      }),
      wrong,
    );
    assert.deepEqual(store.types(), ["SOCKET_ERROR", "SOCKET_ERROR"]);
    assert.deepEqual(Line.made, []);
  });

test("an error says nothing of a key that was emitted", async () => {
  const store = makeStore(bsockMiddleware);
  await store.connect();
  const shown = { emit: { type: "auth", message: "[redacted]" } };
  const key = { type: "auth", message: "s3cret" };
  await assert.rejects(store.emit(key, { queue: "fail" }), shown);
  await assert.rejects(store.emit(key, { socket: "" }), shown);
  const wrong = { type: "auth", message: { key: "s3cret" } };
  await assert.rejects(store.emit(wrong), shown);
  assert.equal(store.errors().length, 3);
  for (const error of store.errors()) {
    assert.doesNotMatch(JSON.stringify([error, error.message]), /s3cret/);
  }
});

test("a name that cannot be read is an error, and nothing is thrown", async () => {
  const store = makeStore(bsockMiddleware);
  const meta = {
    get socket() {
      throw new Error("of a getter");
    },
  };
  await assert.rejects(store.emit({}, meta), { code: "BAD_ACTION" });
});

test("there are a hundred sockets at most, and that is told", async () => {
  const store = makeStore(bsockMiddleware);
  const names = Array.from({ length: 101 }, (_, i) => `socket ${i}`);
  const settled = await Promise.allSettled(
    names.map((socket) => store.emit({}, { socket })),
  );
  const refused = settled.filter(({ status }) => status === "rejected");
  assert.equal(refused.length, 1);
  const { reason } = /** @type {any} */ (settled[100]);
  assert.equal(reason.code, "BAD_ACTION");
  assert.match(reason.message, /100 sockets already, and "socket 100"/);
  assert.deepEqual(store.errors(), [reason]);
  await store.emit({}, { socket: names[99] });
});
