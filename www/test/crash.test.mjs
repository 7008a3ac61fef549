// @ts-check
//
// A module that traps: whoever waits is told, nothing of it goes on, and the
// next action starts a new one. And a load that fails, which may be tried again
// by whoever hears of it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, test } from "node:test";
import { external } from "./built.mjs";
import { Line, end, makeStore } from "./line.mjs";

const { default: bsockMiddleware, load } = external;
const wasm = await readFile(new URL("../dist/bsock.wasm", import.meta.url));

/** The export that is to trap, if it is called. */
let broken = "";

// The module as the engine makes it, but for exports that can be broken.
const instantiate = WebAssembly.instantiate;
Object.assign(WebAssembly, {
  /** @param {[any, any]} source */
  async instantiate(...source) {
    const instance = /** @type {any} */ (await instantiate(...source));
    const exports = { ...instance.exports };
    for (const [name, value] of Object.entries(instance.exports))
      if (typeof value === "function")
        exports[name] = (/** @type {any[]} */ ...args) => {
          if (name === broken)
            throw new WebAssembly.RuntimeError("unreachable");
          return value(...args);
        };
    return Object.create(instance, { exports: { value: exports } });
  },
});

afterEach(() => {
  broken = "";
  end();
});

const crashed = { code: "MODULE_CRASHED", message: /unreachable/ };

test("a load that fails can be tried again by who is told of it", async () => {
  const store = makeStore(bsockMiddleware);
  /** @type {Promise<unknown> | undefined} */
  let second;
  store.react = ({ type }) => {
    if (type === "SOCKET_ERROR" && second === undefined) {
      second = store.connect();
      load({ wasm });
    }
  };
  const first = store.connect();
  await assert.rejects(load(), { code: "LOAD_FAILED" });
  await assert.rejects(first, { code: "LOAD_FAILED" });
  const [early] = Line.made; // dialled for the first, while its module was on its way
  early.open();
  assert.equal(early.readyState, 3, "nobody takes it");
  await second;
  Line.only.open();
  assert.deepEqual(store.types(), ["SOCKET_ERROR", "SOCKET_CONNECTED"]);
});

test("a crash ends all that is under way, and the next action starts anew", async () => {
  const store = makeStore(bsockMiddleware);
  await store.connect();
  const line = Line.only.open();
  const call = store.emit({ acknowledge() {} });
  broken = "handleHead";
  line.say('42["e"]');
  broken = "";
  await assert.rejects(call, crashed);
  assert.equal(line.readyState, 3);
  assert.deepEqual(store.types(), ["SOCKET_CONNECTED", "SOCKET_ERROR"]);
  await store.connect();
  Line.only.open();
  assert.equal(store.types().at(-1), "SOCKET_CONNECTED");
});

test("a crash is told of every socket, whose state says it", async () => {
  const store = makeStore(bsockMiddleware);
  await store.connect();
  Line.only.open();
  await store.dispatch({
    type: "CONNECT_SOCKET",
    bsock: { port: 2 },
    meta: { socket: "other" },
  });
  Line.made[1].open();
  broken = "handleEmit";
  await assert.rejects(store.emit({}), crashed);
  broken = "";
  const { socketReducer, selectStatus, selectError } = external;
  const sockets = store.log.reduce(socketReducer, undefined);
  for (const socket of ["default", "other"]) {
    assert.equal(selectStatus(sockets, socket), "disconnected", socket);
    assert.equal(selectError(sockets, socket)?.code, "MODULE_CRASHED", socket);
  }
  assert.deepEqual(
    Line.made.map(({ readyState }) => readyState),
    [3, 3],
  );
});

for (const [what, act] of /** @type {[string, (store: any) => any][]} */ ([
  ["an emit", (store) => store.emit({})],
  ["a disconnect", (store) => store.disconnect()],
  ["a connect", (store) => store.connect({ port: 2 })],
]))
  test(`${what} at which it crashes is rejected, once`, async () => {
    const store = makeStore(bsockMiddleware);
    await store.connect();
    Line.only.open();
    broken =
      { emit: "handleEmit", disconnect: "handleDisconnect" }[
        what.split(" ")[1]
      ] ?? "handleConnect";
    const promise = act(store);
    broken = "";
    await assert.rejects(promise, crashed);
    assert.equal(store.errors().length, 1);
    assert.equal(Line.made[0].readyState, 3);
  });

test("so is one that had waited for the module", async () => {
  const running = makeStore(bsockMiddleware);
  await running.connect();
  const store = makeStore(bsockMiddleware);
  broken = "handleConnect";
  // Held: a store is not made from inside a call of another's.
  /** @type {Promise<unknown> | undefined} */
  let held;
  running.react = () => {
    held ??= store.connect();
  };
  Line.only.open();
  await assert.rejects(/** @type {Promise<unknown>} */ (held), crashed);
  broken = "";
  running.react = () => {};
  assert.ok(running.errors().length === 1 && store.errors().length === 1);
  await store.connect();
  assert.equal(Line.made.filter((line) => line.readyState < 2).length, 1);
});

test("a key that comes after the crash goes nowhere", async () => {
  const store = makeStore(bsockMiddleware);
  /** @type {(key: string) => void} */
  let give = () => {};
  const apiKey = () =>
    new Promise((resolve) => {
      give = resolve;
    });
  await store.connect({ apiKey });
  const line = Line.only;
  line.readyState = 1;
  line.onopen({});
  line.say('0{"pingInterval":25000,"pingTimeout":60000}', "40");
  broken = "handleEmit";
  await assert.rejects(store.emit({}), crashed);
  broken = "handleKey";
  const next = store.connect();
  give("k");
  await next;
  assert.equal(Line.only, Line.made[1]);
  assert.equal(store.errors().length, 1);
});
