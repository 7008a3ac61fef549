// @ts-check
//
// What a store can trust a socket to tell: how it stands, at every step and in
// order, what it missed, and of which server it speaks. In Chromium, with the
// package as built.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { startApp } from "./servers.mjs";
import { Trust } from "./trust-stage.mjs";

const trust = new Trust();

before(() => trust.open());
afterEach(() => trust.closePages());
after(() => trust.close());

/**
 * Opens a page with a store that is connected.
 *
 * @param {object} [options] of the middleware
 */
async function connected(options) {
  const page = await trust.page();
  await page.evaluate(async (options) => {
    globalThis.app = new lib.App(lib.bsockMiddleware, [], options);
    app.connect(where);
    await app.until("SOCKET_CONNECTED");
  }, options);
  return page;
}

/**
 * The actions that came, without the ones of Redux, and with what matters here
 * of their payloads.
 *
 * @param {import("puppeteer-core").Page} page
 * @returns {Promise<string[]>}
 */
async function told(page) {
  const log = await page.evaluate(() => lib.plain(app.log.slice(1)));
  return log.map((/** @type {any} */ { type, payload = {} }) => {
    const { status, attempt, attempts, code } = payload;
    return [type.replace("SOCKET_", ""), status, attempt ?? attempts ?? code]
      .filter((word) => word !== undefined)
      .join(" ");
  });
}

test("every step of a connection is told, in order, until it is given up", async () => {
  const page = await connected({
    reconnect: { min: 20, max: 40, factor: 1, limit: 2 },
  });
  trust.cut();
  await page.evaluate(() => app.until("SOCKET_FAILED"));
  assert.deepEqual(await told(page), [
    "STATUS connecting 1",
    "CONNECTING 1",
    "STATUS connected 1",
    "CONNECTED",
    "STATUS reconnecting 0",
    "CLOSED 1006",
    "ERROR ABNORMAL_CLOSURE",
    "RECONNECTING 1",
    "STATUS connecting 1",
    "CONNECTING 1",
    "STATUS reconnecting 1",
    "ERROR CONNECT_FAILED",
    "RECONNECTING 2",
    "STATUS connecting 2",
    "CONNECTING 2",
    "STATUS failed 2",
    "ERROR CONNECT_FAILED",
    "FAILED 2",
  ]);
});

test("a status never says the same twice, and its times are true", async () => {
  const page = await connected({ reconnect: { min: 200, max: 200 } });
  trust.cut();
  const { log, now } = await page.evaluate(async () => {
    await app.until("SOCKET_RECONNECTING", 3);
    return { log: lib.plain(app.log), now: Date.now() }; // before the next attempt
  });
  const statuses = log
    .filter((/** @type {any} */ { type }) => type === "SOCKET_STATUS")
    .map((/** @type {any} */ { payload }) => payload);
  for (const [i, status] of statuses.entries()) {
    assert.notDeepEqual(status, statuses[i - 1]);
    assert.ok(status.since >= (statuses[i - 1]?.since ?? 0), "it goes forward");
    assert.ok(status.since <= now && status.since > now - 60_000);
  }
  const { payload } = log.findLast(
    (/** @type {any} */ { type }) => type === "SOCKET_RECONNECTING",
  );
  assert.equal(payload.at, statuses.at(-1).retryAt);
  assert.ok(payload.delay <= 200, `${payload.delay} ms`);
  assert.ok(Math.abs(payload.at - now - payload.delay) < 100);
});

test("a connection that is back says how long it was away", async () => {
  const page = await connected({ reconnect: { min: 100, max: 100 } });
  trust.cut();
  await page.evaluate(async () => {
    await app.until("SOCKET_CLOSED");
    await lib.pause(300);
  });
  trust.mend();
  const [types, { gap, attempts }] = await page.evaluate(async () => {
    const { payload } = await app.until("SOCKET_RESUMED");
    return [app.log.slice(-2).map(({ type }) => type), payload];
  });
  assert.deepEqual(types, ["SOCKET_CONNECTED", "SOCKET_RESUMED"]);
  assert.ok(gap >= 300 && gap < 5_000, `${gap} ms`);
  assert.ok(attempts >= 1, `${attempts} attempts`);
});

test("nothing was missed by who has just begun, or wanted to be away", async () => {
  const page = await connected();
  const types = await page.evaluate(async () => {
    app.dispatch({ type: "DISCONNECT_SOCKET", bsock: {} });
    app.connect(where);
    await app.until("SOCKET_CONNECTED", 2);
    return app.log.map(({ type }) => type);
  });
  assert.ok(!types.includes("SOCKET_RESUMED"), String(types));
});

