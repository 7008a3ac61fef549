import assert from "node:assert/strict";
import { test } from "node:test";

import { entry, fixture, heights } from "./fixture.mjs";

const range = (/** @type {number} */ from, /** @type {number} */ to) =>
  Array.from({ length: to - from + 1 }, (_, i) => entry(from + i));

/** A store that is connected, knows blocks 1 to 3, and has asked nothing else. */
function following() {
  const page = fixture();
  page.dispatch({ type: "SOCKET_CONNECTED" });
  page.answer("get tip", entry(3));
  page.answer("get entries", range(1, 3));
  return page;
}

test("listeners are registered before the store is made", () => {
  const { listeners } = fixture();
  assert.deepEqual(
    listeners.filter(({ event }) => !event.startsWith("wallet")),
    [
      { event: "new block", actionType: "NEW_BLOCK" },
      { event: "block gone", actionType: "BLOCK_GONE" },
      { event: "chain reset", actionType: "CHAIN_RESET" },
    ],
  );
});

test("every connection subscribes, watches and asks for the tip", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = fixture();
  for (const time of ["first", "second"]) {
    page.dispatch({ type: "SOCKET_CONNECTED" });
    const sent = page.emitted
      .splice(0)
      .filter(({ bsock }) => !bsock.message.startsWith("wallet"))
      // In the order in which they go on the wire.
      .map(({ bsock }) =>
        Object.values(bsock).filter((value) => typeof value === "string"),
      );
    assert.deepEqual(
      sent,
      [
        ["subscribe", "block connect", "new block"],
        ["subscribe", "block disconnect", "block gone"],
        ["subscribe", "chain reset", "chain reset"],
        ["dispatch", "watch chain"],
        ["dispatch", "get tip"],
      ],
      `the ${time} time`,
    );
  }
});

test("the tip brings the height at once, and the blocks below it after", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = fixture();
  page.dispatch({ type: "SOCKET_CONNECTED" });
  page.answer("get tip", entry(100));
  assert.deepEqual(heights(page.state()), [100]);

  const { bsock } = page.emitted.at(-1);
  assert.deepEqual(Object.keys(bsock), [
    "type",
    "message",
    "start",
    "end",
    "acknowledge",
  ]);
  assert.deepEqual([bsock.start, bsock.end], [41, 100]);
  page.answer("get entries", range(41, 100));
  assert.equal(heights(page.state()).length, 60);
  assert.deepEqual(heights(page.state()).slice(0, 3), [100, 99, 98]);
});

test("a new block goes on top, and asks for nothing", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = following();
  page.emitted.length = 0;
  page.dispatch({ type: "NEW_BLOCK", payload: [entry(4), []] });
  assert.deepEqual(heights(page.state()), [4, 3, 2, 1]);
  assert.deepEqual(page.emitted, []);
});

test("a block that does not follow the last one makes the page ask again", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = following();
  page.dispatch({ type: "NEW_BLOCK", payload: [entry(7), []] });
  page.answer("get entries", range(1, 7));
  assert.deepEqual(heights(page.state()), [7, 6, 5, 4, 3, 2, 1]);
});

test("a block that arrives before the history it belongs to is kept", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = fixture();
  page.dispatch({ type: "SOCKET_CONNECTED" });
  page.answer("get tip", entry(3));
  page.dispatch({ type: "NEW_BLOCK", payload: [entry(4), []] });
  page.answer("get entries", range(1, 3));
  assert.deepEqual(heights(page.state()), [4, 3, 2, 1]);
});

test("history of another chain leaves nothing of the old one", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = following();
  page.dispatch({ type: "CHAIN_RESET", payload: [entry(2, { prev: 77 })] });
  page.answer("get entries", [entry(77), entry(2, { prev: 77 })]);
  assert.deepEqual(
    page.state().chain.blocks.map((/** @type {any} */ b) => b.prev.slice(0, 2)),
    ["4d", "4c"],
  );
});

