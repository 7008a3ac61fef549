// @ts-check
//
// What Redux asks of a middleware, one demand each, of the middleware alone: no
// store is needed to see whether it keeps them.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { EchoWebSocket, built, connect, until } from "./redux-world.mjs";

const { default: bsockMiddleware, broadcast, disconnectSocket } = built;
const { compile } = WebAssembly;

/** @type {any[]} what was dispatched */
let log = [];
/** @type {any} what the next middleware is */
let next;
/** @type {(action: any) => any} */
let handle;

const store = {
  dispatch: (/** @type {any} */ action) => void log.push(action),
  getState: () => ({}),
};

beforeEach(() => {
  log = [];
  EchoWebSocket.made = [];
  globalThis.WebSocket = /** @type {any} */ (EchoWebSocket);
  next = (/** @type {any} */ action) => action;
  handle = bsockMiddleware()(store)((action) => next(action));
});
afterEach(() => {
  WebAssembly.compile = compile;
  handle(disconnectSocket());
});

test("each of its three functions takes one argument", () => {
  const middleware = bsockMiddleware({ listeners: [] });
  for (const made of [middleware, middleware(store), handle]) {
    assert.equal(typeof made, "function");
    assert.equal(made.length, 1);
  }
});

/** @type {[what: string, action: any][]} */
const foreign = [
  ["a plain action", { type: "x" }],
  ["an action whose bsock is null", { type: "CONNECT_SOCKET", bsock: null }],
  ["an action of ours without a bsock", { type: "EMIT_SOCKET" }],
  ["an action with a bsock that is not ours", { type: "x", bsock: {} }],
  ["a frozen action", Object.freeze({ type: "x" })],
  ["a function, which thunk has let pass", () => {}],
  ["a promise", Promise.resolve()],
  ["nothing at all", undefined],
];

for (const [what, action] of foreign) {
  test(`${what} goes to next as the identical object`, () => {
    /** @type {any[]} */
    const passed = [];
    next = (...args) => passed.push(args);
    handle(action);
    assert.equal(passed.length, 1);
    assert.equal(passed[0].length, 1);
    assert.equal(passed[0][0], action);
  });

  test(`${what} gives back what next returns, at once`, () => {
    const value = {};
    next = () => value;
    assert.equal(handle(action), value);
  });

  test(`what next throws at ${what} reaches the caller`, () => {
    const thrown = new Error("of a reducer");
    next = () => {
      throw thrown;
    };
    assert.throws(
      () => handle(action),
      (error) => error === thrown,
    );
  });
}

test("it dispatches nothing while the store is being made", () => {
  bsockMiddleware({ listeners: [{ event: "a", actionType: "A" }] })({
    dispatch() {
      throw new Error("Dispatching while constructing your middleware");
    },
    getState: () => ({}),
  })(next);
});

test("an action of ours does not reach next, and gives back a promise", async () => {
  /** @type {any[]} */
  const passed = [];
  next = (action) => passed.push(action);
  const given = [
    handle(connect),
    handle(broadcast("watch chain")),
    handle(disconnectSocket()),
  ];
  for (const promise of given) assert.ok(promise instanceof Promise);
  await Promise.allSettled(given);
  assert.deepEqual(passed, []);
});

test("an emit goes to next where nobody has ever connected", async () => {
  const action = broadcast("watch chain");
  const value = {};
  /** @type {any[]} */
  const passed = [];
  next = (/** @type {any} */ given) => {
    passed.push(given);
    return value;
  };
  assert.equal(await handle(action), value, "the promise of what next returns");
  assert.equal(handle(action), value, "or that itself, once the module runs");
  assert.equal(passed[0], action);
  assert.equal(passed[1], action);
});

test("what is not ours loads no module, whatever it is", () => {
  WebAssembly.compile = () => assert.fail("a module was compiled");
  for (const [, action] of foreign) handle(action);
  assert.deepEqual(EchoWebSocket.made, []);
});

test("stores do not share a socket", async () => {
  /** @type {any[]} */
  const other = [];
  const second = bsockMiddleware()({
    dispatch: (action) => void other.push(action),
    getState: () => ({}),
  })(next);
  handle(connect);
  await until(log, "SOCKET_CONNECTED");
  assert.deepEqual(other, []);
  second(connect);
  await until(other, "SOCKET_CONNECTED");
  second(disconnectSocket());
  assert.deepEqual(
    log.map(({ type }) => type),
    ["SOCKET_STATUS", "SOCKET_CONNECTING", "SOCKET_STATUS", "SOCKET_CONNECTED"],
  );
});
