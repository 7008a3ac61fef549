// @ts-check
//
// A page's life in Chromium: it goes offline and comes back, it is hidden and
// looked at again, it is left and returned to. The pace of reconnecting is a day,
// so that a connection that is back is back for that reason.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { WebSocketServer } from "ws";
import { closePage, openPage } from "./browser.mjs";
import { html } from "./site.mjs";
import { Stage } from "./stage.mjs";

const stage = new Stage();
const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
/** @type {number[]} the codes that clients have closed with */
const codes = [];
/** @type {import("./browser.mjs").OpenPage[]} */
const pages = [];

const hello =
  '0{"sid":"0","upgrades":[],"pingInterval":25000,"pingTimeout":60000}';

server.on("connection", (socket) => {
  socket.on("close", (code) => codes.push(code));
  // The key is all that a client says here.
  socket.on("message", () => socket.send("430[null]"));
  socket.send(hello);
  socket.send("40");
});

const script = `
  import bsockMiddleware from "bsock-wasm";
  import { App } from "/pages/app.mjs";
  const reconnect = { min: 86400000, max: 86400000 };
  globalThis.app = new App(bsockMiddleware, [], { reconnect });
`;

before(async () => {
  await stage.openPages();
  const { port } = /** @type {import("node:net").AddressInfo} */ (
    server.address()
  );
  stage.site.upstream = new URL(`http://127.0.0.1:${port}`);
  // A page that may not be stored may not be kept for coming back either.
  const headers = { "Cache-Control": "no-cache" };
  stage.site.replies.set("/life", html(script, headers));
});
afterEach(async () => {
  for (const page of pages.splice(0)) await closePage(page);
  codes.length = 0;
});
after(async () => {
  await stage.close();
  server.close();
});

/** Opens a page that is connected. */
async function connected() {
  const open = await openPage(stage.browser, stage.site.url("/life"));
  pages.push(open);
  await open.page.waitForFunction("globalThis.app");
  await open.page.evaluate(async (port) => {
    app.connect({ host: "127.0.0.1", port });
    await app.until("SOCKET_CONNECTED");
  }, stage.site.port);
  return open.page;
}

/** @param {import("puppeteer-core").Page} page */
const resumed = (page) =>
  page.evaluate(() => app.until("SOCKET_RESUMED", 1, 5000));

test("a page that is online again connects at once", async () => {
  const page = await connected();
  await page.setOfflineMode(true);
  stage.site.cut();
  await page.evaluate(() => app.until("SOCKET_RECONNECTING"));
  await page.setOfflineMode(false);
  const { payload } = await resumed(page);
  assert.ok(payload.gap < 5000, `${payload.gap} ms`);
});

test("a page that is looked at again connects at once", async () => {
  const page = await connected();
  const other = await page.browserContext().newPage();
  await other.bringToFront();
  await page.waitForFunction(() => document.visibilityState === "hidden", {
    polling: 50, // a page that is hidden draws no frames
  });
  stage.site.cut();
  await page.evaluate(() => app.until("SOCKET_RECONNECTING"));
  await page.bringToFront();
  await resumed(page);
});

test("a page that is left hangs up, and is as it was when it is back", async () => {
  const page = await connected();
  await page.evaluate(() => (app.notes.left = true));
  await page.goto(stage.site.url("/"));
  await until(() => stage.site.connections === 0, "no line is open");
  assert.deepEqual(codes, [1000]);
  await page.goBack();
  assert.equal(
    await page.evaluate("globalThis.app?.notes.left"),
    true,
    "the page was kept",
  );
  await resumed(page);
  const closed = await page.evaluate(
    () => app.seen("SOCKET_CLOSED")[0].payload,
  );
  assert.deepEqual(
    { ...closed, reason: "" },
    { code: 1000, reason: "", willRetry: true },
  );
  assert.equal(stage.site.connections, 1);
});

test("a page that is closed closes its connection with 1000", async () => {
  const page = await connected();
  await page.close({ runBeforeUnload: true });
  await until(() => codes.length > 0, "the server hears of it");
  assert.deepEqual(codes, [1000]);
});

/**
 * @param {() => boolean} condition
 * @param {string} what
 */
async function until(condition, what) {
  for (let i = 0; i < 100 && !condition(); i++) await pause(50);
  assert.ok(condition(), what);
}