test("a block that is disconnected is taken away", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = following();
  page.dispatch({ type: "BLOCK_GONE", payload: [entry(3)] });
  assert.deepEqual(heights(page.state()), [2, 1]);
});

test("a node without get entries still has its tip and its new blocks", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = fixture();
  page.dispatch({ type: "SOCKET_CONNECTED" });
  page.answer("get tip", entry(3));
  await page.refuse("get entries", "Call not found: get entries.");
  assert.equal(page.state().chain.health, "well");
  page.dispatch({ type: "NEW_BLOCK", payload: [entry(4), []] });
  assert.deepEqual(heights(page.state()), [4, 3]);
});

test("a quiet node is asked, and found ill or well by its answer", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "Date"] });
  const page = following();
  page.emitted.length = 0;
  t.mock.timers.tick(10_000);
  assert.deepEqual(page.emitted, [], "it spoke less than 15 seconds ago");
  t.mock.timers.tick(5_000);
  await page.refuse("get tip", "Node not connected.");
  assert.equal(page.state().chain.health, "ill");
  assert.equal(page.state().chain.fault, "Node not connected.");

  t.mock.timers.tick(5_000);
  page.answer("get tip", entry(3));
  assert.equal(page.state().chain.health, "well");
  assert.equal(page.state().chain.fault, "");
});

test("a connection that is back is asked once, and says what was missed", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = following();
  page.dispatch({ type: "SOCKET_CLOSED", payload: { willRetry: true } });
  page.emitted.length = 0;
  page.dispatch({ type: "SOCKET_CONNECTED" });
  assert.ok(!page.emitted.some(({ bsock }) => bsock.message === "get tip"));
  page.dispatch({
    type: "SOCKET_RESUMED",
    payload: { gap: 3000, attempts: 1 },
  });
  const { ms, missed } = page.state().chain.gap;
  assert.deepEqual([ms, missed], [3000, null]);
  page.answer("get tip", entry(5));
  assert.equal(page.state().chain.gap.missed, null, "their history is to come");
  page.answer("get entries", range(1, 5));
  assert.equal(page.state().chain.gap.missed, 2);
  assert.deepEqual(heights(page.state()), [5, 4, 3, 2, 1]);
});

test("a gap in which nothing happened is closed by the tip alone", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = following();
  page.dispatch({ type: "SOCKET_CLOSED", payload: { willRetry: true } });
  page.dispatch({ type: "SOCKET_CONNECTED" });
  page.dispatch({ type: "SOCKET_RESUMED", payload: { gap: 1, attempts: 1 } });
  page.answer("get tip", entry(3));
  assert.equal(page.state().chain.gap.missed, 0);
});

test("a chain that is another after a gap is new as a whole", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = following();
  page.dispatch({ type: "SOCKET_RESUMED", payload: { gap: 1, attempts: 1 } });
  page.answer("get tip", entry(77));
  page.answer("get entries", [entry(76), entry(77)]);
  assert.equal(page.state().chain.gap.missed, 2);
});

test("nothing is asked once the connection is gone", (t) => {
  for (const type of ["SOCKET_CLOSED", "SOCKET_DISCONNECTED"]) {
    t.mock.timers.reset();
    t.mock.timers.enable({ apis: ["setInterval", "Date"] });
    const page = following();
    page.dispatch({ type, payload: {} });
    page.emitted.length = 0;
    t.mock.timers.tick(60_000);
    assert.deepEqual(page.emitted, [], type);
  }
});

test("what does not decode is the node's fault, and ends nothing", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = following();
  page.dispatch({ type: "NEW_BLOCK", payload: [new Uint8Array(3), []] });
  assert.match(page.state().chain.fault, /but the node sent 3\.$/);
  page.dispatch({ type: "NEW_BLOCK", payload: [entry(4), []] });
  assert.equal(page.state().chain.health, "well");
  assert.equal(heights(page.state())[0], 4);
});
