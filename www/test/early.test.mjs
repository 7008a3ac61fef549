// @ts-check
//
// A page dials while the module is on its way. Whatever comes of the module, of
// the connection or of the page's mind until it is there, a server sees one
// connection more at most, and the store what it would have seen anyway.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { closePage, openPage } from "./browser.mjs";
import { RawServer } from "./hostile/raw-server.mjs";
import { html } from "./site.mjs";
import { Stage } from "./stage.mjs";

const script = `
  import bsockMiddleware, { load } from "bsock-wasm/external";
  import { App, pause } from "/pages/app.mjs";
  globalThis.lib = { bsockMiddleware, load, App, pause };
`;

const stage = new Stage();
const server = new RawServer();
before(async () => {
  await server.open();
  await stage.openPages();
  stage.site.replies.set("/early", html(script));
});
afterEach(() => server.reset());
after(async () => {
  await stage.close();
  await server.close();
});

/** @param {() => unknown} is */
async function until(is) {
  for (let i = 0; !is(); i++) {
    assert.ok(i < 1000, `it never came to ${is}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/**
 * Opens a page with a store that has been told to connect, and no module yet.
 *
 * @param {{fields?: object, options?: object}} given
 * @param {(page: import("puppeteer-core").Page) => Promise<void>} run
 */
async function connecting({ fields, options }, run) {
  const open = await openPage(stage.browser, stage.site.url("/early"));
  await open.page.waitForFunction("globalThis.lib");
  await open.page.evaluate(([port, more, given]) => {
    globalThis.where = { host: "127.0.0.1", port, ...more };
    globalThis.app = new lib.App(
      lib.bsockMiddleware,
      [],
      /** @type {any} */ (given),
    );
    app.listeners.push({ event: "tip", actionType: "TIP" });
    globalThis.waiting = app.connect(where).then(
      () => "done",
      (/** @type {any} */ error) => error.code,
    );
  }, /** @type {const} */ ([server.port, fields, options]));
  await run(open.page);
  await closePage(open);
}

/** @param {import("puppeteer-core").Page} page */
async function loads(page) {
  await page.evaluate(async () => {
    await lib.load({ wasm: "/dist/bsock.wasm" });
    await app.until("SOCKET_CONNECTED");
  });
}

/** @param {import("puppeteer-core").Page} page */
const types = (page) =>
  page.evaluate(() => app.log.map(({ type }) => type).slice(1));

/** What a store sees of a connection that nothing is wrong with. */
const usual = [
  "SOCKET_STATUS",
  "SOCKET_CONNECTING",
  "SOCKET_STATUS",
  "SOCKET_CONNECTED",
];

test("what was dialled before the module came is what it uses", () =>
  connecting({}, async (page) => {
    await until(() => server.peers.length === 1);
    assert.deepEqual(await types(page), [], "the store hears of it later");
    await loads(page);
    assert.equal(server.asked, 1);
    server.peers[0].text('42["tip",7]');
    const { payload } = await page.evaluate(() => app.until("TIP"));
    assert.deepEqual(payload, [7]);
    assert.deepEqual(await types(page), [...usual, "TIP"]);
    assert.equal(await page.evaluate("waiting"), "done");
  }));

for (const [what, fields] of /** @type {[string, () => object][]} */ ([
  ["a namespace", () => ({ namespace: "node" })],
  ["subprotocols", () => ({ protocols: [] })],
  ["Socket.IO", () => ({ protocol: "socket.io@2" })],
]))
  test(`${what}: the module dials`, () =>
    connecting({ fields: fields() }, async (page) => {
      await page.evaluate(() => lib.pause(100));
      assert.equal(server.asked, 0);
      await page.evaluate(() => lib.load({ wasm: "/dist/bsock.wasm" }));
      await until(() => server.asked === 1);
    }));

test("a page that has changed its mind disconnects", () =>
  connecting({}, async (page) => {
    await until(() => server.peers.length === 1);
    await page.evaluate(
      () => void app.dispatch({ type: "DISCONNECT_SOCKET", bsock: {} }),
    );
    await until(() => server.peers[0].gone);
    assert.deepEqual(server.peers[0].received, []);
    await page.evaluate(() => lib.load({ wasm: "/dist/bsock.wasm" }));
    await page.evaluate(() => lib.pause(100));
    const last = await page.evaluate(
      () => app.seen("SOCKET_STATUS").at(-1).payload.status,
    );
    assert.equal(last, "disconnected");
  }));

test("a page that wants to go elsewhere does", () =>
  connecting({ fields: { host: "localhost" } }, async (page) => {
    await until(() => server.peers.length === 1);
    await page.evaluate(() => {
      app.connect({ ...where, host: "127.0.0.1" });
    });
    await loads(page);
    assert.equal(server.asked, 2);
    await until(() => server.peers[0].gone);
    assert.equal(server.peers[1].gone, false);
  }));

test("options that are wrong leave no connection", () =>
  connecting({ options: { queueLimit: "many" } }, async (page) => {
    await until(() => server.peers.length === 1);
    await page.evaluate(() => lib.load({ wasm: "/dist/bsock.wasm" }));
    assert.equal(await page.evaluate("waiting"), "BAD_OPTION");
    await until(() => server.peers[0].gone);
    assert.equal(server.asked, 1);
  }));

test("a module that does not come leaves no connection, and the next one connects", () =>
  connecting({}, async (page) => {
    await until(() => server.peers.length === 1);
    await page.evaluate(() => lib.load({ wasm: "/missing" }).catch(() => {}));
    assert.equal(await page.evaluate("waiting"), "LOAD_FAILED");
    await until(() => server.peers[0].gone);
    await page.evaluate(() => void app.connect(where));
    await page.evaluate(() => lib.pause(100));
    assert.equal(
      server.asked,
      1,
      "who fails to load again does not dial again",
    );
    await loads(page);
    assert.equal(server.asked, 2);
  }));

test("a server that does not wait for the module is dialled again, and nobody hears of it", () =>
  connecting({}, async (page) => {
    await until(() => server.peers.length === 1);
    await server.peers[0].close(1008, "too slow");
    await until(() => server.peers[0].gone);
    await page.evaluate(() => lib.pause(100));
    await loads(page);
    assert.equal(server.asked, 2);
    assert.deepEqual(await types(page), usual);
  }));

test("a server that refuses is asked once, and the store hears of it", () => {
  server.refuse = (socket) => socket.end("HTTP/1.1 503 Busy\r\n\r\n");
  return connecting(
    { options: { reconnect: { min: 200, max: 200 } } },
    async (page) => {
      await until(() => server.asked === 1);
      await page.evaluate(() => lib.pause(100));
      await page.evaluate(async () => {
        await lib.load({ wasm: "/dist/bsock.wasm" });
        await app.until("SOCKET_RECONNECTING");
      });
      assert.equal(server.asked, 1);
      server.refuse = null;
      await page.evaluate(() => app.until("SOCKET_CONNECTED"));
      assert.equal(server.asked, 2);
    },
  );
});

test("a connection that is lost is dialled by the module alone", () =>
  connecting({}, async (page) => {
    await loads(page);
    await server.peers[0].close(1001);
    await page.evaluate(() => app.until("SOCKET_CONNECTED", 2));
    assert.equal(server.asked, 2, "what is dialled later is not early");
  }));