test("the state of a reducer says all of it", async () => {
  const page = await connected({ reconnect: { min: 50, max: 50 } });
  const state = () => page.evaluate(() => stateAfter(app.log).default);
  const { status, latency, error } = await state();
  assert.deepEqual([status, error], ["connected", null]);
  assert.ok(latency >= 0 && latency < 1_000, `${latency} ms`);
  trust.cut();
  await page.evaluate(async () => {
    await app.until("SOCKET_RECONNECTING", 2);
    for (const message of ["a", "b"]) app.emit({ type: "x", message });
    await lib.pause(300);
  });
  const lost = await state();
  assert.equal(lost.error.code, "CONNECT_FAILED");
  assert.equal(lost.queued, 2);
  assert.equal(lost.latency, null);
  assert.ok(["connecting", "reconnecting"].includes(lost.status), lost.status);
  trust.mend();
  await page.evaluate(async () => {
    await app.until("SOCKET_RESUMED");
    await lib.pause(300);
  });
  const back = await state();
  assert.deepEqual(
    [back.status, back.error, back.queued],
    ["connected", null, 0],
  );
});

test("a key is asked for at each attempt, and shown by nothing", async () => {
  /** @type {unknown[]} */
  const keys = [];
  trust.server.onSocket = (socket) =>
    socket.hook("auth", (/** @type {unknown} */ key) => void keys.push(key));
  const page = await trust.page();
  await page.evaluate(async () => {
    globalThis.app = new lib.App(lib.bsockMiddleware, [], {
      reconnect: { min: 20, max: 20 },
    });
    let asked = 0;
    app.connect({ ...where, apiKey: async () => `key ${++asked}` });
    await app.until("SOCKET_CONNECTED");
  });
  for (const count of [2, 3]) {
    trust.stage.site.cut();
    await page.evaluate((n) => app.until("SOCKET_CONNECTED", n), count);
  }
  assert.deepEqual(keys, ["key 1", "key 2", "key 3"]);
  const shown = await page.evaluate(() => JSON.stringify(app.log));
  assert.doesNotMatch(shown, /key \d/);
});

test("two sockets have two servers, statuses and listeners", async (t) => {
  const { site } = trust.stage;
  const { url, program } = await startApp({
    ORIGINS: `127.0.0.1:${site.port}`,
  });
  t.after(() => program.stop());
  const page = await trust.page();
  await page.evaluate(async (port) => {
    const socket = { socket: "node" };
    const listeners = [
      { event: "new block", actionType: "BLOCK", ...socket },
      { event: "chat", actionType: "CHAT" },
      { event: "chat", actionType: "ANY", socket: "*" },
    ];
    globalThis.app = new lib.App(lib.bsockMiddleware, [], {
      listeners,
      reconnect: { min: 3_600_000 },
    });
    app.connect(where);
    app.dispatch(bsock.connectSocket({ ...where, port }, socket));
    app.dispatch(bsock.withMeta(bsock.broadcast("watch chain"), socket));
    app.dispatch(bsock.subscribe("block connect", "new block", socket));
    await app.until("SOCKET_CONNECTED", 2);
    await app.until("BLOCK");
  }, Number(url.port));
  trust.server.socket.fire("chat", "hello");
  const seen = await page.evaluate(async () => {
    await app.until("ANY");
    return ["BLOCK", "CHAT", "ANY"].map(
      (type) => app.seen(type)[0].meta?.socket ?? "none said",
    );
  });
  assert.deepEqual(seen, ["node", "none said", "none said"]);
  assert.deepEqual(
    trust.server.frames.filter((frame) => frame.startsWith("42[")),
    [],
    "what is for the one did not go to the other",
  );
  trust.cut();
  const statuses = await page.evaluate(async () => {
    await app.until("SOCKET_RECONNECTING");
    await app.until("BLOCK", app.seen("BLOCK").length + 1);
    const { selectStatus, selectSockets } = bsock;
    const state = stateAfter(app.log);
    return selectSockets(state).map((name) => [
      name,
      selectStatus(state, name),
    ]);
  });
  assert.deepEqual(statuses, [
    ["default", "reconnecting"],
    ["node", "connected"],
  ]);
});

test("a node's blocks and a wallet's news go on coming, though nobody asks again", async (t) => {
  const { site } = trust.stage;
  const { url, program } = await startApp();
  t.after(() => program.stop());
  site.upstream = url;
  const page = await trust.page();
  await page.evaluate(async () => {
    const { broadcast, dispatchCall, subscribe } = bsock;
    const listeners = [
      { event: "new block", actionType: "BLOCK" },
      { event: "wallet balance", actionType: "BALANCE" },
    ];
    globalThis.app = new lib.App(lib.bsockMiddleware, [], {
      listeners,
      reconnect: { min: 50, max: 100 },
    });
    app.connect(where);
    app.dispatch(broadcast("watch chain"));
    app.dispatch(subscribe("block connect", "new block"));
    app.dispatch(subscribe("wallet balance", "wallet balance"));
    await app.dispatch(dispatchCall("wallet join", "primary"));
    await app.until("BLOCK");
  });
  for (const count of [1, 2]) {
    site.cut();
    await page.evaluate(async (n) => {
      await app.until("SOCKET_RESUMED", n);
      for (const type of ["BLOCK", "BALANCE"])
        await app.until(type, app.seen(type).length + 1, 60_000);
    }, count);
  }
  const blocks = await page.evaluate(() =>
    app.seen("BLOCK").map(({ payload }) => lib.hex(payload[0])),
  );
  assert.equal(new Set(blocks).size, blocks.length, "each block once");
});
