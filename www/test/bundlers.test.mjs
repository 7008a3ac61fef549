// @ts-check
//
// The package in the hands of each bundler: what is built is served, under a
// policy that allows the least that can be, and driven to SOCKET_CONNECTED and
// one binary event each way.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Stand } from "./bundlers/stand.mjs";
import { page, strictest } from "./bundlers/workshop.mjs";
import { Program } from "./process.mjs";

const stand = new Stand();

before(async () => {
  await stand.open();
  const wasm = stand.site.replies.get("/package/bsock.wasm");
  stand.site.replies.set("/bsock.wasm", /** @type {any} */ (wasm));
});
afterEach(() => stand.reset());
after(() => stand.close());

/**
 * A bundler, what it builds, and what its output is loaded as. Only webpack 4
 * has a Buffer for everybody who names one, and webpack 5 where it is told to
 * ("provided"); required.js has one of its own, and prefers that. rollup and
 * vite take CommonJS from packages alone.
 *
 * @type {{name: string, entries: string[], kind: "module" | "classic", binary?: string}[]}
 */
const bundlers = [
  {
    name: "webpack4",
    entries: ["embedded", "external", "required"],
    kind: "classic",
    binary: "Buffer",
  },
  {
    name: "webpack5",
    entries: ["embedded", "external", "located", "required"],
    kind: "classic",
  },
  {
    name: "provided",
    entries: ["embedded"],
    kind: "classic",
    binary: "Buffer",
  },
  {
    name: "vite",
    entries: ["embedded", "external", "located"],
    kind: "module",
  },
  {
    name: "esbuild",
    entries: ["embedded", "external", "required"],
    kind: "module",
  },
  { name: "rollup", entries: ["embedded", "external"], kind: "module" },
];

for (const { name, entries, kind, binary } of bundlers)
  describe(name, () => {
    before(async () => {
      await stand.workshop.build(name);
      for (const entry of entries)
        stand.serve(
          `/${name}/${entry}.html`,
          page(`/${name}/${entry}.js`, kind),
          strictest,
        );
      // vite has written pages of its own.
      await stand.workshop.serve(stand.site, `/${name}`, name, strictest);
    });

    for (const entry of entries)
      test(`${entry}.js connects, and gets its bytes`, () =>
        stand.drive(stand.site.url(`/${name}/${entry}.html`), {
          kind: entry === "required" ? "OwnBuffer" : binary,
        }));

    if (binary === undefined)
      test("no Buffer is added to the page", async () => {
        const scripts = [...stand.site.replies]
          .filter(([path]) => path.startsWith(`/${name}/`))
          .map(([, { body }]) => String(body));
        assert.ok(scripts.some((text) => text.includes("CONNECT_SOCKET")));
        for (const text of scripts) assert.doesNotMatch(text, /_isBuffer/);
      });
  });

describe("vite's own server", () => {
  /** @type {Program} */
  let vite;
  let url = "";

  before(async () => {
    const script = fileURLToPath(
      new URL("bundlers/vite-dev.mjs", import.meta.url),
    );
    vite = new Program("node", [script, stand.workshop.folder]);
    url = await vite.line("where it listens", (line) =>
      /^\d+$/.test(line) ? `http://127.0.0.1:${line}` : undefined,
    );
  });
  after(() => vite?.stop());

  for (const entry of ["embedded", "external"])
    test(`${entry}.js connects, and gets its bytes`, () =>
      stand.drive(`${url}/${entry}.html?${stand.server.url.port}`));
});
