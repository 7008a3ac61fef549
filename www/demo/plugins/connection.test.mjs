import assert from "node:assert/strict";
import { test } from "node:test";

import { changed, urlOf } from "./connection.js";
import { fixture } from "./fixture.mjs";

const TARGET = {
  host: "127.0.0.1",
  port: 5000,
  ssl: false,
  namespace: "socket.io",
};

/** @param {import("node:test").TestContext} t */
function connecting(t) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = fixture();
  page.panel.connectSocket(TARGET);
  return { ...page, connection: () => page.state().connection };
}

const refused = Object.assign(new Error("Invalid API key."), {
  code: "AUTH_FAILED",
});

test("connecting hands the target to the middleware as it is", (t) => {
  const page = connecting(t);
  assert.equal(page.connection().phase, "connecting");
  assert.equal(page.connection().url, "ws://127.0.0.1:5000/socket.io/");
  assert.deepEqual(page.emitted[0].bsock, TARGET);
});

test("the URL brackets IPv6 and knows TLS", () => {
  assert.equal(
    urlOf({ ...TARGET, host: "::1", ssl: true }),
    "wss://[::1]:5000/socket.io/",
  );
});

test("it is connected when the middleware says so", (t) => {
  const page = connecting(t);
  page.dispatch({ type: "SOCKET_CONNECTED" });
  assert.equal(page.connection().phase, "connected");
});

const error = (/** @type {string} */ code, /** @type {string} */ message) => ({
  type: "SOCKET_ERROR",
  payload: Object.assign(new Error(message), { code }),
});

test("a loss is told at once, and the attempts that fail are counted", (t) => {
  const page = connecting(t);
  page.dispatch({ type: "SOCKET_CONNECTED" });
  page.dispatch({
    type: "SOCKET_CLOSED",
    payload: { code: 1006, reason: "", willRetry: true },
  });
  assert.equal(page.connection().phase, "lost");
  assert.equal(page.connection().fault, "The WebSocket closed with code 1006.");
  for (const failures of [1, 2]) {
    page.dispatch(error("CONNECT_FAILED", "Could not connect."));
    assert.equal(page.connection().phase, "lost");
    assert.equal(page.connection().failures, failures);
    assert.equal(page.connection().fault, "Could not connect.");
  }
  page.dispatch({ type: "SOCKET_CONNECTED" });
  const { failures, fault } = page.connection();
  assert.deepEqual([failures, fault], [0, ""]);
});

test("a connection that was given up says why", (t) => {
  const page = connecting(t);
  page.dispatch({ type: "SOCKET_CONNECTED" });
  page.dispatch({
    type: "SOCKET_CLOSED",
    payload: { code: 1006, reason: "", willRetry: true },
  });
  page.dispatch(error("STALLED", "Connection is stalling (ping)."));
  assert.equal(page.connection().phase, "lost");
  assert.equal(page.connection().fault, "Connection is stalling (ping).");
});

test("a server that was never there is told from one that went away", (t) => {
  const page = connecting(t);
  page.dispatch(error("CONNECT_FAILED", "Could not connect."));
  page.dispatch(error("CONNECT_TIMEOUT", "Timed out."));
  assert.equal(page.connection().phase, "unreached");
  assert.equal(page.connection().failures, 2);
  assert.equal(page.connection().fault, "Timed out.");
});

test("an error that is not the connection's leaves it as it is", (t) => {
  const page = connecting(t);
  page.dispatch({ type: "SOCKET_CONNECTED" });
  const before = page.connection();
  page.dispatch(error("TIMEOUT", "Job timed out."));
  assert.equal(page.connection(), before);
});

test("a refused key is told from a lost connection, whatever closes after", (t) => {
  const page = connecting(t);
  page.dispatch({ type: "SOCKET_ERROR", payload: refused });
  page.dispatch({
    type: "SOCKET_CLOSED",
    payload: { code: 1000, reason: "", willRetry: false },
  });
  assert.equal(page.connection().phase, "refused");
  assert.equal(page.connection().fault, "Invalid API key.");
});

test("a close that will not be retried says so", (t) => {
  const page = connecting(t);
  page.dispatch({
    type: "SOCKET_CLOSED",
    payload: { code: 1011, reason: "going away", willRetry: false },
  });
  assert.equal(page.connection().phase, "ended");
  assert.equal(
    page.connection().fault,
    "The WebSocket closed with code 1011: going away.",
  );
});

test("disconnecting is by request, whichever order its news come in", (t) => {
  const closed = { type: "SOCKET_CLOSED", payload: { willRetry: false } };
  const gone = { type: "SOCKET_DISCONNECTED" };
  for (const order of [
    [closed, gone],
    [gone, closed],
  ]) {
    t.mock.timers.reset();
    const page = connecting(t);
    page.dispatch({ type: "SOCKET_CONNECTED" });
    page.panel.disconnectSocket();
    assert.deepEqual(page.emitted.at(-1).bsock, {});
    order.forEach(page.dispatch);
    assert.equal(page.connection().phase, "disconnected");
    assert.equal(page.connection().fault, "");
  }
});

test("a module that does not load is a phase of its own", (t) => {
  const page = connecting(t);
  page.dispatch(changed("broken", { fault: "404" }));
  assert.equal(page.connection().phase, "broken");
  assert.equal(page.connection().fault, "404");
});
