// @ts-check
//
// Servers go away and come back: the node behind the app server, which costs
// the pages nothing, and the app server itself, which costs them a reconnect.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { startApp, startHsd, upstreamOf } from "./servers.mjs";
import { Stage } from "./stage.mjs";

const stage = new Stage();
/** @type {import("./servers.mjs").Node} */
let node;
/** @type {Awaited<ReturnType<typeof startApp>>} */
let server;

before(async () => {
  await stage.openPages();
  node = await startHsd();
  server = await startApp(upstreamOf(node));
  stage.site.upstream = server.url;
});
afterEach(() => stage.closePages());
after(async () => {
  await stage.close();
  await server?.program.stop();
  await node?.program.stop();
});

/** Opens a page that watches the chain and the primary wallet. */
async function watching() {
  const open = await stage.page();
  await open.page.evaluate(async (where) => {
    globalThis.app = new lib.App(
      lib.bsockMiddleware,
      [lib.plugins.chain, lib.plugins.wallet],
      { reconnect: { min: 50, max: 200, factor: 1 } },
    );
    app.connect(where);
    await app.until("SOCKET_CONNECTED");
    app.dispatch(app.actions.joinWallet("primary"));
    await app.until("WALLET JOIN");
  }, stage.where);
  return open;
}

/**
 * Mines until the page hears of it: how soon the app server is back at the
 * node is its own business.
 *
 * @param {import("puppeteer-core").Page} page
 */
async function hearsOfBlocks(page) {
  const before = await page.evaluate(() => app.seen("ADD_NEW_BLOCK").length);
  for (let i = 0; i < 60; i++) {
    await node.program.ask({ do: "mine" });
    const heard = await page.evaluate(async (n) => {
      await lib.pause(500);
      return app.seen("ADD_NEW_BLOCK").length > n;
    }, before);
    if (heard) return;
  }
  assert.fail(`no block came: ${server.program.output}`);
}

test("a node that comes back costs no page its subscriptions", async () => {
  const { page, noise } = await watching();
  await hearsOfBlocks(page);
  await node.program.stop();
  const refused = await page.evaluate(() =>
    app
      .emit(
        { type: "dispatch", message: "get tip", acknowledge() {} },
        { timeout: 3000 },
      )
      .then(
        () => "an answer",
        ({ message }) => message,
      ),
  );
  assert.notEqual(refused, "an answer", "there is nobody to answer");
  node = await startHsd(node);
  await hearsOfBlocks(page);
  const log = await page.evaluate(() => app.log.map(({ type }) => type));
  assert.equal(log.filter((type) => type === "SOCKET_CONNECTED").length, 1);
  assert.ok(!log.includes("SOCKET_CLOSED"), String(log));
  assert.deepEqual(noise, []);
});

test("a page comes back to a server that comes back", async () => {
  const { page } = await watching();
  await server.program.stop();
  const closed = await page.evaluate(() => app.until("SOCKET_CLOSED"));
  assert.equal(closed.payload.willRetry, true);
  assert.equal(closed.payload.code, 1001, "the server said that it goes away");
  server = await startApp({ ADDR: server.url.host, ...upstreamOf(node) });
  await page.evaluate(() => app.until("SOCKET_CONNECTED", 2));
  await hearsOfBlocks(page);
  const hashes = await page.evaluate(() =>
    app.seen("ADD_NEW_BLOCK").map(({ payload }) => lib.hex(payload[0])),
  );
  assert.equal(new Set(hashes).size, hashes.length, "each block once");
});
