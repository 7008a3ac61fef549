// @ts-check
//
// Copies of the package on one page, one of them of another build, beside a Go
// program of somebody else's: none disturbs another.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { closePage, openPage } from "./browser.mjs";
import { Stand } from "./bundlers/stand.mjs";
import { page } from "./bundlers/workshop.mjs";

const run = promisify(execFile);
const stand = new Stand();

before(async () => {
  await stand.open();
  await stand.workshop.serve(stand.site, "/app", "app", {});
  const { replies } = stand.site;
  replies.set("/other/main.wasm", {
    type: "application/wasm",
    body: await compileOther(),
  });
  replies.set("/other/wasm_exec.js", {
    type: "text/javascript",
    body: await readFile(await stockScript(), "utf8"),
  });
  serveOlder();
  const classic = ["/other/wasm_exec.js", "/package/index.js"];
  const body = page(classic, "classic") + page("/app/copies.js", "module");
  stand.serve("/copies", body, {});
});
after(() => stand.close());

// Another build differs by its id, which stands in the script and the module.
function serveOlder() {
  const { replies } = stand.site;
  for (const name of ["external.mjs", "bsock.wasm"]) {
    const reply = /** @type {import("./site.mjs").Reply} */ (
      replies.get(`/package/${name}`)
    );
    const text = Buffer.from(reply.body).toString("latin1");
    assert.ok(text.includes(build()), `${name} has the id of its build`);
    const body = Buffer.from(
      text.replaceAll(build(), "0".repeat(16)),
      "latin1",
    );
    replies.set(`/older/${name}`, { ...reply, body });
  }
}

/** The id of the build, from the first line of its script. */
function build() {
  const script = String(stand.site.replies.get("/package/external.mjs")?.body);
  return String(/build ([0-9a-f]{16})/.exec(script)?.[1]);
}

async function compileOther() {
  const main = fileURLToPath(
    new URL("bundlers/testdata/other/main.go", import.meta.url),
  );
  const out = join(stand.workshop.folder, "other.wasm");
  const env = { ...process.env, GOOS: "js", GOARCH: "wasm" };
  await run("go", ["build", "-o", out, main], { env });
  return readFile(out);
}

async function stockScript() {
  const { stdout } = await run("go", ["env", "GOROOT"]);
  return join(stdout.trim(), "lib", "wasm", "wasm_exec.js");
}

/**
 * The types of what each copy's store was told, but for what only says how its
 * socket stands.
 *
 * @param {import("puppeteer-core").Page} page
 * @returns {Promise<string[][]>}
 */
function told(page) {
  return page.evaluate(() =>
    /** @type {any} */ (globalThis).copies.apps.map(({ log }) =>
      log
        .map((action) => action.type)
        .filter((type) => !/^SOCKET_(STATUS|CONNECTING)$/.test(type)),
    ),
  );
}

test("copies, another build and another Go program share a page", async () => {
  const open = await openPage(stand.browser, stand.site.url("/copies"));
  const seesAll = (last) =>
    globalThis.copies?.apps.every(({ log }) =>
      log.some(({ type }) => type === last),
    );
  await open.page.waitForFunction(seesAll, {}, "BLOCK");
  const each = ["SOCKET_CONNECTED", "BLOCK"];
  assert.deepEqual(await told(open.page), [each, each, each, each]);
  assert.equal(stand.server.sockets.length, 4, "each has its own socket");

  const answers = await open.page.evaluate(async () => {
    const { apps } = /** @type {any} */ (globalThis).copies;
    const [first, ...others] = apps;
    await first.dispatch({ type: "DISCONNECT_SOCKET", bsock: {} });
    const bsock = { type: "echo", message: "", data: 7, acknowledge() {} };
    const emit = { type: "EMIT_SOCKET", bsock };
    return Promise.all(others.map(({ dispatch }) => dispatch(emit)));
  });
  assert.deepEqual(answers, [7, 7, 7]);
  assert.deepEqual(await told(open.page), [
    [...each, "SOCKET_DISCONNECTED"],
    each,
    each,
    each,
  ]);

  const other = await open.page.evaluate(() => {
    const page = /** @type {any} */ (globalThis);
    const { touched, mismatch } = page.copies;
    return { sum: page.add(20, 22), touched, mismatch };
  });
  assert.deepEqual(other, {
    sum: 42,
    touched: [],
    mismatch: "BUILD_MISMATCH",
  });
  assert.equal(open.noise.length, 1, "the mismatch is told, and nothing else");
  assert.match(open.noise[0], /does not belong to this version/);
  await closePage(open);
});
