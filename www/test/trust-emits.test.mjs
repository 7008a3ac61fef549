// @ts-check
//
// What a store can trust its emits to do: what lasts is asked for again by
// itself, once; what waits goes out in order; what was said to have failed is
// never sent. In Chromium, with the package as built.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { Trust } from "./trust-stage.mjs";

const trust = new Trust();

before(() => trust.open());
beforeEach(() => {
  trust.server.onSocket = (socket) => {
    let calls = 0;
    socket.hook("dispatch", (/** @type {string} */ message) => {
      if (message === "refuse")
        throw Object.assign(new Error("No."), { code: "ENO", type: "Refusal" });
      return `${message} ${++calls}`;
    });
  };
});
afterEach(() => trust.closePages());
after(() => trust.close());

/**
 * Opens a page with a store that is connected, whose pace is quick.
 *
 * @param {object} [options] of the middleware
 */
async function connected(options) {
  const page = await trust.page();
  await page.evaluate(
    async (options) => {
      globalThis.app = new lib.App(lib.bsockMiddleware, [], options);
      app.connect(where);
      await app.until("SOCKET_CONNECTED");
    },
    { reconnect: { min: 50, max: 100, factor: 1 }, ...options },
  );
  return page;
}

/** @param {import("puppeteer-core").Page} page */
async function lose(page) {
  trust.cut();
  await page.evaluate(() => app.until("SOCKET_CLOSED"));
}

/**
 * Lets the connection come back.
 *
 * @param {import("puppeteer-core").Page} page
 * @returns {Promise<string[]>} what was sent then, but the key
 */
