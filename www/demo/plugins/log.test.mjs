import assert from "node:assert/strict";
import { test } from "node:test";

import { fixture } from "./fixture.mjs";
import { LIMIT, filtered, logFrame } from "./log.js";

const frame = (/** @type {number} */ n) =>
  logFrame({ direction: "sent", name: "ping", text: String(n), bytes: 10 });

test("an action stands before those it gives rise to", () => {
  const page = fixture();
  page.dispatch({ type: "SOCKET_DISCONNECTED" });
  const names = page
    .state()
    .log.entries.map((/** @type {any} */ e) => e.name)
    .reverse();
  assert.deepEqual(names, ["SOCKET_DISCONNECTED", "CHAIN_UNWATCHED"]);
});

test("actions that the socket middleware keeps are logged, without their key", () => {
  const page = fixture();
  page.panel.connectSocket({
    host: "h",
    port: 1,
    ssl: false,
    namespace: "n",
    apiKey: "s3cret",
  });
  const [{ name, text }] = page.state().log.entries;
  assert.equal(name, "CONNECT_SOCKET");
  assert.doesNotMatch(text, /s3cret/);
});

test("an error is marked", () => {
  const page = fixture();
  page.dispatch({ type: "SOCKET_ERROR", payload: new Error("no") });
  const entries = page.state().log.entries;
  assert.equal(
    entries.find((/** @type {any} */ e) => e.name === "SOCKET_ERROR").kind,
    "error",
  );
});

test("the log is bounded, and goes on counting", () => {
  const page = fixture();
  for (let n = 1; n <= LIMIT + 5; n++) page.dispatch(frame(n));
  const { entries, total, traffic } = page.state().log;
  assert.equal(entries.length, LIMIT);
  assert.equal(entries[0].text, String(LIMIT + 5));
  assert.equal(total, LIMIT + 5);
  assert.deepEqual(traffic.sent, {
    frames: LIMIT + 5,
    size: 10 * (LIMIT + 5),
  });
  assert.deepEqual(traffic.received, { frames: 0, size: 0 });
});

test("pausing holds what is shown while entries go on coming", () => {
  const page = fixture();
  page.dispatch(frame(1));
  page.panel.pauseLog(true);
  page.dispatch(frame(2));
  assert.equal(page.state().log.held.entries.length, 1);
  assert.equal(page.state().log.entries.length, 2);
  page.panel.pauseLog(false);
  assert.equal(page.state().log.held, null);
});

test("clearing empties it, paused or not", () => {
  const page = fixture();
  page.dispatch(frame(1));
  page.panel.clearLog();
  assert.deepEqual(page.state().log.entries, []);
  page.dispatch(frame(2));
  page.panel.pauseLog(true);
  page.panel.clearLog();
  assert.deepEqual(page.state().log.held, { entries: [], total: 2 });
});

test("the filter goes by kind and by text", () => {
  const at = 0;
  /** @type {import("./log.js").Entry[]} */
  const entries = [
    { id: 1, at, kind: "sent", name: "call 1 dispatch", text: "get tip" },
    { id: 2, at, kind: "received", name: "pong", text: "3" },
    { id: 3, at, kind: "action", name: "CHAIN_TIP", text: "{}" },
    { id: 4, at, kind: "error", name: "SOCKET_ERROR", text: "" },
  ];
  const ids = (/** @type {import("./log.js").Filter} */ filter) =>
    filtered(entries, filter).map(({ id }) => id);
  assert.deepEqual(
    ids({ frames: true, actions: true, text: "" }),
    [1, 2, 3, 4],
  );
  assert.deepEqual(ids({ frames: true, actions: false, text: "" }), [1, 2]);
  assert.deepEqual(ids({ frames: false, actions: true, text: "" }), [3, 4]);
  assert.deepEqual(ids({ frames: true, actions: true, text: " TIP " }), [1, 3]);
});
