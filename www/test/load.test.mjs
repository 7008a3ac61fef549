// @ts-check
//
// How the module comes into the page: every way that load offers, every way it
// can fail, and that a failure is told, rejects what waited, and can be mended.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, test } from "node:test";
import { closePage, openPage } from "./browser.mjs";
import { NpmServer } from "./npm-server.mjs";
import { html } from "./site.mjs";
import { Stage } from "./stage.mjs";

const stage = new Stage();
const server = new NpmServer();
const wasm = new URL("../dist/bsock.wasm", import.meta.url);

/** @param {string} entry */
const script = (entry) => `
  import bsockMiddleware, { load } from "${entry}";
  import { App, pause, plain } from "/pages/app.mjs";
  globalThis.lib = { bsockMiddleware, load, App, pause, plain };
`;

/** @param {string} sources what script-src allows beside the page itself */
const policy = (sources) => ({
  "Content-Security-Policy": `default-src 'self'; script-src 'self' 'unsafe-inline' ${sources}`,
});

before(async () => {
  const bytes = await readFile(wasm);
  await server.open();
  await stage.openPages();
  stage.site.upstream = server.url;
  const serve = (path, reply) => stage.site.replies.set(path, reply);
  serve("/embedded", html(script("bsock-wasm")));
  serve("/external", html(script("bsock-wasm/external")));
  serve(
    "/bare",
    html(`globalThis.lib = { load: () => import("bsock-wasm") };`),
  );
  serve("/strict", html(script("bsock-wasm"), policy("")));
  serve("/allowed", html(script("bsock-wasm"), policy("'wasm-unsafe-eval'")));
  serve("/html.wasm", html("0"));
  serve("/empty.wasm", { type: "application/wasm", body: "" });
  serve("/short.wasm", {
    type: "application/wasm",
    body: bytes.subarray(0, 9999),
  });
  serve("/junk.wasm", { type: "application/wasm", body: "\0asmjunk" });
  // The smallest module there is: it is WebAssembly, but not ours.
  serve("/other.wasm", {
    type: "application/wasm",
    body: Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0),
  });
  serve("/untyped.wasm", { type: "text/plain", body: bytes });
});
afterEach(() => server.reset());
after(async () => {
  await stage.close();
  await server.close();
});

/**
 * Opens a page with a store, runs a test on it, and closes it.
 *
 * @param {string} path
 * @param {(open: import("./browser.mjs").OpenPage) => Promise<void>} run
 */
async function onPage(path, run) {
  const open = await openPage(stage.browser, stage.site.url(path));
  await open.page.waitForFunction("globalThis.lib");
  await open.page.evaluate((port) => {
    globalThis.where = { host: "127.0.0.1", port };
    globalThis.app = new lib.App(lib.bsockMiddleware, []);
  }, stage.site.port);
  await run(open);
  await closePage(open);
}

/** @param {import("puppeteer-core").Page} page */
async function connects(page) {
  await page.evaluate(async () => {
    app.connect(where);
    await app.until("SOCKET_CONNECTED");
  });
}

for (const path of ["/embedded", "/allowed"])
  test(`${path} needs no load, no address, and makes no request`, () =>
    onPage(path, async ({ page, noise }) => {
      /** @type {string[]} */
      const requests = [];
      page.on("request", (request) => requests.push(request.url()));
      await connects(page);
      assert.deepEqual(
        requests.filter((url) => url.startsWith("http")),
        [],
      );
      assert.deepEqual(noise, []);
    }));

for (const [what, source] of [
  ["a URL", "new URL('/dist/bsock.wasm', location.href)"],
  ["the text of a URL", "'/dist/bsock.wasm'"],
  ["a URL with another MIME type", "'/untyped.wasm'"],
  ["a Response", "await fetch('/dist/bsock.wasm')"],
  ["a promise of a Response", "fetch('/dist/bsock.wasm')"],
  ["an ArrayBuffer", "await (await fetch('/dist/bsock.wasm')).arrayBuffer()"],
  [
    "bytes",
    "new Uint8Array(await (await fetch('/dist/bsock.wasm')).arrayBuffer())",
  ],
  ["a Module", "await WebAssembly.compileStreaming(fetch('/dist/bsock.wasm'))"],
])
  test(`load takes ${what}`, () =>
    onPage("/external", async ({ page }) => {
      await page.evaluate(`(async () => lib.load({ wasm: ${source} }))()`);
      await connects(page);
    }));

/** @type {[what: string, source: string, reason: RegExp][]} */
const refused = [
  ["a URL that is not there", "'/missing.wasm'", /404/],
  ["a page in place of the module", "'/html.wasm'", /HTML|html/],
  ["an empty file", "'/empty.wasm'", /./],
  ["half the module", "'/short.wasm'", /./],
  ["junk", "'/junk.wasm'", /./],
  ["another module", "'/other.wasm'", /./],
  ["bytes that are none", "new Uint8Array([1, 2, 3, 4])", /./],
  ["a number", "5", /wasm/],
  ["no server", "'http://127.0.0.1:1/bsock.wasm'", /./],
];

for (const [what, source, reason] of refused)
  test(`load refuses ${what}, and works when tried again`, () =>
    onPage("/external", async ({ page, noise }) => {
      const told = await page.evaluate(`(async () => {
        const waiting = app.connect(where).then(() => "resolved", (e) => e.message);
        const loading = lib.load({ wasm: ${source} });
        const reason = await loading.then(() => "resolved", (e) => e.message);
        const action = await app.until("SOCKET_ERROR");
        return { reason, waited: await waiting, told: action.payload.message };
      })()`);
      const outcome = /** @type {Record<string, string>} */ (told);
      for (const [who, message] of Object.entries(outcome)) {
        assert.notEqual(message, "resolved", who);
        assert.match(message, reason, who);
      }
      assert.ok(
        !noise.some((line) => line.startsWith("uncaught")),
        String(noise),
      );
      await page.evaluate(() => lib.load({ wasm: "/dist/bsock.wasm" }));
      await connects(page);
    }));

test("a policy that forbids WebAssembly is named in the error", () =>
  onPage("/strict", async ({ page }) => {
    const message = await page.evaluate(async () => {
      app.connect(where).catch(() => {});
      return (await app.until("SOCKET_ERROR")).payload.message;
    });
    assert.match(message, /wasm-unsafe-eval/);
  }));

test("load twice is load once", () =>
  onPage("/external", async ({ page }) => {
    /** @type {string[]} */
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.evaluate(() => {
      const wasm = "/dist/bsock.wasm";
      return Promise.all([lib.load({ wasm }), lib.load({ wasm })]);
    });
    assert.equal(requests.filter((url) => url.endsWith(".wasm")).length, 1);
    await connects(page);
  }));

test("the package leaves no global behind", async () => {
  const open = await openPage(stage.browser, stage.site.url("/bare"));
  const added = await open.page.evaluate(async () => {
    const before = new Set(Object.getOwnPropertyNames(globalThis));
    await (await globalThis.lib.load()).load();
    const after = Object.getOwnPropertyNames(globalThis);
    return after.filter((name) => !before.has(name));
  });
  assert.deepEqual(added, []);
  assert.deepEqual(open.noise, []);
  await closePage(open);
});

test("a store in a worker connects", () =>
  onPage("/embedded", async ({ page, noise }) => {
    const type = await page.evaluate(() => {
      const worker = new Worker("/pages/worker.mjs", { type: "module" });
      /** @type {Promise<string>} */
      const said = new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      });
      worker.postMessage(where);
      return said;
    });
    assert.equal(type, "SOCKET_CONNECTED");
    assert.deepEqual(noise, []);
  }));
