// @ts-check
//
// A connection's life, seen from the store: what is sent before it stands, what
// a cut line does to it, and that it ends when it is told to.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Stage } from "./stage.mjs";

const stage = new Stage();

before(() => stage.open());
afterEach(() => stage.closePages());
after(() => stage.close());

// Fast enough for a test, and slow enough to count attempts by.
const reconnect = { min: 50, max: 100, factor: 1 };

/**
 * Opens a page with a store of these plugins that is not connected yet.
 *
 * @param {string[]} plugins
 */
async function unconnected(plugins) {
  const open = await stage.page();
  await open.page.evaluate(
    (where, names, reconnect) => {
      const plugins = names.map((name) => lib.plugins[name]);
      const app = new lib.App(lib.bsockMiddleware, plugins, { reconnect });
      Object.assign(globalThis, { app, where });
    },
    stage.where,
    plugins,
    reconnect,
  );
  return open;
}

/** @param {string[]} plugins */
async function connected(plugins) {
  const open = await unconnected(plugins);
  await open.page.evaluate(async () => {
    app.connect(where);
    await app.until("SOCKET_CONNECTED");
  });
  return open;
}

test("an emit with no connection goes to the next middleware", async () => {
  const { page } = await unconnected([]);
  const passed = await page.evaluate(async () => {
    await lib.load();
    app.emit({ type: "broadcast", message: "watch chain" });
    return app.seen("EMIT_SOCKET").length;
  });
  assert.equal(passed, 1);
});

test("a cut line is told at once, mended, and nothing comes twice", async () => {
  const { page, noise } = await connected(["chain"]);
  const before = noise.length;
  stage.site.cut();
  const log = await page.evaluate(async () => {
    await app.until("SOCKET_CONNECTED", 2);
    await app.until("ADD_NEW_BLOCK", 2);
    return lib.plain(app.log);
  });
  const closed = log.filter(({ type }) => type === "SOCKET_CLOSED");
  assert.equal(closed.length, 1);
  assert.equal(closed[0].payload.code, 1006);
  assert.equal(closed[0].payload.willRetry, true);
  const heights = blocksIn(log);
  assert.equal(new Set(heights).size, heights.length, "each block once");
  assert.deepEqual(noise.slice(before), []);
  assert.equal(stage.site.connections, 1);
});

/** @param {{type: string, payload?: any}[]} log */
function blocksIn(log) {
  return log
    .filter(({ type }) => type === "ADD_NEW_BLOCK")
    .map(({ payload }) => payload[0].hex);
}

test("connecting to where it is connected already changes nothing", async () => {
  const { page, noise } = await connected(["chain"]);
  const types = await page.evaluate(async () => {
    app.connect(where);
    app.connect({ ...where });
    await app.until("ADD_NEW_BLOCK", 2);
    return app.log.map(({ type }) => type);
  });
  assert.equal(types.filter((t) => t === "SOCKET_CONNECTED").length, 1);
  assert.ok(!types.includes("SOCKET_CLOSED"), String(types));
  assert.equal(stage.site.connections, 1);
  assert.deepEqual(noise, []);
});

test("connecting with another key leaves one socket, which says all once", async () => {
  const { page, noise } = await connected(["chain"]);
  const log = await page.evaluate(async () => {
    app.connect({ ...where, apiKey: () => where.apiKey });
    await app.until("SOCKET_CONNECTED", 2);
    await app.until("ADD_NEW_BLOCK", 2);
    return lib.plain(app.log);
  });
  const heights = blocksIn(log);
  assert.equal(new Set(heights).size, heights.length, "each block once");
  await until(() => stage.site.connections === 1, "the old socket is gone");
  assert.deepEqual(noise, []);
});

test("a disconnection lasts", async () => {
  const { page, noise } = await connected(["chain"]);
  const types = await page.evaluate(async () => {
    const before = app.log.length;
    app.dispatch({ type: "DISCONNECT_SOCKET", bsock: {} });
    await app.until("SOCKET_DISCONNECTED");
    // Thirty times the longest pause before an attempt.
    await lib.pause(3000);
    return app.log.slice(before).map(({ type }) => type);
  });
  assert.ok(!types.includes("SOCKET_CONNECTED"), String(types));
  assert.ok(!types.includes("ADD_NEW_BLOCK"), String(types));
  assert.equal(types.filter((t) => t === "SOCKET_DISCONNECTED").length, 1);
  assert.equal(stage.site.connections, 0);
  assert.deepEqual(noise, []);
});

test("a disconnection while connecting lasts as well", async () => {
  const { page } = await unconnected(["chain"]);
  const types = await page.evaluate(async () => {
    await lib.load();
    app.connect(where);
    const emit = app.emit({ type: "broadcast", message: "watch chain" });
    app.dispatch({ type: "DISCONNECT_SOCKET", bsock: {} });
    await emit.then(
      () => Promise.reject(new Error("the emit was sent")),
      () => {},
    );
    await lib.pause(1000);
    return app.log.map(({ type }) => type);
  });
  assert.ok(!types.includes("SOCKET_CONNECTED"), String(types));
  assert.equal(stage.site.connections, 0);
});

test("a store can connect again after it disconnected", async () => {
  const { page, noise } = await connected(["chain"]);
  await page.evaluate(async () => {
    app.dispatch({ type: "DISCONNECT_SOCKET", bsock: {} });
    await app.until("SOCKET_DISCONNECTED");
    app.connect(where);
    await app.until("SOCKET_CONNECTED", 2);
    await app.until("ADD_NEW_BLOCK", app.seen("ADD_NEW_BLOCK").length + 1);
  });
  assert.deepEqual(noise, []);
});

test("two stores in one page have a socket each", async () => {
  const { page, noise } = await connected(["chain"]);
  await page.evaluate(async () => {
    const other = new lib.App(lib.bsockMiddleware, [lib.plugins.chain]);
    other.connect(where);
    await other.until("SOCKET_CONNECTED");
    app.dispatch({ type: "DISCONNECT_SOCKET", bsock: {} });
    await other.until("ADD_NEW_BLOCK");
  });
  assert.equal(stage.site.connections, 1);
  assert.deepEqual(noise, []);
});

/**
 * @param {() => boolean} condition
 * @param {string} what
 */
async function until(condition, what) {
  for (let i = 0; i < 100 && !condition(); i++) await pause(50);
  assert.ok(condition(), what);
}
