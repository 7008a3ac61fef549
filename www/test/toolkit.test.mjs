// @ts-check
//
// Redux Toolkit checks in development that actions and state can be serialized
// and are not mutated, and writes to the console what is not so. With the
// options made for it, the middleware gives it nothing to write.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { configureStore } from "@reduxjs/toolkit";
import { FakeWebSocket } from "./bench/fake-websocket.mjs";
import { main } from "./built.mjs";

const { default: bsockMiddleware, selectStatus, socketReducer } = main;

/** The checks, but not their complaints of being slow on a busy machine. */
const unhurried = { warnAfter: Infinity };

/** @type {unknown[][]} what was written to the console */
let written = [];
const { error, warn, log } = console;

beforeEach(() => {
  written = [];
  globalThis.WebSocket = /** @type {any} */ (FakeWebSocket);
  console.error = console.warn = console.log = (...args) => written.push(args);
});
afterEach(() => Object.assign(console, { error, warn, log }));

/** What Redux says itself, and what only says how the socket stands. */
const standing = /^@@|^SOCKET_(STATUS|CONNECTING|RECONNECTING)$/;

/** @param {Uint8Array} bytes */
const hex = (bytes) => Buffer.from(bytes).toString("hex");

/**
 * @param {object} options
 * @returns {Promise<{store: any, log: any[]}>} a store that is connected, and
 *   the actions that reach its reducer
 */
async function connected(options) {
  /** @type {any[]} */
  const seen = [];
  const store = configureStore({
    reducer: {
      actions: (/** @type {any[]} */ state = [], action) => {
        seen.push(action);
        return action.type.startsWith("@@") ? state : [...state, action];
      },
      sockets: socketReducer,
    },
    middleware: (defaults) =>
      defaults({
        immutableCheck: unhurried,
        serializableCheck: unhurried,
      }).concat(
        bsockMiddleware({
          listeners: [{ event: "block", actionType: "BLOCK" }],
          ...options,
        }),
      ),
  });
  store.dispatch(
    /** @type {any} */ ({ type: "CONNECT_SOCKET", bsock: { port: 5000 } }),
  );
  await until(() => seen.some(({ type }) => type === "SOCKET_CONNECTED"));
  return { store, log: seen };
}

/** @param {() => boolean} happened */
async function until(happened) {
  const end = Date.now() + 10_000;
  while (!happened()) {
    assert.ok(Date.now() < end, "it does not come");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** @param {any} store */
async function work(store) {
  const socket = FakeWebSocket.latest;
  socket.deliver('42["block",{"height":1}]');
  socket.deliver('451-["block",{"_placeholder":true,"num":0}]');
  socket.deliver(new Uint8Array([4, 0xca, 0xfe]).buffer);
  socket.deliver("7");
  const answer = store.dispatch({
    type: "EMIT_SOCKET",
    bsock: { type: "dispatch", message: "get tip" },
    meta: { ack: "TIP", timeout: 5000 },
  });
  socket.deliver('431[null,{"height":7}]');
  const refused = store.dispatch({
    type: "EMIT_SOCKET",
    bsock: { type: "dispatch", message: "get it" },
    meta: { ack: "IT" },
  });
  socket.deliver('432[{"message":"No.","type":"APIError","code":7}]');
  socket.onclose?.({ code: 1006, reason: "" });
  assert.deepEqual(await answer, { height: 7 });
  await assert.rejects(refused, /^Error: No\.$/);
}

test("the checks of Redux Toolkit find nothing to say", async () => {
  const { store, log } = await connected({ plainErrors: true, binary: hex });
  assert.equal(selectStatus(store.getState().sockets), "connected");
  await work(store);
  assert.equal(
    store.getState().sockets.default.error.code,
    "ABNORMAL_CLOSURE",
    "the state has the last error, as plain fields",
  );
  store.dispatch({ type: "DISCONNECT_SOCKET", bsock: {} });
  assert.deepEqual(
    log.filter(({ type }) => !standing.test(type)),
    [
      { type: "SOCKET_CONNECTED" },
      { type: "BLOCK", payload: [{ height: 1 }] },
      { type: "BLOCK", payload: ["cafe"] },
      {
        type: "SOCKET_ERROR",
        payload: {
          name: "Error",
          message: "Unknown frame type '7'.",
          code: "PROTOCOL_ERROR",
        },
      },
      { type: "TIP", payload: { height: 7 } },
      {
        type: "SOCKET_ERROR",
        payload: {
          name: "Error",
          message: "No.",
          code: 7,
          type: "APIError",
          emit: { type: "dispatch", message: "get it" },
        },
      },
      {
        type: "SOCKET_CLOSED",
        payload: { code: 1006, reason: "", willRetry: true },
      },
      {
        type: "SOCKET_ERROR",
        payload: {
          name: "Error",
          message: "Websocket Closed: Unknown reason (code=ABNORMAL_CLOSURE).",
          code: "ABNORMAL_CLOSURE",
        },
      },
      { type: "SOCKET_DISCONNECTED" },
    ],
  );
  assert.deepEqual(written, []);
});

test("without them it finds the Error and the bytes", async () => {
  const { store } = await connected({});
  await work(store);
  store.dispatch({ type: "DISCONNECT_SOCKET", bsock: {} });
  const told = written.map((args) => String(args[0]));
  assert.ok(told.length > 0);
  for (const line of told) assert.match(line, /non-serializable/);
});
