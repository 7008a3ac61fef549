// @ts-check
//
// The package without a bundler: its own files in a page, under a policy that
// allows no more than it must, and under one that refuses WebAssembly.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Stand } from "./bundlers/stand.mjs";
import { page, refusing, strictest } from "./bundlers/workshop.mjs";

const stand = new Stand();
const script = page(["/package/index.js", "/app/script.js"], "classic");
const module = page("/app/module.js", "module");

before(async () => {
  await stand.open();
  await stand.workshop.serve(stand.site, "/app", "app", {});
  stand.serve("/script", script, strictest);
  stand.serve("/module", module, strictest);
  stand.serve("/buffer", page("/app/buffer.js", "classic") + module, strictest);
  stand.serve("/refused-script", script, refusing);
  stand.serve("/refused-module", module, refusing);
});
afterEach(() => stand.reset());
after(() => stand.close());

test("a plain <script> connects, and gets its bytes", () =>
  stand.drive(stand.site.url("/script"), {
    globals: ["app", "bsockMiddleware"],
  }));

test('a plain <script type="module"> connects, and gets its bytes', () =>
  stand.drive(stand.site.url("/module")));

test("a page that has a Buffer gets its bytes as that", () =>
  stand.drive(stand.site.url("/buffer"), {
    kind: "PageBuffer",
    globals: ["Buffer", "app"],
  }));

for (const kind of ["script", "module"])
  test(`a policy that refuses WebAssembly is named, with the remedy, to a ${kind}`, async () => {
    const seen = await stand.driveIntoError(stand.site.url(`/refused-${kind}`));
    assert.deepEqual(seen.types, ["SOCKET_ERROR"]);
    assert.equal(seen.code, "CSP_BLOCKED");
    assert.match(
      String(seen.message),
      /add 'wasm-unsafe-eval' to its script-src/,
    );
  });
