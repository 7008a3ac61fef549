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

test("connecting hands the target to the middleware as it is", (t) => {
  const page = connecting(t);
  assert.equal(page.connection().stage, "asked");
  assert.equal(page.connection().url, "ws://127.0.0.1:5000/socket.io/");
  assert.deepEqual(page.emitted[0].bsock, TARGET);
});

test("the URL brackets IPv6 and knows TLS", () => {
  assert.equal(
    urlOf({ ...TARGET, host: "::1", ssl: true }),
    "wss://[::1]:5000/socket.io/",
  );
});

test("disconnecting asks the middleware", (t) => {
  const page = connecting(t);
  page.panel.disconnectSocket();
  assert.equal(page.emitted.at(-1).type, "DISCONNECT_SOCKET");
  assert.deepEqual(page.emitted.at(-1).bsock, {});
});

test("what a close said is kept until it is connected again", (t) => {
  const page = connecting(t);
  page.dispatch({ type: "SOCKET_CONNECTED" });
  assert.equal(page.connection().reached, true);
  for (const [payload, said] of /** @type {const} */ ([
    [{ code: 1006, reason: "" }, "The WebSocket closed with code 1006."],
    [
      { code: 1001, reason: "going away" },
      "The WebSocket closed with code 1001: going away.",
    ],
  ])) {
    page.dispatch({ type: "SOCKET_CLOSED", payload });
    assert.equal(page.connection().closed, said);
  }
  page.dispatch({ type: "SOCKET_CONNECTED" });
  assert.equal(page.connection().closed, "");
});

test("another server has not been reached yet", (t) => {
  const page = connecting(t);
  page.dispatch({ type: "SOCKET_CONNECTED" });
  page.panel.connectSocket({ ...TARGET, port: 5001 });
  assert.equal(page.connection().reached, false);
});

test("a module that does not load is a stage of its own", (t) => {
  const page = connecting(t);
  page.dispatch(changed({ stage: "broken", fault: "404" }));
  assert.equal(page.connection().stage, "broken");
  assert.equal(page.connection().fault, "404");
});
