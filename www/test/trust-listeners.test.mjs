// @ts-check
//
// What a store can trust its listeners to do: answer what the server asks, also
// later, and make little of a storm of events without losing what matters. In
// Chromium, with the package as built.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Trust } from "./trust-stage.mjs";

const trust = new Trust();

before(() => trust.open());
afterEach(() => trust.closePages());
after(() => trust.close());

test("a listener answers with bytes, values, functions and what they come to", async () => {
  const page = await trust.page();
  await page.evaluate(async () => {
    const listeners = [
      { event: "bytes", actionType: "A", ack: new Uint8Array([1, 2]) },
      { event: "value", actionType: "B", ack: { height: 7 } },
      { event: "double", actionType: "C", ack: (n) => n * 2 },
      {
        event: "later",
        actionType: "D",
        ack: async (ms, bytes) => {
          await lib.pause(ms);
          return { actions: app.seen("D").length, bytes };
        },
      },
      {
        event: "refuse",
        actionType: "E",
        ack: () => {
          throw Object.assign(new TypeError("Not now."), { code: "ELATER" });
        },
      },
    ];
    globalThis.app = new lib.App(lib.bsockMiddleware, [], { listeners });
    app.connect(where);
    await app.until("SOCKET_CONNECTED");
  });
  const { socket } = trust.server;
  const [bytes, value, double] = await Promise.all([
    socket.call("bytes", 1),
    socket.call("value", 2),
    socket.call("double", 21),
  ]);
  assert.deepEqual([...bytes], [1, 2]);
  assert.deepEqual(value, { height: 7 });
  assert.equal(double, 42);
  const slow = socket.call("later", 100, Buffer.from([7]));
  const quick = await socket.call("later", 1, Buffer.from([8]));
  assert.deepEqual([...quick.bytes], [8], "the second is answered first");
  assert.equal(quick.actions, 2, "after the actions were dispatched");
  assert.deepEqual([...(await slow).bytes], [7]);
  await assert.rejects(socket.call("refuse"), {
    message: "Not now.",
    code: "ELATER",
  });
  const payloads = await page.evaluate(() =>
    ["A", "B", "C"].map((type) => app.seen(type)[0].payload),
  );
  assert.deepEqual(payloads, [1, 2, 21]);
});

/** How many events the storm has, all at once. */
const STORM = 5_000;

test("a storm of events becomes a handful of actions, and a batch loses none", async () => {
  const page = await trust.page();
  await page.evaluate(async () => {
    const of = (actionType, more) => ({ event: "tx", actionType, ...more });
    const listeners = [
      of("FIRST", { throttle: 200 }),
      of("LATEST", { latest: 200 }),
      of("ALL", { batch: 200 }),
      of("HUNDREDS", {
        batch: 200,
        filter: (n) => n % 100 === 0,
        map: (n, { hash }) => `${n} ${hash}`,
      }),
      of("LAST", { filter: (n, { end }) => end, map: (n) => n }),
    ];
    globalThis.app = new lib.App(lib.bsockMiddleware, [], { listeners });
    app.connect(where);
    await app.until("SOCKET_CONNECTED");
  });
  const { socket } = trust.server;
  const sent = Array.from({ length: STORM }, (_, n) => n);
  for (const n of sent)
    socket.fire("tx", n, { hash: `h${n}`, end: n === STORM - 1 });
  const seen = await page.evaluate(async () => {
    await app.until("LAST");
    await lib.pause(500);
    return Object.fromEntries(
      ["FIRST", "LATEST", "ALL", "HUNDREDS", "LAST"].map((type) => [
        type,
        app.seen(type).map(({ payload }) => payload),
      ]),
    );
  });
  const all = seen.ALL.flat();
  assert.deepEqual(
    all.map(([n]) => n),
    sent,
    "every event, in order",
  );
  assert.equal(all[7][1].hash, "h7");
  assert.deepEqual(
    seen.HUNDREDS.flat(),
    sent.filter((n) => n % 100 === 0).map((n) => `${n} h${n}`),
  );
  assert.deepEqual(seen.LAST, [STORM - 1]);
  assert.equal(seen.FIRST[0][0], 0);
  assert.equal(seen.LATEST[0][0], 0);
  assert.equal(seen.LATEST.at(-1)[0], STORM - 1, "the newest is not lost");
  for (const type of ["FIRST", "LATEST", "ALL", "HUNDREDS"])
    assert.ok(
      seen[type].length < 30,
      `${type}: ${seen[type].length} actions for ${STORM} events`,
    );
});

test("what was gathered is there before the end of the connection is told", async () => {
  const page = await trust.page();
  await page.evaluate(async () => {
    const listeners = [{ event: "tx", actionType: "ALL", batch: 3_600_000 }];
    globalThis.app = new lib.App(lib.bsockMiddleware, [], {
      listeners,
      reconnect: false,
    });
    app.connect(where);
    await app.until("SOCKET_CONNECTED");
  });
  for (const n of [1, 2, 3]) trust.server.socket.fire("tx", n);
  await trust.server.socket.destroy();
  const log = await page.evaluate(async () => {
    await app.until("SOCKET_CLOSED");
    return lib.plain(app.log);
  });
  const types = log.map((/** @type {any} */ { type }) => type);
  assert.ok(
    types.indexOf("ALL") < types.indexOf("SOCKET_CLOSED"),
    types.join(),
  );
  const { payload } = log[types.indexOf("ALL")];
  assert.deepEqual(payload, [[1], [2], [3]]);
});
