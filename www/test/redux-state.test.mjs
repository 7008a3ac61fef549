// @ts-check
//
// The state that socketReducer makes, and what the selectors say of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { main as built } from "./built.mjs";

const {
  createSelectors,
  selectSocket,
  selectSockets,
  selectStatus,
  socketReducer,
} = built;

/** Those that take the state of socketReducer, by their names. */
const selectors = Object.fromEntries(
  Object.entries(built).filter(([name]) => name.startsWith("select")),
);

/** @typedef {{type: string, payload?: any, meta?: any}} Action */

/** What SOCKET_STATUS says at first. */
const idle = {
  status: "disconnected",
  since: 0,
  attempt: 0,
  retryAt: 0,
  latency: null,
  queued: 0,
};

const never = { ...idle, error: null };

/**
 * @param {object} fields
 * @param {string} [socket]
 * @returns {Action}
 */
const status = (fields, socket) => ({
  type: "SOCKET_STATUS",
  payload: { ...idle, ...fields },
  ...(socket && { meta: { socket } }),
});

/** @param {...Action} actions */
const after = (...actions) =>
  actions.reduce(
    (state, action) => socketReducer(state, action),
    socketReducer(undefined, { type: "@@INIT" }),
  );

test("at first there is one socket, which is disconnected", () => {
  assert.deepEqual(after(), { default: never });
});

test("a status is taken over, and the error is kept until it is connected", () => {
  const error = Object.assign(new TypeError("Refused."), {
    code: "CONNECT_FAILED",
    emit: { type: "a", message: "b" },
  });
  const failing = after(
    status({ status: "connecting", since: 1, attempt: 1 }),
    { type: "SOCKET_ERROR", payload: error },
    status({ status: "reconnecting", since: 2, attempt: 2, retryAt: 9 }),
  );
  assert.deepEqual(failing.default, {
    ...never,
    status: "reconnecting",
    since: 2,
    attempt: 2,
    retryAt: 9,
    error: {
      name: "TypeError",
      message: "Refused.",
      code: "CONNECT_FAILED",
    },
  });
  const { error: cleared } = socketReducer(failing, {
    type: "SOCKET_CONNECTED",
  }).default;
  assert.equal(cleared, null);
});

test("an error without a code has none in the state", () => {
  const { error } = after({
    type: "SOCKET_ERROR",
    payload: new Error("No."),
  }).default;
  assert.deepEqual(error, { name: "Error", message: "No." });
});

for (const payload of [undefined, null, "No."])
  test(`an error of somebody else's is one too: ${payload}`, () => {
    const { error } = after({ type: "SOCKET_ERROR", payload }).default;
    assert.deepEqual(error, { name: "Error", message: "" });
  });

test("each socket has a state of its own", () => {
  const state = after(
    status({ status: "connected", latency: 7 }),
    status({ status: "failed" }, "other"),
    { type: "SOCKET_ERROR", payload: new Error("No."), meta: { socket: "b" } },
  );
  assert.deepEqual(Object.keys(state), ["default", "other", "b"]);
  assert.equal(selectStatus(state), "connected");
  assert.equal(selectStatus(state, "other"), "failed");
  assert.equal(built.selectLatency(state, "other"), null);
  assert.equal(built.selectError(state, "b")?.message, "No.");
  assert.equal(built.selectError(state), null);
});

test("what changes nothing leaves the state the same object", () => {
  const before = after(status({ status: "connected", since: 5 }));
  for (const action of [
    status({ status: "connected", since: 5 }),
    { type: "SOCKET_CONNECTED" },
    { type: "SOCKET_CLOSED", payload: { code: 1006 } },
    { type: "ANYTHING", payload: 1 },
  ])
    assert.equal(socketReducer(before, action), before, String(action.type));
});

test("the state that was is not touched", () => {
  const before = after(status({ queued: 1 }));
  const copy = structuredClone(before);
  socketReducer(before, status({ queued: 2 }));
  socketReducer(before, status({ queued: 2 }, "other"));
  assert.deepEqual(before, copy);
});

test("a socket that nobody has heard of is disconnected, whatever its name", () => {
  for (const name of ["other", "constructor", "__proto__", "toString"])
    assert.deepEqual(selectSocket(after(), name), never, name);
});

test("a socket may have the name of what every object has", () => {
  for (const name of ["constructor", "toString"]) {
    const state = after(status({ status: "connected" }, name));
    assert.equal(selectStatus(state, name), "connected");
  }
});

test("each selector says its field", () => {
  const socket = /** @type {const} */ ({
    status: "connected",
    since: 1,
    attempt: 2,
    retryAt: 3,
    error: { name: "Error", message: "m" },
    latency: 4,
    queued: 5,
  });
  const state = { default: socket };
  for (const [field, value] of Object.entries(socket)) {
    const name = `select${field[0].toUpperCase()}${field.slice(1)}`;
    const select = /** @type {any} */ (selectors)[name];
    assert.equal(select(state), value, name);
    assert.equal(select(state, "default"), value, name);
  }
  assert.equal(built.selectIsConnected(state), true);
  assert.equal(built.selectIsConnected(state, "other"), false);
});

test("the names are the same array as long as they are the same names", () => {
  const one = after(status({ queued: 1 }, "b"));
  const two = socketReducer(one, status({ queued: 2 }, "b"));
  assert.notEqual(one, two);
  assert.deepEqual(selectSockets(one), ["default", "b"]);
  assert.equal(selectSockets(one), selectSockets(two));
  const three = socketReducer(two, status({}, "c"));
  assert.deepEqual(
    selectSockets(three),
    ["default", "b"],
    "c says nothing new",
  );
  const four = socketReducer(two, status({ queued: 1 }, "c"));
  assert.deepEqual(selectSockets(four), ["default", "b", "c"]);
});

test("createSelectors makes all of them for the store's state", () => {
  const made = createSelectors(
    (/** @type {{net: any}} */ { net }) => net.sockets,
  );
  assert.deepEqual(Object.keys(made).sort(), Object.keys(selectors).sort());
  const sockets = after(status({ status: "connected", queued: 3 }, "b"));
  const state = { net: { sockets } };
  for (const [name, select] of Object.entries(made)) {
    const plain = /** @type {any} */ (selectors)[name];
    const whole = /** @type {any} */ (select);
    assert.deepEqual(whole(state, "b"), plain(sockets, "b"), name);
    assert.deepEqual(whole(state), plain(sockets), name);
  }
});
