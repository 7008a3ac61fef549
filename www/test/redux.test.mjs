// @ts-check
//
// One session in every Redux there is: what bPanel has, what is current, and
// what stands around it. They differ in what their dispatch accepts and in what
// comes before the middleware.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { configureStore } from "@reduxjs/toolkit";
import * as redux5 from "redux";
import createSaga from "redux-saga";
import { putResolve, take } from "redux-saga/effects";
import { thunk as thunk3 } from "redux-thunk";
import redux3 from "redux3";
import redux4 from "redux4";
import thunk2Module from "thunk2";
import { EchoWebSocket, built, connect, until } from "./redux-world.mjs";

const {
  default: bsockMiddleware,
  broadcast,
  disconnectSocket,
  dispatchCallFor,
  subscribe,
} = built;

// Node gives a module of CommonJS a default of its own.
const { default: thunk2 } = /** @type {any} */ (thunk2Module);

/** @typedef {(reducer: any, middleware: any) => any} MakeStore */

/**
 * Makes stores as applications have made them with createStore.
 *
 * @param {any} redux
 * @param {...any} before the middleware that comes first
 * @returns {MakeStore}
 */
function classic(redux, ...before) {
  const createStore = redux.legacy_createStore ?? redux.createStore;
  return (reducer, middleware) =>
    createStore(reducer, redux.applyMiddleware(...before, middleware));
}

/** @type {MakeStore} */
const toolkit = (reducer, middleware) =>
  configureStore({
    reducer,
    middleware: (getDefault) => getDefault().concat(middleware),
  });

/** @type {[name: string, make: MakeStore, hasThunk: boolean][]} */
const kits = [
  ["Redux 3.7.2 with redux-thunk 2.2.0", classic(redux3, thunk2), true],
  ["Redux 4", classic(redux4), false],
  ["Redux 5 with redux-thunk 3", classic(redux5, thunk3), true],
  ["Redux Toolkit 2", toolkit, true],
  ["Redux 5 with redux-saga", classic(redux5, createSaga()), false],
];

/** @type {any[]} every action that reached the reducer */
let log = [];

beforeEach(() => {
  log = [];
  EchoWebSocket.made = [];
  globalThis.WebSocket = /** @type {any} */ (EchoWebSocket);
});

/** @param {{type: string}} action */
function reducer(state = 0, action) {
  if (action.type === "THROW") throw new Error("of the reducer");
  log.push(action);
  return state + 1;
}

/** @param {any} store */
async function connected(store) {
  store.dispatch(connect);
  await until(log, "SOCKET_CONNECTED");
  return EchoWebSocket.made[EchoWebSocket.made.length - 1];
}

for (const [name, make, hasThunk] of kits) {
  const listeners = [{ event: "new block", actionType: "ADD_NEW_BLOCK" }];

  test(`${name}: connects, emits, calls and listens`, async () => {
    const store = make(reducer, bsockMiddleware({ listeners }));
    const socket = await connected(store);
    await store.dispatch(broadcast("watch chain"));
    await store.dispatch(subscribe("block connect", "new block"));
    const joining = store.dispatch(dispatchCallFor("JOINED", "wallet join", 1));
    assert.equal(await joining, "wallet join");
    assert.equal((await until(log, "JOINED")).payload, "wallet join");
    socket.deliver('42["new block",{"height":1},[]]');
    const { payload } = await until(log, "ADD_NEW_BLOCK");
    assert.deepEqual(payload, [{ height: 1 }, []]);
    assert.deepEqual(socket.frames, [
      '420["auth",null]',
      '42["broadcast","watch chain"]',
      '42["subscribe","block connect","new block"]',
      '421["dispatch","wallet join",1]',
    ]);
    store.dispatch(disconnectSocket());
    await until(log, "SOCKET_DISCONNECTED");
  });

  test(`${name}: other actions are as they were without it`, () => {
    const store = make(reducer, bsockMiddleware());
    const before = store.getState();
    const action = { type: "OTHER" };
    assert.equal(store.dispatch(action), action);
    assert.equal(log[log.length - 1], action);
    assert.equal(store.getState(), before + 1, "at once");
    assert.throws(() => store.dispatch({ type: "THROW" }), /of the reducer/);
    assert.throws(() => store.dispatch({}), "an action without a type");
  });

  test(`${name}: it may be passed uncalled`, async () => {
    const store = make(reducer, bsockMiddleware);
    await connected(store);
    store.dispatch(disconnectSocket());
    await until(log, "SOCKET_DISCONNECTED");
  });

  if (hasThunk)
    test(`${name}: a thunk hears of the answer`, async () => {
      const store = make(reducer, bsockMiddleware());
      await connected(store);
      const answer = await store.dispatch(
        (/** @type {any} */ dispatch, /** @type {any} */ getState) => {
          assert.equal(getState(), store.getState());
          return dispatch(dispatchCallFor("LEFT", "wallet leave", "primary"));
        },
      );
      assert.equal(answer, "wallet leave");
      store.dispatch(disconnectSocket());
    });
}

test("a saga waits for the socket, calls, and hears of events", async () => {
  const sagas = createSaga();
  const listeners = [{ event: "new block", actionType: "ADD_NEW_BLOCK" }];
  const make = classic(redux5, sagas);
  const store = make(reducer, bsockMiddleware({ listeners }));
  const task = sagas.run(function* () {
    yield take("SOCKET_CONNECTED");
    // putResolve waits for the promise that dispatch returns.
    /** @type {string} */
    const answer = yield putResolve(dispatchCallFor("TIP", "get tip"));
    const { payload } = yield take("ADD_NEW_BLOCK");
    return [answer, payload];
  });
  const socket = await connected(store);
  await until(log, "TIP");
  await null;
  socket.deliver('42["new block",1]');
  assert.deepEqual(await task.toPromise(), ["get tip", [1]]);
  store.dispatch(disconnectSocket());
});

test("SOCKET_CONNECTED goes through the whole chain, and may be answered there", async () => {
  /** @type {string[]} */
  const seen = [];
  const plugin =
    (/** @type {any} */ { dispatch }) =>
    (/** @type {any} */ next) =>
    (/** @type {any} */ action) => {
      seen.push(action.type);
      if (action.type === "SOCKET_CONNECTED")
        dispatch(broadcast("watch chain"));
      return next(action);
    };
  const store = classic(redux5, plugin)(reducer, bsockMiddleware());
  const socket = await connected(store);
  assert.deepEqual(seen, [
    "CONNECT_SOCKET",
    "SOCKET_STATUS",
    "SOCKET_CONNECTING",
    "SOCKET_STATUS",
    "SOCKET_CONNECTED",
    "EMIT_SOCKET",
  ]);
  assert.equal(socket.frames[1], '42["broadcast","watch chain"]');
  store.dispatch(disconnectSocket());
});
