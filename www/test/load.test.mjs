// @ts-check
//
// How the module comes into the page: every way that load offers, every way it
// can fail, and that a failure is told, rejects what waited, and can be mended.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { closePage, openPage } from "./browser.mjs";
import { NpmServer } from "./npm-server.mjs";
import { html } from "./site.mjs";
import { Stage } from "./stage.mjs";

const stage = new Stage();
const server = new NpmServer();
const wasm = new URL("../dist/bsock.wasm", import.meta.url);

/** The smallest module there is: it is WebAssembly, but not ours. */
const smallest = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/** @param {string} entry */
const script = (entry) => `
  import bsockMiddleware, { load } from "${entry}";
  import { App, pause, plain } from "/pages/app.mjs";
  globalThis.lib = { bsockMiddleware, load, App, pause, plain };
`;

/**
 * The package's main file, with something wrong in it.
 *
 * @param {string} text of the file as it was built
 * @returns {Record<string, string>}
 */
function breakages(text) {
  const embedded = text.match(/gzip"?: "([^"]+)"/)?.[1] ?? "";
  const build = text.match(/BUILD = "([^"]+)"/)?.[1] ?? "";
  assert.ok(embedded && build, "this is what the file is made of");
  const middle = Math.floor(embedded.length / 8) * 4;
  const having = (/** @type {string} */ other) => text.replace(embedded, other);
  return {
    half: having(embedded.slice(0, middle)),
    odd: having(embedded.slice(0, middle + 1)),
    letter: having(
      embedded.slice(0, middle) +
        (embedded[middle] === "A" ? "B" : "A") +
        embedded.slice(middle + 1),
    ),
    base64: having(
      embedded.slice(0, middle) + "?" + embedded.slice(middle + 1),
    ),
    other: having(gzipSync(smallest).toString("base64")),
    build: text.replace(`BUILD = "${build}"`, 'BUILD = "another"'),
  };
}

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
  serve("/other.wasm", { type: "application/wasm", body: smallest });
  const main = await readFile(new URL("../dist/index.mjs", import.meta.url));
  for (const [name, body] of Object.entries(breakages(String(main)))) {
    serve(`/broken/${name}.mjs`, { type: "text/javascript", body });
    serve(`/broken/${name}`, html(script(`/broken/${name}.mjs`)));
  }
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

/**
 * What the page has asked the server for, by its own account.
 *
 * @param {import("puppeteer-core").Page} page
 */
function requests(page) {
  return page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => name),
  );
}

for (const path of ["/embedded", "/allowed"])
  test(`${path} needs no load, no address, and makes no request`, () =>
    onPage(path, async ({ page, noise }) => {
      const before = await requests(page);
      await connects(page);
      assert.deepEqual((await requests(page)).slice(before.length), []);
      assert.deepEqual(noise, []);
    }));

test("what newer engines unpack and compile it with may be missing", () =>
  onPage("/embedded", async ({ page, noise }) => {
    await page.evaluate(() => {
      delete (/** @type {any} */ (Uint8Array).fromBase64);
      delete (/** @type {any} */ (WebAssembly).compileStreaming);
    });
    await connects(page);
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

/**
 * Sees to it that the console was told, once, and that nothing went uncaught.
 *
 * @param {string[]} noise
 * @param {string} message
 */
function assertTold(noise, message) {
  const told = noise.filter((line) => line.includes("bsock-wasm: "));
  assert.deepEqual(told, [`console.error: bsock-wasm: ${message}`]);
  assert.ok(!noise.some((line) => line.startsWith("uncaught")), String(noise));
}

/** @type {[what: string, source: string, reason: RegExp][]} */
const refused = [
  ["a URL that is not there", "'/missing.wasm'", /404/],
  ["a page in place of the module", "'/html.wasm'", /HTML|html/],
  ["an empty file", "'/empty.wasm'", /empty\.wasm.* may be damaged/],
  ["half the module", "'/short.wasm'", /short\.wasm.* may be damaged/],
  ["junk", "'/junk.wasm'", /junk\.wasm.* may be damaged/],
  ["another module", "'/other.wasm'", /does not belong to this version/],
  ["bytes that are none", "new Uint8Array([1, 2, 3, 4])", /no WebAssembly/],
  ["a number", "5", /takes a URL, a Response, bytes or a WebAssembly.Module/],
  ["nothing", "undefined", /must be given a URL, a Response, bytes or a/],
  ["no server", "'http://127.0.0.1:1/bsock.wasm'", /could not be fetched/],
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
      assertTold(noise, outcome.told);
      await page.evaluate(() => lib.load({ wasm: "/dist/bsock.wasm" }));
      await connects(page);
    }));

/** @type {[what: string, path: string, source: string, reason: RegExp][]} */
const unloadable = [
  ["half of the embedded module", "/broken/half", "", /damaged.*install/],
  ["an embedded module cut at a letter", "/broken/odd", "", /damaged.*install/],
  ["a letter of it changed", "/broken/letter", "", /damaged.*install/],
  ["what is no base64", "/broken/base64", "", /damaged.*install/],
  ["another module in its place", "/broken/other", "", /does not belong/],
  ["a module of another build", "/broken/build", "", /does not belong/],
  ["a policy that forbids it", "/strict", "", /add 'wasm-unsafe-eval'/],
  ["no WebAssembly", "/embedded", "delete globalThis.WebAssembly", /Lockdown/],
  [
    "an old browser",
    "/embedded",
    "delete globalThis.DecompressionStream",
    /use bsock-wasm\/external/,
  ],
  [
    "a load that nobody calls",
    "/external",
    // Ten seconds are short here.
    `globalThis.setTimeout = ((real) => (f, ms) =>
       real(f, ms === 10_000 ? 10 : ms))(setTimeout)`,
    /load\(\{ wasm \}\) was not called/,
  ],
];

for (const [what, path, source, reason] of unloadable)
  test(`${what}: the console and the store are told, and the rest works`, () =>
    onPage(path, async ({ page, noise }) => {
      const told = await page.evaluate(`(async () => {
        ${source};
        const attempt = () => app.connect(where).then(() => "resolved", (e) => e);
        const first = await attempt();
        const second = await attempt();
        app.dispatch({ type: "OTHER" });
        const errors = app.seen("SOCKET_ERROR").map(({ payload }) => payload);
        return {
          message: first.message,
          announced: errors[0] === first && errors[1] === second,
          errors: errors.length,
          others: app.store.getState().OTHER,
        };
      })()`);
      const { message, ...rest } = /** @type {any} */ (told);
      assert.match(message, reason);
      assert.deepEqual(rest, { announced: true, errors: 2, others: 1 });
      // Once, although it was tried twice.
      assertTold(noise, message);
    }));

test("load may be given nothing, and says what it wants", () =>
  onPage("/external", async ({ page }) => {
    const messages = await page.evaluate(() => {
      const given = [undefined, null, {}, "/dist/bsock.wasm", 5];
      const attempts = given.map((options) => lib.load(options));
      return Promise.all(attempts.map((a) => a.then(String, (e) => e.message)));
    });
    for (const message of messages) assert.match(message, /load\(\{ wasm \}\)/);
  }));

test("load twice is load once", () =>
  onPage("/external", async ({ page }) => {
    await page.evaluate(async () => {
      const wasm = "/dist/bsock.wasm";
      await Promise.all([lib.load({ wasm }), lib.load({ wasm })]);
    });
    const made = await requests(page);
    assert.equal(made.filter((url) => url.endsWith(".wasm")).length, 1);
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
