import assert from "node:assert/strict";
import { test } from "node:test";

import { watchFrames } from "./frames.js";

/** A WebSocket that goes nowhere. */
class FakeWebSocket extends EventTarget {
  /** @type {unknown[]} */
  sent = [];
  /** @param {...unknown} args */
  constructor(...args) {
    super();
    this.args = args;
  }
  /** @param {unknown} data */
  send(data) {
    if (data === "early") throw new Error("InvalidStateError");
    this.sent.push(data);
  }
}

function watched() {
  /** @type {any} */
  const scope = { WebSocket: FakeWebSocket };
  /** @type {any[]} */
  const frames = [];
  const stop = watchFrames(scope, (frame) => frames.push(frame));
  return { scope, frames, stop };
}

test("frames are reported both ways, and pass as they were", () => {
  const { scope, frames } = watched();
  const socket = new scope.WebSocket("ws://localhost/", ["p"]);
  assert.deepEqual(socket.args, ["ws://localhost/", ["p"]]);

  socket.send("2");
  const bytes = new Uint8Array(5);
  socket.send(bytes);
  assert.deepEqual(socket.sent, ["2", bytes]);
  socket.dispatchEvent(
    Object.assign(new Event("message"), { data: '42["é"]' }),
  );

  assert.deepEqual(frames, [
    { direction: "sent", name: "ping", text: "2", bytes: 1 },
    { direction: "sent", name: "binary", text: "binary 5 bytes", bytes: 5 },
    { direction: "received", name: "event é", text: '42["é"]', bytes: 8 },
  ]);
});

test("a frame is reported before the page's own listener sees it", () => {
  const { scope, frames } = watched();
  const socket = new scope.WebSocket("ws://localhost/");
  let seen = -1;
  socket.addEventListener("message", () => (seen = frames.length));
  socket.dispatchEvent(Object.assign(new Event("message"), { data: "3" }));
  assert.equal(seen, 1);
});

test("a frame that could not be sent is not reported", () => {
  const { scope, frames } = watched();
  const socket = new scope.WebSocket("ws://localhost/");
  assert.throws(() => socket.send("early"), /InvalidStateError/);
  assert.deepEqual(frames, []);
});

test("the original constructor can be put back", () => {
  const { scope, stop } = watched();
  stop();
  assert.equal(scope.WebSocket, FakeWebSocket);
});