async function back(page) {
  trust.server.frames.length = 0;
  const { length } = await page.evaluate(() => app.seen("SOCKET_RESUMED"));
  trust.mend();
  await page.evaluate(async (nth) => {
    await app.until("SOCKET_RESUMED", nth);
    // Answered behind all that was sent before.
    await app.emit({ type: "dispatch", message: "end", acknowledge() {} });
  }, length + 1);
  const { frames } = trust.server;
  assert.match(frames[0], /^420\["auth"/);
  return frames.slice(1).filter((frame) => !frame.includes('"end"'));
}

test("what lasts is asked for again, once, and before anything that waits", async () => {
  const page = await connected();
  const answers = await page.evaluate(() => {
    const { broadcast, dispatchCall, subscribe } = bsock;
    app.notes.plugin = () =>
      Promise.all(
        [
          broadcast("watch chain"),
          subscribe("block connect", "new block"),
          dispatchCall("wallet join", "primary"),
        ].map(app.dispatch),
      );
    return app.notes.plugin();
  });
  assert.deepEqual(answers.slice(2), ["wallet join 1"]);
  await lose(page);
  await page.evaluate(() => void app.emit({ type: "x", message: "waits" }));
  const lasting = [
    '42["broadcast","watch chain"]',
    '42["subscribe","block connect","new block"]',
    '421["dispatch","wallet join","primary"]',
  ];
  assert.deepEqual(await back(page), [...lasting, '42["x","waits"]']);
  const again = await page.evaluate(() => app.notes.plugin());
  assert.deepEqual(
    again.slice(2),
    ["wallet join 1"],
    "the answer to the replay",
  );
  await page.evaluate(() => app.dispatch(bsock.dispatchCall("get tip")));
  for (const frame of lasting)
    assert.equal(
      trust.server.frames.filter((sent) => sent === frame).length,
      1,
      frame,
    );
});

test("a plugin that subscribes at SOCKET_CONNECTED subscribes once", async () => {
  const page = await trust.page();
  await page.evaluate(async () => {
    /** @type {import("./pages/plugins.mjs").Plugin} */
    const plugin = {
      middleware:
        ({ dispatch }) =>
        (next) =>
        (action) => {
          if (action.type === "SOCKET_CONNECTED")
            dispatch(bsock.broadcast("watch chain"));
          return next(action);
        },
    };
    globalThis.app = new lib.App(lib.bsockMiddleware, [plugin], {
      reconnect: { min: 20, max: 20 },
    });
    app.connect(where);
    await app.until("SOCKET_CONNECTED");
  });
  for (let i = 0; i < 3; i++) {
    await lose(page);
    assert.deepEqual(await back(page), ['42["broadcast","watch chain"]']);
    await page.evaluate(() => app.log.splice(0));
  }
});

test("what is undone is not asked for again", async () => {
  const page = await connected();
  await page.evaluate(async () => {
    const { broadcast, dispatchCall, emit, subscribe, unsubscribe } = bsock;
    for (const action of [
      broadcast("watch chain"),
      broadcast("unwatch chain"),
      subscribe("a", "b"),
      subscribe("a", "c"),
      unsubscribe("a", "b"),
      dispatchCall("wallet join", "one"),
      dispatchCall("wallet join", "two"),
      dispatchCall("wallet leave", "one"),
      emit({ type: "room", message: "enter" }, { persist: "room" }),
      emit({ type: "room", message: "move" }, { persist: "room" }),
      emit({ type: "mood", message: "good" }, { persist: "mood" }),
      emit({ type: "mood", message: "none" }, { forget: "mood" }),
      emit({ type: "subscribe", message: "x" }, { persist: false }),
    ])
      await app.dispatch(action);
  });
  await lose(page);
  assert.deepEqual(await back(page), [
    '42["subscribe","a","c"]',
    '421["dispatch","wallet join","two"]',
    '42["room","move"]',
  ]);
});

test("what waits goes out in order, and each caller hears of it once", async () => {
  const page = await connected();
  await lose(page);
  await page.evaluate(() => {
    app.notes.settled = [];
    for (let i = 0; i < 50; i++)
      app
        .emit({
          type: "dispatch",
          message: `m${i}`,
          ...(i % 2 && { acknowledge() {} }),
        })
        .then((/** @type {any} */ answer) =>
          app.notes.settled.push([i, answer ?? null]),
        );
  });
  const sent = await back(page);
  assert.deepEqual(
    sent.map((frame) => frame.match(/m\d+/)?.[0]),
    Array.from({ length: 50 }, (_, i) => `m${i}`),
  );
  const settled = await page.evaluate(() => app.notes.settled);
  assert.equal(settled.length, 50);
  for (const [i, answer] of settled)
    if (i % 2) assert.match(answer, new RegExp(`^m${i} `), "its own answer");
});

/** @type {[what: string, options: object, meta: object | undefined, code: string, told: boolean][]} */
const policies = [
  ["fails", { offline: "fail" }, undefined, "NOT_CONNECTED", true],
  ["fails by meta", {}, { queue: "fail" }, "NOT_CONNECTED", true],
  ["is dropped", { offline: "drop" }, undefined, "DROPPED", false],
  ["is dropped by meta", {}, { queue: "drop" }, "DROPPED", false],
  ["waits too long", { queueTimeout: 30 }, undefined, "TIMEOUT", true],
  ["waits too long by meta", {}, { ttl: 30 }, "TIMEOUT", true],
];

for (const [what, options, meta, code, isTold] of policies)
  test(`an emit that ${what} is never sent`, async () => {
    const page = await connected(options);
    await lose(page);
    const [rejected, errors] = await page.evaluate(async (meta) => {
      const before = app.log.length;
      const reason = await app
        .emit({ type: "dispatch", message: "gone", acknowledge() {} }, meta)
        .catch((/** @type {any} */ error) => error.code);
      const errors = app.log
        .slice(before)
        .filter(({ payload }) => payload?.emit?.message === "gone")
        .map(({ payload }) => payload.code);
      return [reason, errors];
    }, meta);
    assert.equal(rejected, code);
    assert.deepEqual(errors, isTold ? [code] : []);
    assert.deepEqual(await back(page), []);
  });

test("what says otherwise by meta waits after all", async () => {
  const page = await connected({ offline: "drop" });
  await lose(page);
  await page.evaluate(
    () => void app.emit({ type: "x", message: "waits" }, { queue: "queue" }),
  );
  assert.deepEqual(await back(page), ['42["x","waits"]']);
});

for (const [queueFull, kept, lost, code] of /** @type {const} */ ([
  ["refuse", ["0", "1"], ["2", "3"], "QUEUE_FULL"],
  ["dropOldest", ["2", "3"], ["0", "1"], "DROPPED"],
]))
  test(`a full queue: ${queueFull}`, async () => {
    const page = await connected({ queueLimit: 2, queueFull });
    await lose(page);
    await page.evaluate(() => {
      app.notes.rejected = [];
      for (const message of ["0", "1", "2", "3"])
        app
          .emit({ type: "x", message })
          .catch((/** @type {any} */ { code }) =>
            app.notes.rejected.push([message, code]),
          );
    });
    assert.deepEqual(
      await back(page),
      kept.map((message) => `42["x","${message}"]`),
    );
    assert.deepEqual(
      await page.evaluate(() => app.notes.rejected),
      lost.map((message) => [message, code]),
    );
  });

test("a refusal comes with the server's words, and a loss is told as one", async () => {
  const page = await connected();
  const refused = await page.evaluate(() =>
    app
      .emit({ type: "dispatch", message: "refuse", acknowledge() {} })
      .catch(lib.plain),
  );
  const { message, code, type, emit } = refused;
  assert.deepEqual(
    { message, code, type, emit },
    {
      message: "No.",
      code: "ENO",
      type: "Refusal",
      emit: { type: "dispatch", message: "refuse" },
    },
  );
  trust.server.socket.hooks.delete("dispatch");
  trust.server.socket.hook("dispatch", () => new Promise(() => {}));
  await page.evaluate(() => {
    app.notes.lost = app
      .emit({ type: "dispatch", message: "never", acknowledge() {} })
      .catch((/** @type {any} */ error) => error.code);
  });
  await lose(page);
  assert.equal(await page.evaluate(() => app.notes.lost), "CONNECTION_LOST");
  assert.deepEqual(await back(page), []);
});
